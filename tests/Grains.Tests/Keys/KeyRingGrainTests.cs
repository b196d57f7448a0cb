using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Keys;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Grains.Tests.Keys;

/// <summary>The ring of keys over crashes, failed writes, an audit that is away, and a row that another has written.</summary>
public sealed class KeyRingGrainTests
{
    private static readonly KeyActor s_actor = new("key", "operator", "admin", "r1");

    private readonly MemoryAudit _audit = new();

    [Fact]
    public async Task Change_WhenAnswered_IsThereAfterACrashAndInTheAudit()
    {
        await using TestGrid grid = await Start();

        await Owner(grid).Create(Create("crm"));
        await Owner(grid).Create(Create("web"));
        await Owner(grid).Revoke(new KeyRevoke("crm", s_actor));
        await grid.CrashAndRestartAsync();

        KeyRing ring = await Ring(grid);
        Assert.Equal(("web", 3), (Assert.Single(ring.Keys).Name, ring.Number));
        Assert.Equal(
            ["key.created crm", "key.created web", "key.revoked crm"],
            _audit.Entries.Select(one => $"{one.Action} {one.ObjectId}")
        );
        Assert.Null(await Owner(grid).GetUnless(3));
    }

    [Fact]
    public async Task Revoke_WhileTheAuditIsAway_IsDoneAndTheAuditIsToldLater()
    {
        await using TestGrid grid = await Start();
        await Owner(grid).Create(Create("stolen"));
        _audit.IsAway = true;

        KeyReply reply = await Owner(grid).Revoke(new KeyRevoke("stolen", s_actor));
        await grid.CrashAndRestartAsync();
        _audit.IsAway = false;

        Assert.Null(reply.Objection);
        Assert.Empty((await Ring(grid)).Keys);
        await TestGrid.Until(() => _audit.Entries.Any(one => one.Action == "key.revoked"));
        Assert.Equal(2, _audit.Entries.Length);
    }

    /// <summary>Whoever is not told that a change was made may find that it was, but never one half of it.</summary>
    [Theory]
    [InlineData(FaultKind.BeforeCommit, 0)]
    [InlineData(FaultKind.AfterCommit, 1)]
    public async Task Create_WhenItsWriteFails_IsThereWithItsEntryOrNotAtAll(FaultKind fault, int expected)
    {
        await using TestGrid grid = await Start();
        Assert.Equal(0, (await Ring(grid)).Number);
        grid.Faults.Plan(_ => fault);

        Assert.True(Outages.Is(await Assert.ThrowsAnyAsync<Exception>(() => Owner(grid).Create(Create("crm")))));
        grid.Faults.Heal();

        KeyRing ring = await Ring(grid);
        Assert.Equal(expected, ring.Keys.Length);
        await TestGrid.Until(() => _audit.Entries.Length == expected);
        KeyReply again = await Owner(grid).Create(Create("crm"));
        Assert.Equal(expected == 0 ? null : KeyObjection.NameTaken, again.Objection);
    }

    [Fact]
    public async Task GetUnless_WhenTheRowWasWrittenBeside_SeesItWithinASecondOrTwo()
    {
        await using TestGrid grid = await Start();
        await Owner(grid).Create(Create("stolen"));

        await grid.WriteBesideAsync(
            GrainKeys.KeyRingState,
            GrainKeys.Current,
            row =>
            {
                row["number"] = 2;
                row["keys"] = new System.Text.Json.Nodes.JsonArray();
            }
        );

        await TestGrid.UntilAsync(async () => (await Ring(grid)).Keys.IsEmpty);
    }

    [Fact]
    public async Task NoteUses_WhenRepeated_WritesOnce()
    {
        await using TestGrid grid = await Start();
        await Owner(grid).Create(Create("crm"));
        string id = (await Ring(grid)).Keys[0].Secrets[0].Id;
        grid.Faults.Plan(_ => null);

        await Owner(grid).NoteUses([new KeyUse(id, 5), new KeyUse(id, 4), new KeyUse("unknown0", 5)]);
        await Owner(grid).NoteUses([new KeyUse(id, 5)]);
        await Owner(grid).NoteUses([new KeyUse(id, 3)]);

        Assert.Equal(1, grid.Faults.Writes);
        await grid.CrashAndRestartAsync();
        KeyRing ring = await Ring(grid);
        Assert.Equal((5, 1), (ring.Keys[0].Secrets[0].LastUsedDay, ring.Number));
    }

    [Fact]
    public async Task Rotate_WithAnOverlap_LeavesBothSecrets()
    {
        await using TestGrid grid = await Start();
        await Owner(grid).Create(Create("crm"));

        KeyReply reply = await Owner(grid)
            .Rotate(new KeyRotate("crm", new KeyMade("second00", new string('b', 64)), TimeSpan.FromHours(1), s_actor));

        Assert.Null(reply.Objection);
        Assert.Equal(2, KeyRingJson.Read(reply.Ring.Json).Keys[0].Secrets.Length);
    }

    private static KeyCreate Create(string name) =>
        new(name, ["collect"], new KeyMade($"{name}00000000"[..8], new string('a', 64)), s_actor);

    private static IKeyRingGrain Owner(TestGrid grid) => grid.Grains.GetGrain<IKeyRingGrain>(GrainKeys.Current);

    private static async Task<KeyRing> Ring(TestGrid grid) => KeyRingJson.Read((await Owner(grid).GetUnless(-1))!.Json);

    private Task<TestGrid> Start() =>
        TestGrid.StartAsync(builder => builder.Services.Replace(ServiceDescriptor.Singleton<IAuditLog>(_audit)));
}
