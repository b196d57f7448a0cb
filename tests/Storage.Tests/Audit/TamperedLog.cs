using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Audit;
using Customer360.Storage.Audit;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.Audit;

/// <summary>Ways to tamper with a stored log by SQL. Each is taken back before the next.</summary>
/// <param name="open">Opens the log as <c>audit verify</c> does.</param>
/// <param name="execute">Runs a statement past the program.</param>
/// <param name="json">A text in SQL as the database keeps records.</param>
/// <param name="bytes">Bytes in hexadecimal digits as SQL.</param>
internal sealed class TamperedLog(
    Func<AuditSource> open,
    Func<string, Task> execute,
    Func<string, string> json,
    Func<string, string> bytes
)
{
    private const int Count = 12;
    private const string ObjectId = "o-tampered";
    private static readonly int s_chain = AuditChain.Of("thing", ObjectId);

    /// <summary>Writes twelve records.</summary>
    /// <returns>They as they are stored, the newest first.</returns>
    public static async Task<ImmutableArray<AuditRow>> FillAsync(GridStorage storage)
    {
        await storage.Audit.AppendAsync(
            [.. Enumerable.Range(1, Count).Select(number => Entry($"t-{number}"))],
            CancellationToken.None
        );
        return await storage.AuditReader.ReadBackAsync(s_chain, long.MaxValue, Count, CancellationToken.None);
    }

    public async Task CheckAsync(ImmutableArray<AuditRow> rows)
    {
        AuditHead head = (await VerifyAsync(null)).Head;
        Assert.Equal(Count, head.Chains[s_chain].Size);
        await execute("create table kept as select number, chain, seq, hash, of_decision, record from audit");

        await ExpectAsync(AuditBreakKind.Changed, 5, $"update audit set record = {Renamed("t-5")} where seq = 5");
        await ExpectAsync(
            AuditBreakKind.Changed,
            7,
            $"update audit set hash = {bytes(new string('a', 64))} where seq = 7"
        );
        await ExpectAsync(AuditBreakKind.Missing, 5, "delete from audit where seq = 5");
        await ExpectAsync(AuditBreakKind.Missing, 1, "delete from audit where seq < 4");
        await ExpectAsync(
            AuditBreakKind.Missing,
            5,
            "delete from audit where seq = 5",
            "update audit set seq = seq - 1 where seq > 5"
        );
        await ExpectAsync(
            AuditBreakKind.Reordered,
            5,
            "update audit set number = -1 where seq = 5",
            "update audit set number = (select number from kept where seq = 5) where seq = 6",
            "update audit set number = (select number from kept where seq = 6) where seq = 5"
        );
        await ExpectAsync(
            AuditBreakKind.Inserted,
            Count,
            "insert into audit (number, chain, seq, hash, of_decision, record) "
                + $"select number + 1, chain, seq, hash, of_decision, {Renamed("t-12")} from kept where seq = {Count}"
        );
        await CheckEndAsync(rows, head);
    }

    /// <summary>Nothing in the log itself tells that its end is gone, or is another: a head that was kept elsewhere does.</summary>
    private async Task CheckEndAsync(ImmutableArray<AuditRow> rows, AuditHead head)
    {
        await execute("delete from audit where seq > 8");
        Assert.Equal([(AuditBreakKind.Truncated, 9L)], await BreaksAsync(head));
        await RestoreAsync();

        // Somebody who knows how records are chained writes the last one anew.
        byte[] forged = new AuditRecord(Entry("t-forged"), Noon).Write();
        string hash = Convert.ToHexStringLower(AuditChain.Hash(s_chain, Count, rows[1].Hash.AsSpan(), forged).AsSpan());
        await execute(
            $"update audit set hash = {bytes(hash)}, record = {json($"'{Encoding.UTF8.GetString(forged)}'")} where seq = {Count}"
        );
        await ForgeHeadAsync(hash);
        Assert.Empty(await BreaksAsync(null));
        Assert.Equal([(AuditBreakKind.Rewritten, (long)Count)], await BreaksAsync(head));
    }

    /// <summary>PostgreSQL keeps the ends of the chains in a table of its own, which a forger writes anew, too.</summary>
    public Func<string, Task> ForgeHeadAsync { get; init; } = _ => Task.CompletedTask;

    private static AuditEntry Entry(string id) =>
        new(id, Noon, "thing.done", new AuditActor("key", "tester", "admin"), "thing", ObjectId);

    /// <summary>The record under another id.</summary>
    private string Renamed(string id) => json($"replace(cast(record as text), '\"{id}\"', '\"t-X\"')");

    private async Task ExpectAsync(AuditBreakKind kind, long seq, params string[] statements)
    {
        foreach (string statement in statements)
        {
            await execute(statement);
        }

        Assert.Equal([(kind, seq)], await BreaksAsync(null));
        await RestoreAsync();
    }

    private async Task RestoreAsync()
    {
        await execute("delete from audit");
        await execute(
            "insert into audit (number, chain, seq, hash, of_decision, record) select number, chain, seq, hash, of_decision, record from kept"
        );
        Assert.Empty(await BreaksAsync(null));
    }

    private async Task<(AuditBreakKind, long)[]> BreaksAsync(AuditHead? given) =>
        [.. (await VerifyAsync(given)).Breaks.Select(found => (found.Kind, found.Seq))];

    private async Task<AuditReport> VerifyAsync(AuditHead? head)
    {
        await using AuditSource source = open();
        return await source.VerifyAsync(head, CancellationToken.None);
    }
}
