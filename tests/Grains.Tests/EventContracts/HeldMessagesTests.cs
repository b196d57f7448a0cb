using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Jobs;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Grains.Tests.EventContracts;

/// <summary>Messages that do not keep their contracts: held and counted once, whatever crashes, and released once.</summary>
public sealed class HeldMessagesTests
{
    private const string Strict = """
        owner: {team: data, contact: data}
        modes: {violations: quarantine}
        contracts:
          - name: Bought
            versions: [{version: 1.0.0, schema: {properties: {total: {type: number}}}}]
        """;

    private static readonly RedriveFilter s_all = new(null, null, null);

    [Fact]
    public async Task HeldMessages_ThroughCrashes_AreListedAndCountedOnceAndChangeNoProfile()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, Strict);
        await Send(grid, Bought("m-1", "1"), Bought("m-2", "\"2\""), Bought("m-3", "\"3\""));
        await grid.CrashAndRestartAsync();
        await Put(grid, Strict);

        // A repeat is one, also of what is held.
        CollectReply again = await Send(grid, Bought("m-2", "\"2\""), Bought("m-4", "\"4\""));
        Assert.True(again.Receipts[0].Duplicate);
        await TestGrid.UntilAsync(async () => await CountOf(grid) == 3);
        await grid.CrashAndRestartAsync();
        await TestGrid.UntilAsync(async () => (await Listed(grid)).Length == 3);

        Assert.Equal(3, await CountOf(grid));
        Assert.All(await Listed(grid), one => Assert.Equal(ContractViolations.Reason, one.Reason));
        await AssertFoldIsThatOf(grid, 1);
        await AssertRebuildIsTheSame(grid);
    }

    [Fact]
    public async Task HeldMessages_OfSomebodyWhoSentNothingElse_MakeNoCustomer()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, Strict);

        await Send(grid, Bought("m-1", "\"1\""));
        await TestGrid.UntilAsync(async () => (await Listed(grid)).Length == 1);

        Assert.Null(await grid.OwnerOf("user_id:u-1"));
        await AssertRebuildIsTheSame(grid);
    }

    [Fact]
    public async Task Redrive_AfterTheContractWasAmended_AppliesEachOnce_ThroughACrash()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, Strict);
        await Send(grid, [.. Enumerable.Range(1, 20).Select(number => Bought($"m-{number}", $"\"{number}\""))]);
        await TestGrid.UntilAsync(async () => (await Listed(grid)).Length == 20);
        await Put(grid, Strict.Replace("number", "string", StringComparison.Ordinal));
        ImmutableArray<QuarantinedPlace> places = await Listed(grid);

        // What a job that crashes behind its first half leaves: some are stored again and left the list.
        IIntakeGrain intake = grid.Grains.GetGrain<IIntakeGrain>(places[0].Partition);
        RedriveReply half = await intake.Redrive(
            new RedriveRequest([.. places.Take(10).Select(one => one.Position)], s_all, IsDryRun: false)
        );
        Assert.Equal((10, 10), (half.Matched, half.Released));
        await grid.CrashAndRestartAsync();
        await Put(grid, Strict.Replace("number", "string", StringComparison.Ordinal));
        await TestGrid.UntilAsync(async () => await Redrive(grid) == 0);

        await grid.CatchUpAsync();
        Assert.Empty(await Listed(grid));
        await AssertFoldIsThatOf(grid, 20);
        await AssertRebuildIsTheSame(grid);
        Assert.Equal(20, await CountOf(grid));
        await grid.CrashAndRestartAsync();
        await AssertFoldIsThatOf(grid, 20);
        // What comes by once more after the crash has left, and is not listed again.
        await grid.CatchUpAsync();
        Assert.Empty(await Listed(grid));
    }

    [Fact]
    public async Task Redrive_OfMoreThanACustomerCouldRemember_IsDoneAllTheSame()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, Strict);
        await Send(grid, [.. Enumerable.Range(1, 300).Select(number => Bought($"m-{number}", "\"x\""))]);
        await Send(grid, Bought("good", "1"));
        await grid.CatchUpAsync();
        await AssertFoldIsThatOf(grid, 1);
        await Put(grid, Strict.Replace("number", "string", StringComparison.Ordinal));

        await TestGrid.UntilAsync(async () => await Redrive(grid) == 0);

        await grid.CatchUpAsync();
        await AssertFoldIsThatOf(grid, 301);
    }

    private static async Task Put(TestGrid grid, string yaml)
    {
        PolicyReply reply = await Policies.Put(grid, ContractsPolicyKind.KindName, yaml);
        Assert.Null(reply.Objection);
        IPolicy<ContractsPolicy> policy = grid.Services.GetRequiredService<IPolicy<ContractsPolicy>>();
        await TestGrid.Until(() => policy.InForce.Body.Version == reply.Current!.Version);
    }

    private static async Task<CollectReply> Send(TestGrid grid, params string[] messages)
    {
        EnvelopeReader reader = grid.Services.GetRequiredService<EnvelopeReader>();
        using SentBody body = SentBody.OfBatch(
            Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', messages)}}]}""")
        );
        var context = new MessageContext("web", TimeProvider.System.GetUtcNow(), null, null, messages[0], 0);
        var envelopes = ImmutableArray.CreateBuilder<Envelope>();
        for (int index = 0; index < body.Count; index++)
        {
            envelopes.Add(reader.Read(body[index], context with { Index = index }).Value!);
        }

        return await grid.Send(
            Partitions.Of(envelopes[0].Anchor, grid.Partitions),
            envelopes.ToImmutable(),
            applied: false
        );
    }

    /// <summary>How many were released.</summary>
    private static async Task<int> Redrive(TestGrid grid)
    {
        ImmutableArray<QuarantinedPlace> places = await Listed(grid);
        RedriveReply[] replies = await Task.WhenAll(
            places
                .GroupBy(one => one.Partition)
                .Select(part =>
                    grid.Grains.GetGrain<IIntakeGrain>(part.Key)
                        .Redrive(new RedriveRequest([.. part.Select(one => one.Position)], s_all, IsDryRun: false))
                )
        );
        Assert.All(replies, reply => Assert.Empty(reply.Violations));
        return replies.Sum(reply => reply.Released);
    }

    private static Task<ImmutableArray<QuarantinedPlace>> Listed(TestGrid grid) =>
        grid.Grains.GetGrain<IIntakeGrain>(0).ListQuarantined(null, 1_000);

    private static async Task<long> CountOf(TestGrid grid)
    {
        ImmutableArray<ViolationRow> rows = await grid.Grains.GetGrain<IContractViolationsGrain>("web").Get();
        return rows.IsEmpty ? 0 : Assert.Single(rows).Count;
    }

    private static async Task AssertFoldIsThatOf(TestGrid grid, int messages)
    {
        string owner = (await grid.OwnerOf("user_id:u-1"))!;
        await TestGrid.UntilAsync(async () =>
        {
            EntriesReply reply = await grid
                .Grains.GetGrain<ICustomerGrain>(owner)
                .GetEntries(new EntriesQuery([Identifier.Parse("user_id:u-1")]));
            JsonNode fold = JsonNode.Parse(Assert.Single(reply.Entries).FoldJson.Span)!;
            return fold["messageCount"]!.GetValue<long>() == messages;
        });
    }

    private static async Task AssertRebuildIsTheSame(TestGrid grid)
    {
        (_, JsonObject check) = await new JobClient(grid).Run(JobKind.Check, null);
        Assert.Equal("[]", check["differences"]!.ToJsonString());
    }

    private static string Bought(string id, string total) =>
        $$$"""{"type":"track","event":"Bought","messageId":"{{{id}}}","userId":"u-1","properties":{"total":{{{total}}}}}""";
}
