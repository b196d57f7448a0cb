using Customer360.Rules.Audit;
using static Customer360.Rules.Tests.Audit.AuditLogModel;

namespace Customer360.Rules.Tests.Audit;

/// <summary>Every way to tamper with a log is named, with the first record that is not as it was.</summary>
public sealed class AuditVerifierTests
{
    private const int Count = 20;

    [Fact]
    public void Verify_WhenNothingWasChanged_FindsNothing()
    {
        List<AuditRow> rows = Rows(Count);

        AuditReport report = Verify(rows, HeadOf(rows));

        Assert.Empty(report.Breaks);
        Assert.Equal(2 * Count, report.Records);
        Assert.Equal(Count, report.Head.Chains[Chain].Size);
    }

    [Fact]
    public void Verify_WhenTheLogHasGrownSinceTheHead_FindsNothing() =>
        Assert.Empty(Verify(Rows(Count), HeadOf(Rows(Count / 2))).Breaks);

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(Count)]
    public void Verify_WhenAByteOfARecordIsChanged_NamesIt(long seq)
    {
        List<AuditRow> rows = Rows(Count);
        int index = IndexOf(rows, seq);
        byte[] record = rows[index].Record.ToArray();
        record[^3] ^= 1;
        rows[index] = rows[index] with { Record = record };

        AuditBreak found = OnlyBreak(rows, AuditBreakKind.Changed, seq);

        Assert.NotEqual(found.Expected, found.Found);
        Assert.Equal(Hex(rows[index]), found.Found);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(Count)]
    public void Verify_WhenAHashIsChanged_NamesIt(long seq)
    {
        List<AuditRow> rows = Rows(Count);
        int index = IndexOf(rows, seq);
        string before = Hex(rows[index]);
        rows[index] = rows[index] with { Hash = AuditChain.Beginning };

        Assert.Equal(before, OnlyBreak(rows, AuditBreakKind.Changed, seq).Expected);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(9, 4)]
    public void Verify_WhenRecordsAreRemoved_NamesTheFirst(long seq, int removed)
    {
        List<AuditRow> rows = Rows(Count);
        rows.RemoveAll(row => row.Chain == Chain && row.Seq >= seq && row.Seq < seq + removed);

        Assert.Null(OnlyBreak(rows, AuditBreakKind.Missing, seq).Expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Verify_WhenTheRecordsBehindAGapHaveNewNumbers_NamesTheFirstThatIsGone(int removed)
    {
        List<AuditRow> rows = Rows(Count);
        rows.RemoveAll(row => row.Chain == Chain && row.Seq >= 9 && row.Seq < 9 + removed);
        rows = rows.ConvertAll(row => row.Chain == Chain && row.Seq > 9 ? row with { Seq = row.Seq - removed } : row);

        OnlyBreak(rows, AuditBreakKind.Missing, 9);
    }

    [Theory]
    [InlineData(9, 10)]
    [InlineData(9, 14)]
    [InlineData(1, Count)]
    public void Verify_WhenTwoRecordsChangePlaces_NamesTheFirst(long one, long two)
    {
        List<AuditRow> rows = Rows(Count);
        int first = IndexOf(rows, one);
        int second = IndexOf(rows, two);
        (rows[first], rows[second]) = (rows[second], rows[first]);

        Assert.Equal(Hex(rows[second]), OnlyBreak(rows, AuditBreakKind.Reordered, one).Expected);
    }

    [Theory]
    [InlineData(9, 10)]
    [InlineData(9, 14)]
    public void Verify_WhenTwoRecordsChangePlacesAndNumbers_NamesTheFirst(long one, long two)
    {
        List<AuditRow> rows = Rows(Count);
        int first = IndexOf(rows, one);
        int second = IndexOf(rows, two);
        (rows[first], rows[second]) = (rows[second] with { Seq = one }, rows[first] with { Seq = two });

        OnlyBreak(rows, AuditBreakKind.Reordered, one);
    }

    [Fact]
    public void Verify_WhenARecordIsInsertedUnderATakenNumber_NamesIt()
    {
        List<AuditRow> rows = Rows(Count);
        rows.Insert(IndexOf(rows, 9) + 1, Forged(rows, 9, hash: rows[IndexOf(rows, 9)].Hash.AsSpan().ToArray()));

        OnlyBreak(rows, AuditBreakKind.Inserted, 9);
    }

    [Fact]
    public void Verify_WhenARecordIsInsertedAndTheRestRenumbered_NamesIt()
    {
        List<AuditRow> rows = Rows(Count);
        AuditRow forged = Forged(rows, 9, hash: new byte[AuditChain.HashLength]);
        int index = IndexOf(rows, 9);
        rows = rows.ConvertAll(row => row.Chain == Chain && row.Seq >= 9 ? row with { Seq = row.Seq + 1 } : row);
        rows.Insert(index, forged);

        OnlyBreak(rows, AuditBreakKind.Inserted, 9);
    }

    [Fact]
    public void Verify_WhenAnInsertedRecordIsChainedRightly_NamesIt()
    {
        List<AuditRow> rows = Rows(Count);
        AuditRow before = rows[IndexOf(rows, 8)];
        byte[] record = RecordOf("forged");
        AuditRow forged = Forged(rows, 9, AuditChain.Hash(Chain, 9, before.Hash.AsSpan(), record).AsSpan().ToArray());
        string expected = Hex(rows[IndexOf(rows, 9)]);
        int index = IndexOf(rows, 9);
        rows = rows.ConvertAll(row => row.Chain == Chain && row.Seq >= 9 ? row with { Seq = row.Seq + 1 } : row);
        rows.Insert(index, forged);

        AuditBreak found = OnlyBreak(rows, AuditBreakKind.Inserted, 9);

        Assert.Equal((expected, Hex(forged)), (found.Expected, found.Found));
    }

    [Fact]
    public void Verify_WhenARecordIsOfAChainThatThereIsNot_NamesIt()
    {
        List<AuditRow> rows = Rows(Count);
        rows.Add(new AuditRow(1_000, AuditChain.Count, 1, AuditChain.Beginning, RecordOf("forged")));

        AuditBreak found = Assert.Single(Verify(rows).Breaks);

        Assert.Equal((AuditChain.Count, AuditBreakKind.Inserted), (found.Chain, found.Kind));
    }

    [Fact]
    public void Verify_WhenOnlyTheNumberOfARecordIsChanged_NamesIt()
    {
        List<AuditRow> rows = Rows(Count);
        int index = IndexOf(rows, 9);
        rows[index] = rows[index] with { Seq = 90 };

        OnlyBreak(rows, AuditBreakKind.Changed, 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(Count - 1)]
    public void Verify_WhenTheEndIsCutOff_TheHeadTells(long left)
    {
        List<AuditRow> rows = Rows(Count);
        AuditHead head = HeadOf(rows);
        rows.RemoveAll(row => row.Chain == Chain && row.Seq > left);

        Assert.Empty(Verify(rows).Breaks);
        AuditBreak found = Assert.Single(Verify(rows, head).Breaks);

        Assert.Equal((Chain, left + 1, AuditBreakKind.Truncated), (found.Chain, found.Seq, found.Kind));
        Assert.Null(found.Found);
    }

    [Fact]
    public void Verify_WhenTheEndIsWrittenAnew_TheHeadTells()
    {
        List<AuditRow> rows = Rows(Count);
        AuditHead head = HeadOf(rows);
        List<AuditRow> others = Rows(Count + 5, "anew");

        Assert.Empty(Verify(others).Breaks);
        AuditBreak found = Assert.Single(Verify(others, head).Breaks);

        Assert.Equal((Chain, (long)Count, AuditBreakKind.Rewritten), (found.Chain, found.Seq, found.Kind));
        Assert.Equal(Hex(rows[IndexOf(rows, Count)]), found.Expected);
    }

    [Fact]
    public void Verify_WhenTwoChainsAreBroken_NamesEachOnce()
    {
        List<AuditRow> rows = Rows(Count);
        rows.RemoveAll(row => row.Seq == 5);
        rows.RemoveAll(row => row.Seq == 11);

        Assert.Equal([(Chain, 5L), (OtherChain, 5L)], Verify(rows).Breaks.Select(found => (found.Chain, found.Seq)));
    }

    /// <summary>Whatever single byte of the log is changed, the verifier says so.</summary>
    [Fact]
    public void Verify_WhenAnyByteIsChanged_FindsIt()
    {
        List<AuditRow> rows = Rows(4);
        for (int index = 0; index < rows.Count; index++)
        {
            AuditRow row = rows[index];
            for (int place = 0; place < row.Record.Length; place++)
            {
                byte[] record = row.Record.ToArray();
                record[place] ^= 0x20;
                rows[index] = row with { Record = record };
                Assert.Equal(row.Seq, Assert.Single(Verify(rows).Breaks).Seq);
            }

            rows[index] = row;
        }
    }

    private static AuditRow Forged(List<AuditRow> rows, long seq, byte[] hash) =>
        new(rows.Count + 1, Chain, seq, [.. hash], RecordOf("forged"));

    private static AuditBreak OnlyBreak(List<AuditRow> rows, AuditBreakKind kind, long seq)
    {
        AuditBreak found = Assert.Single(Verify(rows).Breaks);
        Assert.Equal((Chain, seq, kind), (found.Chain, found.Seq, found.Kind));
        return found;
    }

    private static string Hex(AuditRow row) => Convert.ToHexStringLower(row.Hash.AsSpan());
}
