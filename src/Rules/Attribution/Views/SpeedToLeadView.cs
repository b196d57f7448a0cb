using System.Globalization;
using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Attribution;

/// <inheritdoc cref="AttributionView.SpeedToLead"/>
internal sealed class SpeedToLeadView(ReconciliationScope scope) : ViewFold
{
    private const string All = "all";
    private const string None = "(none)";

    private readonly SortedDictionary<(string Kind, string Name), Waits> _waits = [];

    public override ViewSources Sources => ViewSources.Leads;

    public override void Take(LeadFile lead)
    {
        if (lead.IsErased || lead.Lead.DuplicateOf is not null || !scope.Has(lead.Lead.CreatedAt))
        {
            return;
        }

        var times = LeadTimes.Of(lead);
        foreach ((string Kind, string Name) key in KeysOf(lead))
        {
            if (!_waits.TryGetValue(key, out Waits? waits))
            {
                _waits[key] = waits = new Waits();
            }

            waits.Take(lead, times);
        }
    }

    public override ViewReport Report() =>
        new(
            [
                .. _waits.Select(one => new ViewRow(
                    one.Key.Kind == All ? All : $"{one.Key.Kind}: {one.Key.Name}",
                    null,
                    [.. one.Value.Values()]
                )
                {
                    IsFew = one.Value.People.AreFew,
                    IsOfSales = one.Key.Kind is "owner" or "pool",
                }),
            ],
            []
        );

    private static IEnumerable<(string Kind, string Name)> KeysOf(LeadFile lead)
    {
        yield return (All, "");
        yield return ("owner", lead.Lead.OwnerId ?? lead.Lead.Present?.PersonId ?? None);
        yield return ("pool", StoredDecision.Of(lead)?.Pool ?? None);
        yield return (
            "source",
            LeadFileRules.KnownOf(lead)?["source"] is { Kind: FactKind.Text } source ? source.Text : None
        );
    }

    private sealed class Waits
    {
        private readonly List<TimeSpan> _fromBegin = [];
        private readonly List<TimeSpan> _fromHandoff = [];
        private long _leads;

        public AttributionViews.People People { get; } = new();

        public void Take(LeadFile lead, LeadTimes times)
        {
            _leads++;
            People.Meet(lead.CustomerId);
            if (times.TouchedAt is { } touched)
            {
                _fromBegin.Add(Between(lead.Lead.CreatedAt, touched));
                if (times.HandedAt is { } handed)
                {
                    _fromHandoff.Add(Between(handed, touched));
                }
            }
        }

        public IEnumerable<KeyValuePair<string, string>> Values()
        {
            yield return new("leads", Count(_leads));
            yield return new("touched", Count(_fromBegin.Count));
            yield return new("waiting", Count(_leads - _fromBegin.Count));
            foreach ((string name, string value) in Times("", _fromBegin).Concat(Times("FromHandoff", _fromHandoff)))
            {
                yield return new(name, value);
            }
        }

        private static IEnumerable<KeyValuePair<string, string>> Times(string of, List<TimeSpan> waits)
        {
            if (waits.Count > 0)
            {
                waits.Sort();
                yield return new($"medianMinutes{of}", Minutes(Median(waits)));
                yield return new($"p90Minutes{of}", Minutes(waits[(((waits.Count * 9) + 9) / 10) - 1]));
            }
        }

        private static TimeSpan Median(List<TimeSpan> sorted) =>
            (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;

        /// <summary>What a person said of before counts as at once: a stage may be said of last week.</summary>
        private static TimeSpan Between(DateTimeOffset from, DateTimeOffset to) =>
            to > from ? to - from : TimeSpan.Zero;

        private static string Minutes(TimeSpan time) =>
            ((decimal)time.TotalMinutes).ToString("0.0", CultureInfo.InvariantCulture);
    }
}
