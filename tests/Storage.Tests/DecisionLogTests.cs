using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the decision log promises.</summary>
public abstract class DecisionLogTests(TestDatabase database)
{
    private IDecisionLog Decisions => database.Storage.Decisions;

    [DatabaseFact]
    public async Task Append_WhenReadBack_IsTheSame()
    {
        DecisionRecord decision = Decision("d-same", "c_same", seconds: 0.123456, other: "c_other");

        await Decisions.AppendAsync([decision], CancellationToken.None);

        Assert.Equal(decision.At, (await Decisions.FindAsync("d-same", CancellationToken.None))!.At);
        Assert.Null(await Decisions.FindAsync("d-unknown", CancellationToken.None));
        DecisionRecord read = Assert.Single(await ReadAsync("c_same"));
        Assert.Equal(decision with { Payload = default }, read with { Payload = default });
        Assert.Equal(decision.Payload.ToArray(), read.Payload.ToArray());
    }

    [DatabaseFact]
    public async Task Append_WhenIdIsKnown_KeepsTheFirst()
    {
        DecisionRecord first = Decision("d-once", "c_once", seconds: 1);

        await Decisions.AppendAsync([first, first with { Kind = "again" }], CancellationToken.None);
        await Decisions.AppendAsync([first with { Kind = "later", At = Noon.AddDays(1) }], CancellationToken.None);

        DecisionRecord kept = Assert.Single(await ReadAsync("c_once"));
        Assert.Equal(DecisionKinds.Merged, kept.Kind);
    }

    [DatabaseFact]
    public async Task Read_WhenCustomerIsOnEitherSide_GivesBothOldestFirst()
    {
        await Decisions.AppendAsync(
            [
                Decision("e-3", "c_mine", seconds: 3),
                Decision("e-1", "c_away", seconds: 1, other: "c_mine"),
                Decision("e-2", "c_away", seconds: 2),
                Decision("e-4", "c_mine", seconds: 3, other: "c_away"),
            ],
            CancellationToken.None
        );

        Assert.Equal(["e-1", "e-3", "e-4"], (await ReadAsync("c_mine")).Select(decision => decision.Id));
    }

    [DatabaseFact]
    public async Task Read_WhenPaged_GivesEachOnce()
    {
        await Decisions.AppendAsync(
            [
                .. Enumerable
                    .Range(0, 30)
                    .Select(number =>
                        number % 2 == 0
                            ? Decision($"p-{number:00}", "c_paged", seconds: number / 4)
                            : Decision($"p-{number:00}", "c_elsewhere", seconds: number / 4, other: "c_paged")
                    ),
            ],
            CancellationToken.None
        );
        List<string> ids = [];
        DecisionCursor? after = null;
        ImmutableArray<DecisionRecord> page;
        do
        {
            page = await Decisions.ReadAsync("c_paged", after, 7, CancellationToken.None);
            ids.AddRange(page.Select(decision => decision.Id));
            after = new DecisionCursor(page[^1].At, page[^1].Id);
        } while (page.Length == 7);

        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"p-{number:00}"), ids);
    }

    private Task<ImmutableArray<DecisionRecord>> ReadAsync(string customer) =>
        Decisions.ReadAsync(customer, null, 100, CancellationToken.None);

    private static DecisionRecord Decision(string id, string customer, double seconds, string? other = null) =>
        new(
            id,
            DecisionKinds.Merged,
            customer,
            other,
            Noon.AddSeconds(seconds),
            Encoding.UTF8.GetBytes("""{ "rules" : 3, "why":"same e-mail" }""")
        );
}
