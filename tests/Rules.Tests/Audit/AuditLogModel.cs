using Customer360.Rules.Audit;

namespace Customer360.Rules.Tests.Audit;

/// <summary>Makes small audit logs to tamper with.</summary>
internal static class AuditLogModel
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Another chain, with records between those of the one that is tampered with.</summary>
    public const int OtherChain = 7;
    public const int Chain = 3;

    /// <summary>Records 1 to <paramref name="count"/> of a chain, each followed by one of another.</summary>
    public static List<AuditRow> Rows(int count, string what = "e")
    {
        var chains = new AuditChains();
        List<AuditRow> rows = [];
        for (int number = 1; number <= count; number++)
        {
            Append(rows, chains, Chain, $"{what}-{number}");
            Append(rows, chains, OtherChain, $"other-{number}");
        }

        return rows;
    }

    public static AuditReport Verify(IEnumerable<AuditRow> rows, params AuditHead[] heads)
    {
        var verifier = new AuditVerifier([.. heads]);
        foreach (AuditRow row in rows)
        {
            verifier.Add(row);
        }

        return verifier.Finish();
    }

    public static AuditHead HeadOf(IEnumerable<AuditRow> rows) => Verify(rows).Head;

    /// <summary>The place in the list of a record of the chain.</summary>
    public static int IndexOf(List<AuditRow> rows, long seq) =>
        rows.FindIndex(row => row.Chain == Chain && row.Seq == seq);

    public static AuditEntry Entry(string id) =>
        new(id, Noon, "profile.read", new AuditActor("key", "steward", "admin"), "customer", "c_1");

    public static byte[] RecordOf(string id) => new AuditRecord(Entry(id), Noon).Write();

    private static void Append(List<AuditRow> rows, AuditChains chains, int chain, string id)
    {
        byte[] record = RecordOf(id);
        AuditChainHead place = chains.Add(chain, record);
        rows.Add(new AuditRow(rows.Count + 1, chain, place.Size, place.Hash, record));
    }
}
