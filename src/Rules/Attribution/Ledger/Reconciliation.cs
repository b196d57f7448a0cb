using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <summary>What is to be added up.</summary>
/// <param name="To">Exclusive.</param>
/// <param name="Definitions">Conversions of these definitions.</param>
/// <param name="IsAsReported">True: by when it was booked. False: by when it converted, as it stands now.</param>
public sealed record ReconciliationScope(
    DateTimeOffset From,
    DateTimeOffset To,
    AttributionModel Model,
    ImmutableArray<ConversionDefinition> Definitions,
    bool IsAsReported
)
{
    public bool Has(DateTimeOffset at) => at >= From && at < To;
}

/// <summary>An amount of a channel, a residual or a reason, in whole minor units.</summary>
public sealed record ReconciliationLine(string Name, long Minor);

/// <summary>A conversion that somebody should look at.</summary>
/// <param name="Id">Null: a deal of which no conversion is known.</param>
/// <param name="Reason">A residual's word.</param>
public sealed record ReconciliationCase(string? Id, string ExternalId, string Reason, long Minor, string? Currency);

/// <summary>One currency of a report. <see cref="Net"/> is the sum of all credits and residuals, or <see cref="Difference"/> says what is missing.</summary>
/// <param name="ClosedWon">What the CRM's records say, or of orders what was ordered.</param>
/// <param name="Refunded">What went back: 0 or less.</param>
/// <param name="Residuals">With what the CRM has more or less than its messages said: <see cref="CreditResidual.NotSynced"/>.</param>
/// <param name="Movements">Beside: what was reopened, edited, deleted … in the time, of whatever it was.</param>
public sealed record CurrencyReconciliation(
    string Currency,
    int Conversions,
    long ClosedWon,
    long Refunded,
    ImmutableArray<ReconciliationLine> Channels,
    ImmutableArray<ReconciliationLine> Residuals,
    ImmutableArray<ReconciliationLine> Movements
)
{
    public long Net => ClosedWon + Refunded;

    /// <summary>0: it adds up to the minor unit.</summary>
    public long Difference => Net - Channels.Sum(one => one.Minor) - Residuals.Sum(one => one.Minor);
}

/// <summary>Credit against revenue.</summary>
/// <param name="Currencies">By currency. Minor units of two are never added.</param>
/// <param name="Cases">The largest first, of each reason at most <see cref="CasesMax"/>.</param>
public sealed record ReconciliationReport(
    ReconciliationScope Scope,
    ImmutableArray<CurrencyReconciliation> Currencies,
    ImmutableArray<ReconciliationCase> Cases
)
{
    public const int CasesMax = 100;
}

/// <summary>Adds up the ledgers of conversions, and compares them with what accounts know of their deals. It takes them one by one.</summary>
public sealed class Reconciliation(ReconciliationScope scope, DirectTouches direct)
{
    private readonly Dictionary<string, Sums> _byCurrency = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConversionFile> _deals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Opportunity> _records = new(StringComparer.Ordinal);
    private readonly List<ReconciliationCase> _cases = [];
    private readonly List<(ConversionFile File, bool IsMeant)> _journeys = [];

    public void Take(ConversionFile file)
    {
        if (
            file.Current is not { } current
            || scope.Definitions.FirstOrDefault(one => one.Name == file.Definition) is not { } definition
        )
        {
            return;
        }

        ConversionStanding standing = current.Credit.Standing;
        if (definition.IsOfDeals)
        {
            _deals[file.ExternalId] = file;
        }

        foreach (ConversionMovement movement in standing.Movements.Where(one => scope.Has(one.At)))
        {
            if (movement.Reason != RestatementReason.NewConversion)
            {
                SumsOf(movement.Currency).Movements.Add(RestatementReasons.WordOf(movement.Reason), movement.Minor);
            }
        }

        if (scope.IsAsReported)
        {
            foreach (ConversionMovement movement in standing.Movements.Where(one => scope.Has(one.At)))
            {
                Sums sums = SumsOf(movement.Currency);
                sums.ClosedWon += movement.Minor;
                sums.Conversions += movement.Reason == RestatementReason.NewConversion ? 1 : 0;
            }
        }
        else if (scope.Has(standing.ConvertedAt))
        {
            TakeStanding(file, standing);
        }

        if (scope.Model == AttributionModel.Markov)
        {
            if (scope.Has(standing.ConvertedAt) && (standing.Counts || standing.IsLost))
            {
                _journeys.Add((file, standing.Counts));
            }

            return;
        }

        foreach (CreditRow row in file.Ledger.Where(row => row.Model == scope.Model))
        {
            if (scope.Has(scope.IsAsReported ? row.BookedAt : row.ConvertedAt))
            {
                Give(row.Currency, row.Channel, row.Residual, row.Minor);
            }
        }
    }

