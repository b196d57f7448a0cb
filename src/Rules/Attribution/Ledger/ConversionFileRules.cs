using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>What changes a conversion's file, and which lines of the ledger that writes.</summary>
public static class ConversionFileRules
{
    /// <summary>The file with one more statement; the same object where it is known. Two that come in another order make the same file.</summary>
    public static ConversionFile Hear(ConversionFile file, in ConversionStatement statement)
    {
        int place = file.Statements.BinarySearch(statement, StatementPlaces.Order);
        if (place >= 0)
        {
            return file;
        }

        ImmutableArray<ConversionStatement> all = file.Statements.Insert(~place, statement);
        return file with { Statements = all.Length > ConversionFile.StatementsMax ? WithoutRepeats(all) : all };
    }

    /// <summary>Of statements that say the same one after the other the first and the last: the others change nothing of what it is worth.</summary>
    private static ImmutableArray<ConversionStatement> WithoutRepeats(ImmutableArray<ConversionStatement> statements)
    {
        ConversionStatement[] byTime =
        [
            .. statements.OrderBy(one => one.At).ThenBy(one => one.Place.Partition).ThenBy(one => one.Place.Position),
        ];
        ImmutableArray<ConversionStatement> kept =
        [
            .. byTime
                .Where(
                    (one, index) =>
                        one.Kind == StatementKind.Refunded
                        || index == 0
                        || index == byTime.Length - 1
                        || !SaysTheSame(byTime[index - 1], one)
                        || !SaysTheSame(one, byTime[index + 1])
                )
                .OrderBy(one => one, StatementPlaces.Order),
        ];
        return kept;
    }

    private static bool SaysTheSame(in ConversionStatement one, in ConversionStatement other) =>
        (one.Kind, one.Money, one.Fault, one.ClosedAt, one.IsClaimed)
        == (other.Kind, other.Money, other.Fault, other.ClosedAt, other.IsClaimed);

    /// <summary>
    /// The file with credit that was worked out anew, and the lines that bring the ledger there: first what is taken back, then what counts
    /// now, of each model whose credit is another. Nothing, and the same object, where all is as it was.
    /// </summary>
    /// <param name="reason">Why it was worked out; a statement that moved the amount is told by its own.</param>
    /// <param name="shape">
    /// As <see cref="CreditRules.Shape"/>: what was worth something in between, or is not any more, was booked in these parts. Default: in
    /// those of the credit.
    /// </param>
    public static (ConversionFile File, ImmutableArray<CreditRow> Rows) Restate(
        ConversionFile file,
        ConversionCredit credit,
        RestatementReason reason,
        string cause,
        string policyVersion,
        DateTimeOffset at,
        ImmutableArray<ModelCredit> shape = default
    )
    {
        ConversionCredit? before = file.Current?.Credit;
        bool isNews = before is null
            ? credit.Standing.Counts || credit.Standing.IsLost
            // That somebody was forgotten is told, also where it moves nothing any more.
            : reason == RestatementReason.Erasure || !IsSame(before, credit);
        if (!isNews)
        {
            // What only helps to find a touch again is noted all the same.
            return before is null || before.Touches.AsSpan().SequenceEqual(credit.Touches.AsSpan())
                ? (file, [])
                : (
                    file with
                    {
                        History = file.History.SetItem(file.History.Length - 1, file.Current! with { Credit = credit }),
                    },
                    []
                );
        }

        (RestatementReason why, DateTimeOffset bookedAt) = ReasonOf(before, credit, reason, at);
        var restatement = new Restatement(
            (file.Current?.Number ?? 0) + 1,
            at,
            bookedAt,
            why,
            cause,
            policyVersion,
            credit
        );
        ImmutableArray<CreditRow> written = LedgerRows.Between(
            file,
            restatement,
            before,
            shape.IsDefaultOrEmpty ? credit.Models : shape
        );
        ImmutableArray<Restatement> history = file.History.Add(restatement);
        return (
            file with
            {
                Ledger = Shortened(file.Ledger.AddRange(written)),
                History =
                    history.Length > ConversionFile.HistoryMax
                        ? history.RemoveRange(0, history.Length - ConversionFile.HistoryMax)
                        : history,
            },
            written
        );
    }

