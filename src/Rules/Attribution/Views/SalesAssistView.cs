using Customer360.Rules.Leads;

namespace Customer360.Rules.Attribution;

/// <inheritdoc cref="AttributionView.SalesAssist"/>
internal sealed class SalesAssistView(ReconciliationScope scope) : ViewFold
{
    private readonly Dictionary<string, List<SalesAct>> _acts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Sums> _all = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Owner, string Currency), Sums> _owners = [];

    public override ViewSources Sources => ViewSources.Leads | ViewSources.Conversions;

    public override void Take(LeadFile lead)
    {
        SalesAct[] acts = [.. SalesAct.Of(lead)];
        if (lead.IsErased || acts.Length == 0)
        {
            return;
        }

        if (!_acts.TryGetValue(lead.CustomerId, out List<SalesAct>? known))
        {
            _acts[lead.CustomerId] = known = [];
        }

        known.AddRange(acts);
    }

    public override void Take(ConversionFile file, ConversionDefinition definition)
    {
        if (
            !definition.IsOfDeals
            || file.Current is not { Credit: { Standing: { Counts: true, Money: { } money } standing } credit }
            || !scope.Has(standing.ConvertedAt)
        )
        {
            return;
        }

        DateTimeOffset begun = credit.Touches.IsEmpty
            ? standing.OpenedAt ?? standing.ConvertedAt
            : credit.Touches.Min(touch => touch.At);
        SalesAct[] acts =
        [
            .. file
                .People.SelectMany(person => _acts.GetValueOrDefault(person, []))
                .Where(act => act.At >= begun && act.At <= standing.ConvertedAt),
        ];
        Sums all = SumsOf(_all, money.Currency);
        all.Deals++;
        all.Won += money.Minor;
        Meet(all, file);
        if (acts.Length == 0)
        {
            return;
        }

        all.Assisted++;
        all.WonAssisted += money.Minor;
        foreach (string owner in acts.Select(act => act.By).Distinct(StringComparer.Ordinal))
        {
            Sums own = SumsOf(_owners, (owner, money.Currency));
            own.Assisted++;
            own.WonAssisted += money.Minor;
            Meet(own, file);
        }
    }

    public override ViewReport Report() =>
        new(
            [
                .. _all.Select(one => new ViewRow(
                    "all",
                    one.Key,
                    [
                        new("deals", Count(one.Value.Deals)),
                        new("assisted", Count(one.Value.Assisted)),
                        new("won", AmountText.Of(one.Value.Won, one.Key)),
                        new("wonAssisted", AmountText.Of(one.Value.WonAssisted, one.Key)),
                        new("influence", Rate(one.Value.WonAssisted, one.Value.Won)),
                    ]
                )
                {
                    IsFew = one.Value.People.AreFew,
                }),
                .. _owners.Select(one => new ViewRow(
                    $"owner: {one.Key.Owner}",
                    one.Key.Currency,
                    [
                        new("assisted", Count(one.Value.Assisted)),
                        new("wonAssisted", AmountText.Of(one.Value.WonAssisted, one.Key.Currency)),
                        new("influence", Rate(one.Value.WonAssisted, _all[one.Key.Currency].Won)),
                    ]
                )
                {
                    IsFew = one.Value.People.AreFew,
                    IsOfSales = true,
                }),
            ],
            []
        );

    private static void Meet(Sums sums, ConversionFile file)
    {
        foreach (string person in file.People)
        {
            sums.People.Meet(person);
        }
    }

    private static Sums SumsOf<TKey>(SortedDictionary<TKey, Sums> all, TKey key)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out Sums? sums))
        {
            all[key] = sums = new Sums();
        }

        return sums;
    }

    private sealed class Sums
    {
        public long Deals { get; set; }

        public long Assisted { get; set; }

        public long Won { get; set; }

        public long WonAssisted { get; set; }

        public AttributionViews.People People { get; } = new();
    }
}
