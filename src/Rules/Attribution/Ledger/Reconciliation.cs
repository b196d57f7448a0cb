using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Adds up the ledgers of conversions, and compares them with what accounts know of their deals. It takes them one by one, and keeps of each
/// what it is compared by: a deal's amount and close, a journey's course.
/// </summary>
public sealed class Reconciliation(ReconciliationScope scope, DirectTouches direct)
{
    private readonly Dictionary<string, Sums> _byCurrency = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownDeal> _deals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownRecord> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _people = new(StringComparer.Ordinal);
    private readonly ReconciliationCases _cases = new();
    private readonly JourneyPool _journeys = new(direct);

    /// <summary>Deals and journeys that it keeps: whoever walks stops before it is too many.</summary>
    public int KeptCount => _deals.Count + _records.Count + _journeys.Count;

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
            _deals[file.ExternalId] = new KnownDeal(
                file.Id,
                standing.Counts,
                standing.ConvertedAt,
                standing.Counts ? GrossOf(standing) : null
            );
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

        if (scope.IsAsReported || scope.Has(standing.ConvertedAt))
        {
            Meet(current.Credit);
        }

        bool needsAll = AttributionModels.NeedsAllJourneys(scope.Model);
        if (needsAll)
        {
            if (scope.Has(standing.ConvertedAt) && (standing.Counts || standing.IsLost))
            {
                _journeys.Take(current.Credit, ConversionFileRules.RowOf(file).Residual);
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
        if (!scope.IsAsReported && (!_records.TryGetValue(id, out KnownRecord? known) || known.At < deal.At))
        {
            _records[id] = RecordOf(deal);
        }
    }

    private static KnownRecord RecordOf(Opportunity deal) =>
        new(
            deal.Source,
            deal.At,
            deal.Facts is { IsWon: true, IsClosed: true, IsDeleted: false },
            deal.Facts.AmountText,
            deal.Facts.Currency,
            ConversionReader.CloseOf(deal.Facts.CloseDate)
        );

    private void Compare(string id, KnownRecord deal)
    {
        if (
            scope.Definitions.FirstOrDefault(one =>
                one.IsOfDeals && (one.Sources.IsEmpty || one.Sources.Contains(deal.Source, StringComparer.Ordinal))
            )
            is not { } definition
        )
        {
            return;
        }

        KnownDeal? file = _deals.GetValueOrDefault(id);
        DateTimeOffset at =
            file is { Counts: true } ? file.ConvertedAt
            : deal.ClosedAt is { } closed && closed < deal.At ? closed
            : deal.At;
        if (!scope.Has(at))
        {
            return;
        }

        MoneyValue? told =
            deal.IsWon
            && MoneyValue.TryParse(
                deal.AmountText,
                isMinor: false,
                deal.Currency ?? definition.Currency,
                out MoneyValue money
            )
                ? money
                : null;
        MoneyValue? ours = file?.Gross;
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
        foreach ((string id, KnownRecord deal) in _records.OrderBy(one => one.Key, StringComparer.Ordinal))
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
                        Marked(one.Value.Channels.Lines),
                        one.Value.Residuals.Lines,
                        one.Value.Movements.Lines
                    )),
            ],
            _cases.Report()
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

        if (standing.UnreadRefunds > 0)
        {
            _cases.Add(
                new ReconciliationCase(
                    file.Id,
                    file.ExternalId,
                    ReconciliationCase.RefundNotRead,
                    money.Minor,
                    money.Currency
                )
            );
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
        if (AttributionModels.NeedsAllJourneys(scope.Model))
        {
            _journeys.Divide(scope.Model, Give);
        }
    }

    private void Meet(ConversionCredit credit)
    {
        foreach (CreditedTouch touch in credit.Touches.Where(one => one.Touch is not null))
        {
            string channel = touch.Touch!.Channel;
            if (!_people.TryGetValue(channel, out HashSet<string>? people))
            {
                _people[channel] = people = new HashSet<string>(StringComparer.Ordinal);
            }

            if (people.Count < ReconciliationLine.PeopleMin)
            {
                people.Add(touch.CustomerId);
            }
        }
    }

    private ImmutableArray<ReconciliationLine> Marked(ImmutableArray<ReconciliationLine> channels) =>
        [
            .. channels.Select(line =>
                line with
                {
                    IsFew = !(_people.GetValueOrDefault(line.Name)?.Count >= ReconciliationLine.PeopleMin),
                }
            ),
        ];

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

    /// <summary>A deal as its messages tell it.</summary>
    private sealed record KnownDeal(string Id, bool Counts, DateTimeOffset ConvertedAt, MoneyValue? Gross);

    /// <summary>A deal as the CRM's record has it.</summary>
    private sealed record KnownRecord(
        string Source,
        DateTimeOffset At,
        bool IsWon,
        string? AmountText,
        string? Currency,
        DateTimeOffset? ClosedAt
    );
}

/// <summary>Cases by reason: of each only as many are kept as are shown.</summary>
internal sealed class ReconciliationCases
{
    private readonly SortedDictionary<string, List<ReconciliationCase>> _byReason = new(StringComparer.Ordinal);

    public void Add(ReconciliationCase one)
    {
        if (!_byReason.TryGetValue(one.Reason, out List<ReconciliationCase>? cases))
        {
            _byReason[one.Reason] = cases = [];
        }

        cases.Add(one);
        if (cases.Count >= 2 * ReconciliationReport.CasesMax)
        {
            _byReason[one.Reason] = [.. Largest(cases)];
        }
    }

    public ImmutableArray<ReconciliationCase> Report() => [.. _byReason.Values.SelectMany(Largest)];

    private static IEnumerable<ReconciliationCase> Largest(List<ReconciliationCase> cases) =>
        cases
            .OrderByDescending(one => Math.Abs(one.Minor))
            .ThenBy(one => one.ExternalId, StringComparer.Ordinal)
            .Take(ReconciliationReport.CasesMax);
}
