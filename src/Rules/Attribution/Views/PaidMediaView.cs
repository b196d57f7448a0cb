using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>What was paid for a channel.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day; the amount is spread evenly over them.</param>
/// <param name="Campaign">For people who read the file; null: it is of the channel as a whole.</param>
/// <param name="Minor">Whole minor units.</param>
public sealed record ChannelCost(
    DateOnly From,
    DateOnly To,
    string Channel,
    string? Campaign,
    long Minor,
    string Currency
)
{
    /// <summary>What falls on a period, rounded half to even.</summary>
    /// <param name="to">Exclusive.</param>
    public long Within(DateTimeOffset from, DateTimeOffset to)
    {
        int days = To.DayNumber - From.DayNumber + 1;
        int first = Math.Max(From.DayNumber, DateOnly.FromDateTime(from.UtcDateTime).DayNumber);
        int behind = Math.Min(To.DayNumber + 1, DateOnly.FromDateTime(to.UtcDateTime).DayNumber);
        return behind <= first ? 0 : (long)decimal.Round((decimal)Minor * (behind - first) / days);
    }
}

/// <inheritdoc cref="AttributionView.PaidMedia"/>
internal sealed class PaidMediaView : ViewFold
{
    private readonly ReconciliationScope _scope;
    private readonly SortedDictionary<(string Channel, string Currency), Sums> _sums = [];

    public PaidMediaView(ReconciliationScope scope, ImmutableArray<ChannelCost> costs)
    {
        _scope = scope;
        foreach (ChannelCost cost in costs)
        {
            if (cost.Within(scope.From, scope.To) is not 0 and var spend)
            {
                SumsOf(cost.Channel, cost.Currency).Spend += spend;
            }
        }
    }

    public override void Take(ConversionFile file, ConversionDefinition definition)
    {
        if (
            file.Current is not { Credit: { Standing: { Counts: true, Money: { } money } standing } credit }
            || !_scope.Has(standing.ConvertedAt)
            || credit.Models.FirstOrDefault(one => one.Model == _scope.Model) is not { } model
        )
        {
            return;
        }

        foreach (
            var channel in model
                .Parts.Where(part => part is { Residual: CreditResidual.None, Touch: not null })
                .Select(part => (part.Minor, Touch: credit.Touches[part.Touch!.Value]))
                .Where(one => one.Touch.Touch is not null)
                .GroupBy(one => one.Touch.Touch!.Channel, StringComparer.Ordinal)
        )
        {
            Sums sums = SumsOf(channel.Key, money.Currency);
            sums.Credit += channel.Sum(one => one.Minor);
            sums.Conversions++;
            foreach ((_, CreditedTouch touch) in channel)
            {
                sums.People.Meet(touch.CustomerId);
            }
        }
    }

    public override ViewReport Report() =>
        new(
            [
                .. _sums
                    .Where(one => one.Value.Spend != 0)
                    .Select(one => new ViewRow(
                        one.Key.Channel,
                        one.Key.Currency,
                        [
                            new("spend", AmountText.Of(one.Value.Spend, one.Key.Currency)),
                            new("credit", AmountText.Of(one.Value.Credit, one.Key.Currency)),
                            new("conversions", Count(one.Value.Conversions)),
                            new("return", Rate(one.Value.Credit, one.Value.Spend)),
                            .. one.Value.Conversions == 0
                                ? Array.Empty<KeyValuePair<string, string>>()
                                :
                                [
                                    new(
                                        "costPerConversion",
                                        AmountText.Of(
                                            (long)decimal.Round((decimal)one.Value.Spend / one.Value.Conversions),
                                            one.Key.Currency
                                        )
                                    ),
                                ],
                        ]
                    )
                    {
                        // What was spent is nobody's secret; what few people brought is.
                        IsFew = one.Value.Conversions > 0 && one.Value.People.AreFew,
                    }),
            ],
            []
        );

    private Sums SumsOf(string channel, string currency)
    {
        if (!_sums.TryGetValue((channel, currency), out Sums? sums))
        {
            _sums[(channel, currency)] = sums = new Sums();
        }

        return sums;
    }

    private sealed class Sums
    {
        public long Spend { get; set; }

        public long Credit { get; set; }

        public long Conversions { get; set; }

        public AttributionViews.People People { get; } = new();
    }
}