    /// <summary>A deal as its account knows it. One that has gone from one account to another is known to both: the later word counts.</summary>
    public void Take(Opportunity deal)
    {
        string id = ConversionReader.DealIdOf(deal.Source, deal.Id);
        if (!_records.TryGetValue(id, out Opportunity known) || known.At < deal.At)
        {
            _records[id] = deal;
        }
    }

    private void Compare(string id, Opportunity deal)
    {
        OpportunityFacts facts = deal.Facts;
        bool isWon = facts is { IsWon: true, IsClosed: true, IsDeleted: false };
        if (
            scope.IsAsReported
            || scope.Definitions.FirstOrDefault(one =>
                one.IsOfDeals && (one.Sources.IsEmpty || one.Sources.Contains(deal.Source, StringComparer.Ordinal))
            )
                is not { } definition
        )
        {
            return;
        }

        ConversionFile? file = _deals.GetValueOrDefault(id);
        ConversionStanding? standing = file?.Current?.Credit.Standing;
        bool counts = standing is { Counts: true };
        DateTimeOffset at =
            counts ? standing!.ConvertedAt
            : ConversionReader.CloseOf(facts.CloseDate) is { } closed && closed < deal.At ? closed
            : deal.At;
        if (!scope.Has(at))
        {
            return;
        }

        MoneyValue? told =
            isWon
            && MoneyValue.TryParse(
                facts.AmountText,
                isMinor: false,
                facts.Currency ?? definition.Currency,
                out MoneyValue money
            )
                ? money
                : null;
        MoneyValue? ours = counts ? GrossOf(standing!) : null;
        if (told == ours)
        {
            return;
        }

        // The CRM's record and its messages differ: its record counts, and what is between them is said.
        string? conversionId = file?.Id;
        if (told is { } more)
        {
            Add(more.Currency, more.Minor);
        }

        if (ours is { } less)
        {
            Add(less.Currency, -less.Minor);
        }

        void Add(string currency, long minor)
        {
            SumsOf(currency).ClosedWon += minor;
            SumsOf(currency).Residuals.Add(CreditResiduals.WordOf(CreditResidual.NotSynced), minor);
            _cases.Add(
                new ReconciliationCase(
                    conversionId,
                    id,
                    CreditResiduals.WordOf(CreditResidual.NotSynced),
                    minor,
                    currency
                )
            );
        }
    }

    /// <summary>What all that was taken comes to. Asked once.</summary>
    public ReconciliationReport Report()
    {
        foreach ((string id, Opportunity deal) in _records.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            Compare(id, deal);
        }

        GiveByMarkov();
        return new ReconciliationReport(
            scope,
            [
                .. _byCurrency
                    .OrderBy(one => one.Key, StringComparer.Ordinal)
                    .Select(one => new CurrencyReconciliation(
                        one.Key,
                        one.Value.Conversions,
                        one.Value.ClosedWon,
                        one.Value.Refunded,
                        one.Value.Channels.Lines,
                        one.Value.Residuals.Lines,
                        one.Value.Movements.Lines
                    )),
            ],
            [
                .. _cases
                    .GroupBy(one => one.Reason, StringComparer.Ordinal)
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .SelectMany(group =>
                        group
                            .OrderByDescending(one => Math.Abs(one.Minor))
                            .ThenBy(one => one.ExternalId, StringComparer.Ordinal)
                            .Take(ReconciliationReport.CasesMax)
                    ),
            ]
        );
    }

