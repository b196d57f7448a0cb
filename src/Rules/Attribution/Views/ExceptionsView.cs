using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <inheritdoc cref="AttributionView.Exceptions"/>
internal sealed class ExceptionsView(ReconciliationScope scope) : ViewFold
{
    public const string MissingCampaign = "missing_campaign";
    public const string Template = "utm_template";
    public const string Double = "double_conversion";

    /// <summary>A share that is so much another has a cause.</summary>
    private const decimal DriftMin = 0.2m;

    private static readonly TimeSpan s_sameDay = TimeSpan.FromDays(1);

    private readonly ReconciliationCases _cases = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string, long, string), List<(DateTimeOffset At, string Id)>> _alike = [];
    private readonly SortedDictionary<(string Currency, string Channel), (long Before, long Now)> _shares = [];
    private readonly Dictionary<string, AttributionViews.People> _people = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _before = scope.From - (scope.To - scope.From);

    public override void Take(ConversionFile file, ConversionDefinition definition)
    {
        if (file.Current is not { Credit: { Standing: { Counts: true } standing } credit })
        {
            return;
        }

        bool isNow = scope.Has(standing.ConvertedAt);
        if (!isNow && (standing.ConvertedAt < _before || standing.ConvertedAt >= scope.To))
        {
            return;
        }

        Share(credit, isNow);
        if (!isNow)
        {
            return;
        }

        foreach (string reason in ReasonsOf(file, credit).Distinct(StringComparer.Ordinal))
        {
            Note(file, reason);
        }

        if (IsDouble(file, standing))
        {
            Note(file, Double);
        }
    }

    public override ViewReport Report() =>
        new(
            [.. _counts.Select(one => new ViewRow(one.Key, null, [new("conversions", Count(one.Value))])), .. Drifts()],
            _cases.Report()
        );

    private static IEnumerable<string> ReasonsOf(ConversionFile file, ConversionCredit credit)
    {
        foreach (JourneyTouch touch in credit.Touches.Select(one => one.Touch).OfType<JourneyTouch>())
        {
            if (touch.Evidence == TouchEvidence.ClickId && touch.Source.Campaign is null)
            {
                yield return MissingCampaign;
            }

            if (touch.Faults.HasFlag(CampaignFaults.Template))
            {
                yield return Template;
            }
        }

        CreditResidual residual = credit.Standing.Money is null
            ? credit.Standing.Fault
            : ConversionFileRules.RowOf(file).Residual;
        if (residual != CreditResidual.None)
        {
            yield return CreditResiduals.WordOf(residual);
        }

        if (credit.Standing.UnreadRefunds > 0)
        {
            yield return ReconciliationCase.RefundNotRead;
        }
    }

    private void Note(ConversionFile file, string reason)
    {
        ConversionStanding standing = file.Current!.Credit.Standing;
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
        _cases.Add(
            new ReconciliationCase(
                file.Id,
                file.ExternalId,
                reason,
                standing.Money?.Minor ?? 0,
                standing.Money?.Currency
            )
        );
    }

    /// <summary>The same people, the same amount, within a day, under another id: an order that was sent twice by two systems.</summary>
    private bool IsDouble(ConversionFile file, ConversionStanding standing)
    {
        if (standing.Money is not { Minor: > 0 } money || file.People.IsEmpty)
        {
            return false;
        }

        (string, string, long, string) key = (file.Definition, file.People[0], money.Minor, money.Currency);
        if (!_alike.TryGetValue(key, out List<(DateTimeOffset At, string Id)>? alike))
        {
            _alike[key] = alike = [];
        }

        bool isDouble = alike.Any(other => (other.At - standing.ConvertedAt).Duration() < s_sameDay);
        alike.Add((standing.ConvertedAt, file.Id));
        return isDouble;
    }

    private void Share(ConversionCredit credit, bool isNow)
    {
        if (
            credit.Standing.Money is not { } money
            || credit.Models.FirstOrDefault(one => one.Model == scope.Model) is not { } model
        )
        {
            return;
        }

        foreach (CreditPart part in model.Parts)
        {
            if (
                part is not { Residual: CreditResidual.None, Touch: { } index }
                || credit.Touches[index].Touch is not { } touch
            )
            {
                continue;
            }

            (long before, long now) = _shares.GetValueOrDefault((money.Currency, touch.Channel));
            _shares[(money.Currency, touch.Channel)] = isNow ? (before, now + part.Minor) : (before + part.Minor, now);
            if (!_people.TryGetValue(touch.Channel, out AttributionViews.People? people))
            {
                _people[touch.Channel] = people = new AttributionViews.People();
            }

            people.Meet(credit.Touches[index].CustomerId);
        }
    }

    private IEnumerable<ViewRow> Drifts()
    {
        foreach (var currency in _shares.GroupBy(one => one.Key.Currency, StringComparer.Ordinal))
        {
            decimal before = currency.Sum(one => one.Value.Before);
            decimal now = currency.Sum(one => one.Value.Now);
            if (before <= 0 || now <= 0)
            {
                // Of nothing there is no share.
                continue;
            }

            foreach (((_, string channel), (long then, long since)) in currency)
            {
                if (Math.Abs((then / before) - (since / now)) >= DriftMin)
                {
                    yield return new ViewRow(
                        $"drift: {channel}",
                        currency.Key,
                        [new("shareBefore", Rate(then, before)), new("share", Rate(since, now))]
                    )
                    {
                        IsFew = _people[channel].AreFew,
                    };
                }
            }
        }
    }
}
