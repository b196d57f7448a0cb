using System.Collections.Immutable;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;

namespace Customer360.Rules.Attribution;

/// <summary>What is known of whoever takes part in a conversion.</summary>
/// <param name="Touches">All that were found, of all people, in any order.</param>
public sealed record JourneyKnown(ImmutableArray<PersonTouch> Touches)
{
    /// <summary>A deal that names no account.</summary>
    public bool LacksAccount { get; init; }

    /// <summary>Nobody who takes part is known.</summary>
    public bool LacksPeople { get; init; }

    /// <summary>Somebody who took part was forgotten.</summary>
    public bool HasErased { get; init; }

    /// <summary>There was a touch before the look-back.</summary>
    public bool HasOlder { get; init; }

    public DateTimeOffset? LeadAt { get; init; }
}

/// <summary>A touch of somebody.</summary>
/// <param name="CustomerId">Whose it is now.</param>
/// <param name="MayBeUsed">She has consented to the purpose. Of what may not be used nothing but the time is looked at.</param>
public sealed record PersonTouch(string CustomerId, JourneyTouch Touch, bool MayBeUsed);

/// <summary>A touch that a conversion's credit is about.</summary>
/// <param name="Touch">Null: it may not be used.</param>
/// <param name="CustomerId">Whose it was when it was credited.</param>
public sealed record CreditedTouch(DateTimeOffset At, LogPlace Place, JourneyTouch? Touch, string CustomerId);

/// <summary>What a touch, or a residual, has of a conversion.</summary>
/// <param name="Touch">The touch's place in the journey; null: all of it is the residual's.</param>
/// <param name="Residual">None: the touch's channel has it.</param>
/// <param name="Minor">Whole minor units of the conversion's currency.</param>
/// <param name="ReportingMinor">The same of the reporting currency; null: there is no rate.</param>
public readonly record struct CreditPart(int? Touch, CreditResidual Residual, long Minor, long? ReportingMinor);

/// <summary>What one model makes of a conversion. The parts add up to what it is worth.</summary>
public sealed record ModelCredit(AttributionModel Model, ImmutableArray<CreditPart> Parts)
{
    public bool Equals(ModelCredit? other) =>
        other is not null && Model == other.Model && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Model, Parts.Length);
}

/// <summary>A conversion's credit, by each model that one journey decides.</summary>
/// <param name="Touches">The journey, in order.</param>
/// <param name="LeftOut">Touches of the journey that are too many to be kept.</param>
/// <param name="Models">Empty where nothing is credited.</param>
public sealed record ConversionCredit(
    ConversionStanding Standing,
    long? ReportingMinor,
    ImmutableArray<CreditedTouch> Touches,
    int LeftOut,
    ImmutableArray<ModelCredit> Models
);

/// <summary>Credits conversions. Pure: of the same journeys the same cents.</summary>
public static class CreditRules
{
    /// <summary>What models see of a touch that may not be used, in the place of its channel.</summary>
    public const string Withheld = "(no consent)";

    public static ConversionCredit Credit(
        AttributionPolicy policy,
        ConversionDefinition definition,
        ConversionStanding standing,
        JourneyKnown known
    )
    {
        if (!standing.Counts && !standing.IsLost)
        {
            return new ConversionCredit(standing, null, [], 0, []);
        }

        PersonTouch[] window =
        [
            .. known
                .Touches.Where(one =>
                    one.Touch.At <= standing.ConvertedAt && one.Touch.At >= standing.ConvertedAt - definition.LookBack
                )
                .DistinctBy(one => one.Touch.Place)
                .OrderBy(one => one.Touch.At)
                .ThenBy(one => one.Touch.Place.Partition)
                .ThenBy(one => one.Touch.Place.Position),
        ];
        PersonTouch[] counted = [.. window.Where(one => !one.MayBeUsed || !one.Touch.IsExcluded)];
        int leftOut = Math.Max(0, counted.Length - AttributionPolicy.TouchesMax);
        ImmutableArray<CreditedTouch> touches =
        [
            .. counted
                .Where((_, index) => index == 0 || index > leftOut)
                .Select(one => new CreditedTouch(
                    one.Touch.At,
                    one.Touch.Place,
                    one.MayBeUsed ? one.Touch : null,
                    one.CustomerId
                )),
        ];
        if (standing.Money is not { } money)
        {
            return new ConversionCredit(standing, null, touches, leftOut, []);
        }

        long? reporting = policy.Rates.Convert(money, standing.ConvertedAt);
        ImmutableArray<ModelCredit> models = touches.IsEmpty
            ? All(ResidualOf(known, window, standing.ConvertedAt - definition.LookBack), money, reporting)
            : Divide(policy, standing, known, touches, money, reporting);
        return new ConversionCredit(standing, reporting, touches, leftOut, models);
    }