    /// <summary>What a conversion was worth before anything went back.</summary>
    private static MoneyValue? GrossOf(ConversionStanding standing) =>
        standing.Money is { } money ? money with { Minor = money.Minor - standing.RefundedMinor } : null;

    private void TakeStanding(ConversionFile file, ConversionStanding standing)
    {
        if (!standing.Counts)
        {
            return;
        }

        ConversionRow row = ConversionFileRules.RowOf(file);
        if (standing.Money is not { } money)
        {
            _cases.Add(
                new ReconciliationCase(file.Id, file.ExternalId, CreditResiduals.WordOf(standing.Fault), 0, null)
            );
            return;
        }

        Sums sums = SumsOf(money.Currency);
        sums.Conversions++;
        sums.ClosedWon += money.Minor - standing.RefundedMinor;
        sums.Refunded += standing.RefundedMinor;
        if (row.Residual != CreditResidual.None)
        {
            _cases.Add(
                new ReconciliationCase(
                    file.Id,
                    file.ExternalId,
                    CreditResiduals.WordOf(row.Residual),
                    money.Minor,
                    money.Currency
                )
            );
        }
    }

    private void GiveByMarkov()
    {
        if (scope.Model != AttributionModel.Markov)
        {
            return;
        }

        (ConversionFile File, bool IsMeant, ImmutableArray<int> Steps, ImmutableArray<string> Channels)[] journeys =
        [
            .. _journeys.Select(one =>
            {
                ImmutableArray<CreditedTouch> touches = one.File.Current!.Credit.Touches;
                ImmutableArray<int> steps = CreditRules.StepsOf(direct, touches);
                return (
                    one.File,
                    one.IsMeant,
                    steps,
                    steps.Select(index => CreditRules.StepOf(touches[index]).Channel).ToImmutableArray()
                );
            }),
        ];
        MarkovModel model = MarkovModel.Of(
            journeys.Select(one => new ChannelPath(one.Channels, one.IsMeant ? 1 : 0, one.IsMeant ? 0 : 1))
        );
        foreach (
            (ConversionFile file, _, ImmutableArray<int> steps, ImmutableArray<string> channels) in journeys.Where(
                one => one.IsMeant
            )
        )
        {
            ConversionCredit credit = file.Current!.Credit;
            if (credit.Standing.Money is not { } money)
            {
                continue;
            }

            if (steps.IsEmpty)
            {
                Give(money.Currency, null, ConversionFileRules.RowOf(file).Residual, money.Minor);
                continue;
            }

            foreach (
                CreditPart part in CreditRules.PartsOf(model.Weigh(channels), steps, credit.Touches, money.Minor, null)
            )
            {
                Give(
                    money.Currency,
                    part.Residual == CreditResidual.None ? credit.Touches[part.Touch!.Value].Touch!.Channel : null,
                    part.Residual,
                    part.Minor
                );
            }
        }
    }

    private void Give(string currency, string? channel, CreditResidual residual, long minor)
    {
        Sums sums = SumsOf(currency);
        if (channel is not null)
        {
            sums.Channels.Add(channel, minor);
        }
        else
        {
            sums.Residuals.Add(CreditResiduals.WordOf(residual), minor);
        }
    }

    private Sums SumsOf(string currency)
    {
        if (!_byCurrency.TryGetValue(currency, out Sums? sums))
        {
            _byCurrency[currency] = sums = new Sums();
        }

        return sums;
    }

    private sealed class Sums
    {
        public int Conversions { get; set; }

        public long ClosedWon { get; set; }

        public long Refunded { get; set; }

        public Named Channels { get; } = new();

        public Named Residuals { get; } = new();

        public Named Movements { get; } = new();
    }

    private sealed class Named
    {
        private readonly SortedDictionary<string, long> _sums = new(StringComparer.Ordinal);

        /// <summary>Without what adds up to nothing.</summary>
        public ImmutableArray<ReconciliationLine> Lines =>
            [.. _sums.Where(one => one.Value != 0).Select(one => new ReconciliationLine(one.Key, one.Value))];

        public void Add(string name, long minor) => _sums[name] = _sums.GetValueOrDefault(name) + minor;
    }
}
