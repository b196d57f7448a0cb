using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Containment;

/// <summary>An identifier that comes with too many people is quarantined, listed and released, whatever fails meanwhile.</summary>
public sealed class IdentifierQuarantineTests
{
    private const int Degree = 50;

    [Fact]
    public async Task Collect_WhenAValueGathersEveryone_QuarantinesItAndLinksItToNobodyMore()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Gather(grid, "shared", Degree);
        Assert.Null(await QuarantineOf(grid, "anonymous_id:shared"));
        string? owner = await grid.OwnerOf("anonymous_id:shared");

        await grid.CollectApplied(Track("one-more", "user-one-more", "shared"));

        IdentifierQuarantine? quarantine = await QuarantineOf(grid, "anonymous_id:shared");
        Assert.NotNull(quarantine);
        Assert.Equal(Degree + 1, quarantine.Degree);
        Assert.Equal("one-more", quarantine.MessageId);
        Assert.Equal(owner, await grid.OwnerOf("anonymous_id:shared"));
        Assert.Equal(["anonymous_id:shared"], await Listed(grid));
        DecisionRecord decision = Assert.Single(
            await grid.DecisionsOf(owner!),
            one => one.Kind == DecisionKinds.Quarantined
        );
        using var payload = JsonDocument.Parse(decision.Payload);
        Assert.Equal("one-more", payload.RootElement.GetProperty("messageId").GetString());
        Assert.Equal("test", payload.RootElement.GetProperty("source").GetString());
        Assert.Equal(12, payload.RootElement.GetProperty("ruleVersion").GetString()!.Length);
        Assert.Contains("51", payload.RootElement.GetProperty("because").GetString(), StringComparison.Ordinal);
        Assert.Equal("anonymous_id:shared", payload.RootElement.GetProperty("identifiers")[0].GetString());

        // As an anchor it keeps its customer and links what it brings to nobody.
        await grid.CollectApplied(Identify("own", null, "shared", new JsonObject { ["email"] = "x@example.com" }));
        Assert.Equal(owner, await grid.OwnerOf("anonymous_id:shared"));
        Assert.NotEqual(owner, await grid.OwnerOf("email:x@example.com"));
    }

    [Fact]
    public async Task Collect_WhenTheSamePeopleComeAgain_CountsThemOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        for (int round = 0; round < 3; round++)
        {
            await Gather(grid, "shared", Degree, $"{round}");
            await grid.RestartAsync();
        }

        Assert.Null(await QuarantineOf(grid, "anonymous_id:shared"));
    }

    [Fact]
    public async Task Lift_WhenQuarantined_StartsTheDegreeAnew()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Gather(grid, "shared", Degree + 1);
        string? owner = await grid.OwnerOf("anonymous_id:shared");
        IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:shared");

        Assert.NotNull(await identifier.LiftQuarantine(isByJob: false));
        Assert.Null(await identifier.LiftQuarantine(isByJob: false));

        Assert.Empty(await Listed(grid));
        Assert.Contains(await grid.DecisionsOf(owner!), one => one.Kind == DecisionKinds.Released);
        await Gather(grid, "shared", Degree, "after", "after-");
        Assert.Null(await QuarantineOf(grid, "anonymous_id:shared"));
        await Gather(grid, "shared", 1, "last", "last-");
        Assert.NotNull(await QuarantineOf(grid, "anonymous_id:shared"));
        Assert.Equal(2, (await grid.DecisionsOf(owner!)).Count(one => one.Kind == DecisionKinds.Quarantined));
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Quarantine_WhenAnyOneWriteFails_ComesToTheSameEnd(FaultKind kind)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            string device = $"d{failing}";
            await Gather(grid, device, Degree);
            grid.Faults.Plan(number => number == failing ? kind : null);
            await Gather(grid, device, 1, "more", "more-");
            writes = Math.Min(writes, grid.Faults.Writes);
            grid.Faults.Heal();

            await AssertQuarantined(grid, device);
        }

        Assert.InRange(writes, 5, 40);
    }

    [Fact]
    public async Task Quarantine_WhenTheProcessDiesAtAnyWrite_IsThereAfterTheStart()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int dying = 1;
        for (; ; dying++)
        {
            string device = $"d{dying}";
            await Gather(grid, device, Degree);
            grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            await grid.Collect(applied: false, Track($"more-{device}", $"more-{device}", device));
            if (!await grid.Reached(dying))
            {
                break;
            }

            await grid.CrashAndRestartAsync();
            await AssertQuarantined(grid, device);
        }

        Assert.InRange(dying, 5, 40);
    }

    [Fact]
    public async Task Lift_WhenTheProcessDiesAtAnyWrite_IsQuarantinedAndListedOrReleased()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        bool isDone = false;
        int dying = 1;
        for (; !isDone; dying++)
        {
            string device = $"d{dying}";
            await Gather(grid, device, Degree + 1);
            grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>($"anonymous_id:{device}");
            try
            {
                await identifier.LiftQuarantine(isByJob: false);
                isDone = true;
            }
            catch (Exception error) when (error is StorageUnavailableException or OrleansException)
            {
                // What was written before it stays.
            }

            await grid.CrashAndRestartAsync();
            bool isQuarantined = await QuarantineOf(grid, $"anonymous_id:{device}") is not null;
            Assert.Equal(!isDone, isQuarantined);
            Assert.Equal(isQuarantined, (await Listed(grid)).Contains($"anonymous_id:{device}"));
            await grid.Grains.GetGrain<IIdentifierGrain>($"anonymous_id:{device}").LiftQuarantine(isByJob: false);
            Assert.DoesNotContain($"anonymous_id:{device}", await Listed(grid));
        }

        // The writes are those of the record, of the list and of the identifier.
        Assert.Equal(4, dying - 1);
    }

    private static async Task AssertQuarantined(TestGrid grid, string device)
    {
        Assert.NotNull(await QuarantineOf(grid, $"anonymous_id:{device}"));
        Assert.Contains($"anonymous_id:{device}", await Listed(grid));
        string? owner = await grid.OwnerOf($"anonymous_id:{device}");
        Assert.Single(await grid.DecisionsOf(owner!), one => one.Kind == DecisionKinds.Quarantined);
    }

    /// <summary>Messages of so many users, each with the same device.</summary>
    private static async Task Gather(
        TestGrid grid,
        string device,
        int users,
        string round = "0",
        string prefix = "user-"
    ) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, users)
                .Select(index =>
                    grid.CollectApplied(Track($"{round}-{device}-{prefix}{index}", $"{prefix}{device}-{index}", device))
                )
        );

    private static Task<IdentifierQuarantine?> QuarantineOf(TestGrid grid, string identifier) =>
        grid.Grains.GetGrain<IIdentifierGrain>(identifier).GetQuarantine();

    private static async Task<string[]> Listed(TestGrid grid)
    {
        ImmutableArray<Identifier>[] parts = await Task.WhenAll(
            Enumerable
                .Range(0, QuarantineList.Parts)
                .Select(part => grid.Grains.GetGrain<IQuarantineListGrain>(part).List(null, 1_000))
        );
        return [.. parts.SelectMany(part => part).Select(identifier => identifier.ToString())];
    }
}