    /// <summary>Leaves out pairs of the oldest half that add up to nothing.</summary>
    private static ImmutableArray<CreditRow> Shortened(ImmutableArray<CreditRow> ledger)
    {
        if (ledger.Length <= ConversionFile.LedgerMax)
        {
            return ledger;
        }

        var open = new Dictionary<CreditRow, Stack<int>>();
        var gone = new HashSet<int>();
        for (int index = 0; index < ledger.Length / 2; index++)
        {
            CreditRow row = ledger[index];
            if (open.GetValueOrDefault(Key(LedgerRows.Negated(row))) is { Count: > 0 } earlier)
            {
                gone.Add(earlier.Pop());
                gone.Add(index);
                continue;
            }

            if (!open.TryGetValue(Key(row), out Stack<int>? same))
            {
                open[Key(row)] = same = [];
            }

            same.Push(index);
        }

        return [.. ledger.Where((_, index) => !gone.Contains(index))];

        static CreditRow Key(CreditRow row) => row with { Number = 0, Line = 0, Reason = default, BookedAt = default };
    }

    /// <summary>Of whom the file has something, by customer id.</summary>
    public static IEnumerable<string> CustomersOf(ConversionFile file) =>
        file
            .History.SelectMany(one => one.Credit.Touches)
            .Select(touch => touch.CustomerId)
            .Concat(file.People)
            .Distinct(StringComparer.Ordinal);

    /// <summary>The file has something of a customer.</summary>
    public static bool Concerns(ConversionFile file, string customerId) =>
        CustomersOf(file).Contains(customerId, StringComparer.Ordinal);

    /// <summary>
    /// The file after somebody who took part was forgotten: nothing of the journey is left, in no restatement. Each line of the ledger keeps
    /// its amount and its times, and to whom it went is not said any more: what was reported of a period stays what it was.
    /// </summary>
    public static ConversionFile Erase(ConversionFile file, string customerId) =>
        file with
        {
            HasErased = true,
            LapsesAt = null,
            Ledger =
            [
                .. file.Ledger.Select(row =>
                    row with
                    {
                        Channel = null,
                        Source = null,
                        Medium = null,
                        Campaign = null,
                        Residual = CreditResidual.Erased,
                    }
                ),
            ],
            People = file.People.Remove(customerId, StringComparer.Ordinal),
            History =
            [
                .. file
                    .History.TakeLast(1)
                    .Select(one =>
                        one with
                        {
                            Credit = one.Credit with
                            {
                                Touches = [],
                                LeftOut = 0,
                                Models = one.Credit.Standing.Money is { } money
                                    ? CreditRules.All(CreditResidual.Erased, money, one.Credit.ReportingMinor)
                                    : [],
                            },
                        }
                    ),
            ],
        };

    /// <summary>The file after these were forgotten while nobody can read journeys: all of the amount is a residual for now.</summary>
    public static ConversionFile EraseAll(ConversionFile file, IEnumerable<string> customers)
    {
        ConversionFile erased = customers.Aggregate(file, Erase);
        return erased.Current is { } last
            ? Restate(erased, last.Credit, RestatementReason.Erasure, "restore", last.PolicyVersion, last.At).File
            : erased;
    }