    private static CreditResidual ResidualOf(JourneyKnown known, PersonTouch[] window, DateTimeOffset from) =>
        known.HasErased ? CreditResidual.Erased
        : known.LacksAccount && known.LacksPeople ? CreditResidual.NoAccountMatch
        : known.LacksPeople ? CreditResidual.NoPeople
        : window.Length > 0 ? CreditResidual.ExcludedTouchesOnly
        : known.HasOlder || known.Touches.Any(one => one.Touch.At < from) ? CreditResidual.OutsideLookback
        : CreditResidual.NoTouchEver;

    /// <summary>All of the amount is a residual, under each model.</summary>
    public static ImmutableArray<ModelCredit> All(CreditResidual residual, MoneyValue money, long? reporting) =>
        [
            .. AttributionModels.OfOneJourney.Select(model => new ModelCredit(
                model,
                [new CreditPart(null, residual, money.Minor, reporting)]
            )),
        ];

    private static ImmutableArray<ModelCredit> Divide(
        AttributionPolicy policy,
        ConversionStanding standing,
        JourneyKnown known,
        ImmutableArray<CreditedTouch> touches,
        MoneyValue money,
        long? reporting
    )
    {
        ImmutableArray<int> steps = StepsOf(policy.Direct, touches);
        var journey = new Journey([.. steps.Select(index => StepOf(touches[index]))], standing.ConvertedAt)
        {
            LeadAt = known.LeadAt,
            OpportunityAt = standing.OpenedAt,
        };
        return
        [
            .. AttributionModels.OfOneJourney.Select(model => new ModelCredit(
                model,
                PartsOf(policy.Models.Weigh(model, journey), steps, touches, money.Minor, reporting)
            )),
        ];
    }

    /// <summary>The parts of the touches that have any.</summary>
    public static ImmutableArray<CreditPart> PartsOf(
        ImmutableArray<ulong> weights,
        ImmutableArray<int> steps,
        ImmutableArray<CreditedTouch> touches,
        long minor,
        long? reporting
    )
    {
        ImmutableArray<long> parts = LargestRemainder.Divide(minor, weights.AsSpan());
        ImmutableArray<long>? reported = reporting is { } whole
            ? LargestRemainder.Divide(whole, weights.AsSpan())
            : null;
        return
        [
            .. steps
                .Select(
                    (index, place) =>
                        new CreditPart(
                            index,
                            touches[index].Touch is null ? CreditResidual.NoConsent : CreditResidual.None,
                            parts[place],
                            reported?[place]
                        )
                )
                .Where(part => part.Minor != 0 || part.ReportingMinor is not (null or 0)),
        ];
    }

    /// <summary>The touches that models look at, by their places. Whoever is left out loses nothing to nobody: the others have it.</summary>
    public static ImmutableArray<int> StepsOf(DirectTouches direct, ImmutableArray<CreditedTouch> touches)
    {
        ImmutableArray<int> all = [.. Enumerable.Range(0, touches.Length)];
        ImmutableArray<int> others = [.. all.Where(index => touches[index].Touch is not { IsDirect: true })];
        return direct == DirectTouches.Keep || others.IsEmpty ? all
            : direct == DirectTouches.DropUnlessAll ? others
            : [.. all.Where(index => index <= others[^1])];
    }

    /// <summary>Of a touch that may not be used nothing is known but when it was.</summary>
    public static JourneyStep StepOf(CreditedTouch touch) =>
        touch.Touch is { } known
            ? new JourneyStep(known.At, known.Channel, known.IsDirect)
            : new JourneyStep(touch.At, Withheld, IsDirect: false);
}
