using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Intake;

/// <summary>
/// A message that is sent again after a change of rules may have another anchor. It is still the same message, stored
/// and counted once.
/// </summary>
public sealed class ResendTests
{
    [Fact]
    public async Task Collect_WhenRulesGaveARepeatAnotherAnchor_CountsItOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        JsonObject[] messages = [.. Enumerable.Range(0, 12).Select(n => Track($"m{n}", $"u{n}", $"a{n}"))];
        ImmutableArray<StoredReceipt> first = await grid.CollectApplied(Copy(messages));
        Assert.All(first, receipt => Assert.False(receipt.Duplicate));

        await grid.PutRules(Rules.DeviceFirst);
        ImmutableArray<StoredReceipt> again = await grid.CollectApplied(Copy(messages));

        Assert.All(again, receipt => Assert.True(receipt.Duplicate));
        Assert.Equal(messages.Length, (await Logged(grid)).Length);
        for (int n = 0; n < messages.Length; n++)
        {
            Assert.Equal(1, (int)(await grid.Profile($"user_id:u{n}"))["lifecycle"]!["messageCount"]!);
        }
    }

    [Fact]
    public async Task Collect_WhenStoredElsewhere_SaysWhere()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject message, int from, int to) = Moving(grid);
        StoredReceipt first = Assert.Single(await grid.CollectApplied(Copy(message)));
        await grid.PutRules(Rules.DeviceFirst);

        CollectReply reply = await grid.Send(to, [grid.Read(message)], applied: true);

        Assert.Equal(CollectStatus.Applied, reply.Status);
        Assert.Equal(
            new StoredReceipt(first.Position, Duplicate: true) { OtherPartition = from },
            Assert.Single(reply.Receipts)
        );
    }

    [Fact]
    public async Task Collect_WhenRulesAreRolledBack_KnowsWhatWasStoredMeanwhile()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Rules.UserFirst);
        JsonObject[] before = Many("before");
        await grid.CollectApplied(Copy(before));
        await grid.PutRules(Rules.DeviceFirst);
        JsonObject[] between = Many("between");
        await grid.CollectApplied(Copy(between));
        await grid.PutRules(Rules.UserFirst);
        await grid.RestartAsync();

        ImmutableArray<StoredReceipt> again = await grid.CollectApplied(Copy([.. before, .. between]));

        Assert.All(again, receipt => Assert.True(receipt.Duplicate));
        Assert.Equal(before.Length + between.Length, (await Logged(grid)).Length);
    }

    [Fact]
    public async Task Collect_WhenReadByRulesOfBefore_AsksForAnotherReading()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject message, int from, _) = Moving(grid);
        Envelope old = grid.Read(message);
        await grid.PutRules(Rules.DeviceFirst);

        // This node follows the change later than the partition's.
        CollectReply late = await grid
            .Grains.GetGrain<IIntakeGrain>(from)
            .Collect(new CollectRequest([old], false, TimeSpan.Zero));

        Assert.Equal(CollectStatus.OtherAnchors, late.Status);
        Assert.Equal(grid.Rules.Epoch, late.AnchorsSince);
        Assert.Empty(await Logged(grid));
        Assert.False(Assert.Single(await grid.CollectApplied(Copy(message))).Duplicate);
        Assert.Equal(0, (await grid.Grains.GetGrain<IIntakeGrain>(from).GetStatus()).Waiting);
    }

    [Fact]
    public async Task Collect_WhenTheSenderFollowsAChangeFirst_FollowsItToo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject message, _, int to) = Moving(grid);
        await grid.CollectApplied(Copy(message));
        PolicyReply put = await Policies.Put(grid, Policies.Identity, Rules.DeviceFirst);

        // This happens at once; by itself the partition's node would ask within a second.
        Envelope envelope = grid.Read(message, Policies.Rules(Rules.DeviceFirst));
        CollectReply reply = await grid
            .Grains.GetGrain<IIntakeGrain>(to)
            .Collect(new CollectRequest([envelope], false, TimeSpan.Zero) { AnchorsSince = put.Current!.Epoch });

        Assert.True(Assert.Single(reply.Receipts).Duplicate);
        Assert.Single(await Logged(grid));
    }

    [Fact]
    public async Task Collect_WhenBothCopiesAreOnTheirWay_StoresOne()
    {
        // Each of two partitions is just storing by the old rules what the other is sent by the new ones.
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject one, int from, int to) = Moving(grid);
        (JsonObject other, _, _) = Moving(grid, from: to, to: from);
        (Envelope oldOne, Envelope oldOther) = (grid.Read(one), grid.Read(other));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new CountdownEvent(2);
        grid.Faults.OnAppend(before: async _ =>
        {
            if (!held.IsSet)
            {
                held.Signal();
            }

            await release.Task;
        });
        Task<CollectReply>[] first =
        [
            grid.Send(from, [oldOne], applied: false),
            grid.Send(to, [oldOther], applied: false),
        ];
        Assert.True(held.Wait(TimeSpan.FromSeconds(30)));
        await grid.PutRules(Rules.DeviceFirst);

        Task<CollectReply>[] second =
        [
            grid.Send(to, [grid.Read(one)], applied: true),
            grid.Send(from, [grid.Read(other)], applied: true),
        ];
        release.SetResult();

        CollectReply[] stored = await Task.WhenAll(first);
        CollectReply[] again = await Task.WhenAll(second);
        Assert.All(stored, reply => Assert.False(Assert.Single(reply.Receipts).Duplicate));
        Assert.All(again, reply => Assert.True(Assert.Single(reply.Receipts).Duplicate));
        Assert.All(again, reply => Assert.Equal(CollectStatus.Applied, reply.Status));
        Assert.Equal(2, (await Logged(grid)).Length);
    }

    [Fact]
    public async Task Collect_WhenAnAppendWasStoredWithoutAnAnswer_KnowsItAfterTheChange()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject message, _, _) = Moving(grid);
        grid.Faults.OnAppend(after: _ => throw new StorageUnavailableException("Planned by the test."));
        await Assert.ThrowsAnyAsync<Exception>(() => grid.Collect(applied: false, Copy(message)));
        grid.Faults.Heal();
        await grid.PutRules(Rules.DeviceFirst);

        Assert.True(Assert.Single(await grid.CollectApplied(Copy(message))).Duplicate);
        Assert.Single(await Logged(grid));
    }

    [Fact]
    public async Task Collect_WhenTheProcessDiesBetweenTheLookAndTheAppend_StoresTheNextTryOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject message, _, _) = Moving(grid);
        await grid.PutRules(Rules.DeviceFirst);
        grid.Faults.OnAppend(before: _ =>
        {
            grid.Faults.Die();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAnyAsync<Exception>(() => grid.Collect(applied: false, Copy(message)));
        Assert.True(grid.Faults.Finds > 0);
        await grid.CrashAndRestartAsync();
        Assert.Empty(await Logged(grid));

        Assert.False(Assert.Single(await grid.CollectApplied(Copy(message))).Duplicate);
        await grid.PutRules(Rules.UserFirst);
        Assert.True(Assert.Single(await grid.CollectApplied(Copy(message))).Duplicate);
        Assert.Single(await Logged(grid));
    }

    [Fact]
    public async Task Collect_WhenAnotherMessageHasTheId_StoresBoth()
    {
        // This sender numbers messages per user. An id is unique only among the messages of its partition.
        await using TestGrid grid = await TestGrid.StartAsync();
        (JsonObject message, int from, int to) = Moving(grid);
        await grid.CollectApplied(Copy(message));
        await grid.PutRules(Rules.DeviceFirst);
        JsonObject other = Moving(grid, from: null, to, message["messageId"]!.GetValue<string>(), first: 500).Message;

        Assert.False(Assert.Single(await grid.CollectApplied(Copy(other))).Duplicate);
        Assert.True(Assert.Single(await grid.CollectApplied(Copy(message))).Duplicate);
        Assert.Equal(2, (await Logged(grid)).Length);
    }

    [Fact]
    public async Task Collect_WhileNoChangeMovesAnchors_LooksForNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Rules.UserFirst);
        long since = grid.Rules.Epoch;
        await grid.PutRules(Rules.UserFirst.Replace("limit: 5", "limit: 4", StringComparison.Ordinal));
        Assert.Equal(since, grid.Rules.Epoch);

        // The built-in rules know more types; against a file of them only the limits differ.
        await using TestGrid plain = await TestGrid.StartAsync();
        await plain.PutRules(Policies.BuiltInRules.Replace("limit: 5", "limit: 4", StringComparison.Ordinal));
        await plain.CollectApplied(Copy(Many("m")));
        await plain.CollectApplied(Copy(Many("m")));
        Assert.NotEqual(IdentityRules.Default.Version, plain.Rules.Current.Version);
        Assert.Equal(0, plain.Rules.Epoch);
        Assert.Equal(0, plain.Faults.Finds);
    }

    /// <summary>A message that is stored in one partition by the rules that are built in, and in another by those of the test.</summary>
    private static (JsonObject Message, int From, int To) Moving(
        TestGrid grid,
        int? from = null,
        int? to = null,
        string? messageId = null,
        int first = 0
    ) =>
        Enumerable
            .Range(first, 1_000)
            .Select(n =>
                (
                    Message: Track(messageId ?? $"m{n}", $"u{n}", $"a{n}"),
                    From: Partitions.Of(Identifier.Create("user_id", $"u{n}"), grid.Partitions),
                    To: Partitions.Of(Identifier.Create("anonymous_id", $"a{n}"), grid.Partitions)
                )
            )
            .First(one => one.From != one.To && one.From == (from ?? one.From) && one.To == (to ?? one.To));

    private static JsonObject[] Many(string prefix) =>
        [.. Enumerable.Range(0, 12).Select(n => Track($"{prefix}-{n}", $"u{n}", $"a{n}"))];

    private static JsonObject[] Copy(params JsonObject[] messages) =>
        [.. messages.Select(message => message.DeepClone().AsObject())];

    private static async Task<LogRow[]> Logged(TestGrid grid)
    {
        List<LogRow> rows = [];
        for (int partition = 0; partition < grid.Partitions; partition++)
        {
            rows.AddRange(await grid.Log.ReadPartitionAsync(partition, 0, 1_000, CancellationToken.None));
        }

        return [.. rows];
    }

    private static class Rules
    {
        public const string UserFirst = """
            defaultRegion: US
            identifiers:
              user_id: {priority: 1, limit: 1, trust: verified}
              anonymous_id: {priority: 2, limit: 5, kind: device}
              email: {priority: 3, limit: 5, normalisation: email}
            """;

        public const string DeviceFirst = """
            defaultRegion: US
            identifiers:
              anonymous_id: {priority: 1, limit: 5, kind: device}
              user_id: {priority: 2, limit: 1, trust: verified}
              email: {priority: 3, limit: 5, normalisation: email}
            """;
    }
}