    /// <summary>
    /// The file for somebody who may see the journeys of these customers and of no others: of the touches of others only when they were is
    /// left, and to whom their credit went is not said.
    /// </summary>
    public static ConversionFile VisibleTo(ConversionFile file, IReadOnlySet<string> customers) =>
        file with
        {
            People = [.. file.People.Where(customers.Contains)],
            // Of a line it can't be told any more whose touches it was for.
            Ledger = file
                .History.SelectMany(one => one.Credit.Touches)
                .All(touch => touch.Touch is null || customers.Contains(touch.CustomerId))
                ? file.Ledger
                : [],
            History =
            [
                .. file.History.Select(one =>
                    one with
                    {
                        Credit = one.Credit with
                        {
                            Touches =
                            [
                                .. one.Credit.Touches.Select(touch =>
                                    customers.Contains(touch.CustomerId)
                                        ? touch
                                        : touch with
                                        {
                                            Touch = null,
                                            CustomerId = "",
                                        }
                                ),
                            ],
                        },
                    }
                ),
            ],
        };

    public static ConversionRow RowOf(ConversionFile file)
    {
        ConversionCredit credit = file.Current!.Credit;
        ConversionStanding standing = credit.Standing;
        return new ConversionRow(
            file.Id,
            file.Definition,
            file.ExternalId,
            standing.Counts,
            standing.IsLost,
            standing.ConvertedAt,
            standing.Money?.Currency,
            standing.Money?.Minor ?? 0,
            credit.ReportingMinor,
            standing.Fault,
            [.. credit.Touches.Select(touch => CreditRules.StepOf(touch).Channel)]
        )
        {
            Residual = credit.Models is [{ Parts: [{ Touch: null } only] }, ..] ? only.Residual : CreditResidual.None,
        };
    }

    /// <summary>There is nothing to write.</summary>
    public static bool AreSame(ConversionFile one, ConversionFile other) =>
        one.HasErased == other.HasErased
        && one.LapsesAt == other.LapsesAt
        && one.Statements.AsSpan().SequenceEqual(other.Statements.AsSpan())
        && one.People.AsSpan().SequenceEqual(other.People.AsSpan())
        && one.History.AsSpan().SequenceEqual(other.History.AsSpan());

    private static bool IsSame(ConversionCredit one, ConversionCredit other) =>
        one.Standing.Counts == other.Standing.Counts
        && one.Standing.IsLost == other.Standing.IsLost
        && one.Standing.ConvertedAt == other.Standing.ConvertedAt
        && one.Standing.Money == other.Standing.Money
        && one.Standing.Fault == other.Standing.Fault
        && one.ReportingMinor == other.ReportingMinor
        && one.Standing.UnreadRefunds == other.Standing.UnreadRefunds
        && one.Standing.Movements.AsSpan().SequenceEqual(other.Standing.Movements.AsSpan())
        && one.LeftOut == other.LeftOut
        && one.Touches.Select(touch => touch with { Anchor = null })
            .SequenceEqual(other.Touches.Select(touch => touch with { Anchor = null }))
        && one.Models.AsSpan().SequenceEqual(other.Models.AsSpan());

    /// <summary>What was said of the conversion itself since; where nothing was, why it was looked at.</summary>
    private static (RestatementReason Reason, DateTimeOffset BookedAt) ReasonOf(
        ConversionCredit? before,
        ConversionCredit credit,
        RestatementReason asked,
        DateTimeOffset at
    )
    {
        if (before is null)
        {
            return (RestatementReason.NewConversion, credit.Standing.ConvertedAt);
        }

        // Two movements may be equal: what went back twice in one second went back twice.
        List<ConversionMovement> known = [.. before.Standing.Movements];
        ConversionMovement[] moved = [.. credit.Standing.Movements.Where(one => !known.Remove(one))];
        return moved.Length > 0 ? (moved[^1].Reason, moved[^1].At)
            : before.Standing.Counts || !credit.Standing.Counts ? (asked, at)
            : (RestatementReason.NewConversion, credit.Standing.ConvertedAt);
    }

    private sealed class StatementPlaces : IComparer<ConversionStatement>
    {
        public static readonly StatementPlaces Order = new();

        public int Compare(ConversionStatement x, ConversionStatement y)
        {
            int byPartition = x.Place.Partition.CompareTo(y.Place.Partition);
            return byPartition != 0 ? byPartition : x.Place.Position.CompareTo(y.Place.Position);
        }
    }
}
