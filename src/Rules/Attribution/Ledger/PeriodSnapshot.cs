using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Decisions;

namespace Customer360.Rules.Attribution;

/// <summary>What one model made of a period.</summary>
public sealed record ModelSums(AttributionModel Model, ImmutableArray<CurrencyReconciliation> Currencies);

/// <summary>
/// The sums of a period as they stood when somebody froze it. Nothing changes them: what moves credit later is seen beside them.
/// </summary>
/// <param name="Id">As in <see cref="IdOf"/>.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Definition">Conversions of this definition; null: all that deals make.</param>
/// <param name="Models">All models, in their order.</param>
public sealed record PeriodSnapshot(
    string Id,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Definition,
    DateTimeOffset FrozenAt,
    string FrozenBy,
    string PolicyVersion,
    ImmutableArray<ModelSums> Models
)
{
    /// <summary>A period is frozen once: whoever asks again gets what was frozen.</summary>
    /// <returns><c>f_</c> and 32 hexadecimal digits.</returns>
    public static string IdOf(DateTimeOffset from, DateTimeOffset to, string? definition) =>
        "f_"
        + DecisionId.Of(
            "period",
            from.UtcTicks.ToString(CultureInfo.InvariantCulture),
            to.UtcTicks.ToString(CultureInfo.InvariantCulture),
            definition ?? ""
        )[2..];
}

/// <summary>An amount when it was frozen, and now.</summary>
/// <param name="Kind"><c>closedWon</c>, <c>refunded</c>, <c>channel</c> or <c>residual</c>.</param>
/// <param name="Name">The channel's or the residual's; empty of the others.</param>
public sealed record PeriodChange(
    AttributionModel Model,
    string Currency,
    string Kind,
    string Name,
    long FrozenMinor,
    long NowMinor
)
{
    public long Minor => NowMinor - FrozenMinor;
}

/// <summary>Compares a frozen period with what its credit is by now.</summary>
public static class PeriodComparison
{
    /// <summary>All amounts of either, by model, currency, kind and name.</summary>
    /// <param name="foldsFew">Channels that are of too few people in one of them are one line in both.</param>
    public static ImmutableArray<PeriodChange> Of(
        ImmutableArray<ModelSums> frozen,
        ImmutableArray<ModelSums> now,
        bool foldsFew
    )
    {
        HashSet<string> few =
        [
            .. frozen
                .Concat(now)
                .SelectMany(model => model.Currencies)
                .SelectMany(currency => currency.Channels)
                .Where(line => foldsFew && line.IsFew)
                .Select(line => line.Name),
        ];
        var sums = new Dictionary<Key, (long Frozen, long Now)>();
        foreach ((Key key, long minor) in frozen.SelectMany(model => LinesOf(model, few)))
        {
            (long before, long after) = sums.GetValueOrDefault(key);
            sums[key] = (before + minor, after);
        }

        foreach ((Key key, long minor) in now.SelectMany(model => LinesOf(model, few)))
        {
            (long before, long after) = sums.GetValueOrDefault(key);
            sums[key] = (before, after + minor);
        }

        return
        [
            .. sums.OrderBy(one => one.Key.Model)
                .ThenBy(one => one.Key.Currency, StringComparer.Ordinal)
                .ThenBy(one => one.Key.Kind, StringComparer.Ordinal)
                .ThenBy(one => one.Key.Name, StringComparer.Ordinal)
                .Select(one => new PeriodChange(
                    one.Key.Model,
                    one.Key.Currency,
                    one.Key.Kind,
                    one.Key.Name,
                    one.Value.Frozen,
                    one.Value.Now
                )),
        ];
    }

    private static IEnumerable<(Key Key, long Minor)> LinesOf(ModelSums model, HashSet<string> few) =>
        model.Currencies.SelectMany(one =>
            one.Channels.Select(line =>
                    (
                        new Key(
                            model.Model,
                            one.Currency,
                            "channel",
                            few.Contains(line.Name) ? ReconciliationLine.Few : line.Name
                        ),
                        line.Minor
                    )
                )
                .Concat(
                    one.Residuals.Select(line =>
                        (new Key(model.Model, one.Currency, "residual", line.Name), line.Minor)
                    )
                )
                .Append((new Key(model.Model, one.Currency, "closedWon", ""), one.ClosedWon))
                .Append((new Key(model.Model, one.Currency, "refunded", ""), one.Refunded))
        );

    private readonly record struct Key(AttributionModel Model, string Currency, string Kind, string Name);
}
