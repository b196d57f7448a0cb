namespace Customer360.Rules.Attribution;

/// <inheritdoc cref="AttributionView.Content"/>
internal sealed class ContentView(ReconciliationScope scope) : ViewFold
{
    private const int PagesShown = 1_000;

    /// <summary>Beyond, a page that was not seen before counts as this one: addresses may be as many as visits.</summary>
    private const int PagesMax = 50_000;

    private const string Others = "(others)";

    private readonly Dictionary<(string Page, string Currency), Sums> _sums = [];

    public override void Take(ConversionFile file, ConversionDefinition definition)
    {
        if (
            file.Current is not { Credit: { Standing: { Counts: true, Money: { } money } standing } credit }
            || !scope.Has(standing.ConvertedAt)
        )
        {
            return;
        }

        string? last = credit.Touches.LastOrDefault(touch => touch.Touch is not null)?.Touch!.Page;
        foreach (
            var page in credit
                .Touches.Where(touch => touch.Touch?.Page is not null)
                .GroupBy(touch => touch.Touch!.Page!, StringComparer.Ordinal)
        )
        {
            Sums sums = SumsOf(page.Key, money.Currency);
            sums.Conversions++;
            sums.Assisted += page.Key == last ? 0 : 1;
            foreach (CreditedTouch touch in page)
            {
                sums.People.Meet(touch.CustomerId);
            }
        }

        foreach (CreditPart part in credit.Models.FirstOrDefault(one => one.Model == scope.Model)?.Parts ?? [])
        {
            if (
                part is { Residual: CreditResidual.None, Touch: { } index }
                && credit.Touches[index].Touch?.Page is { } page
            )
            {
                SumsOf(page, money.Currency).Credit += part.Minor;
            }
        }
    }

    public override ViewReport Report() =>
        new(
            [
                .. _sums
                    .OrderByDescending(one => one.Value.Credit)
                    .ThenBy(one => one.Key.Page, StringComparer.Ordinal)
                    .ThenBy(one => one.Key.Currency, StringComparer.Ordinal)
                    .Take(PagesShown)
                    .Select(one => new ViewRow(
                        one.Key.Page,
                        one.Key.Currency,
                        [
                            new("credit", AmountText.Of(one.Value.Credit, one.Key.Currency)),
                            new("conversions", Count(one.Value.Conversions)),
                            new("assisted", Count(one.Value.Assisted)),
                        ]
                    )
                    {
                        IsFew = one.Value.People.AreFew,
                    }),
            ],
            []
        );

    private Sums SumsOf(string page, string currency)
    {
        (string, string) key =
            _sums.Count >= PagesMax && !_sums.ContainsKey((page, currency)) ? (Others, currency) : (page, currency);
        if (!_sums.TryGetValue(key, out Sums? sums))
        {
            _sums[key] = sums = new Sums();
        }

        return sums;
    }

    private sealed class Sums
    {
        public long Credit { get; set; }

        public long Conversions { get; set; }

        public long Assisted { get; set; }

        public AttributionViews.People People { get; } = new();
    }
}
