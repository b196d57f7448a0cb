using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Privacy;

/// <summary>
/// Calls that were on their way while somebody was suppressed, and come when nothing of her may be written any more. The simulation
/// found each: seeds 2485, 12772, 19922 and 20554 of 27 November 2026.
/// </summary>
public sealed class LateForSuppressedTests
{
    private static readonly Identifier s_jane = Identifier.Parse("email:jane@x.example");
    private static readonly Identifier s_device = Identifier.Parse("anonymous_id:device-1");

    [Fact]
    public async Task Tie_OfWhoIsSuppressed_IsNotWritten()
    {
        await using TestGrid grid = await Suppressed(s_jane);

        await grid
            .Grains.GetGrain<IIdentifierGrain>(s_jane.ToString())
            .Tie(new TieRequest(s_device, 50, "m1", "web", DateTimeOffset.UnixEpoch, "r1"));

        Assert.Null(await Stored(grid, GrainKeys.IdentifierState, s_jane.ToString()));
    }

    [Fact]
    public async Task Claim_OfWhoIsSuppressed_IsRefusedAndNotWritten()
    {
        await using TestGrid grid = await Suppressed(s_jane);
        IIdentifierGrain jane = grid.Grains.GetGrain<IIdentifierGrain>(s_jane.ToString());

        await Assert.ThrowsAnyAsync<Exception>(() => jane.Claim("c_019ac8d12f400030000000001"));
        await Assert.ThrowsAnyAsync<Exception>(() => jane.ClaimTied("c_019ac8d12f400030000000001", s_device, 50));

        Assert.Null(await Stored(grid, GrainKeys.IdentifierState, s_jane.ToString()));
    }

    [Fact]
    public async Task Apply_OfAMessageThatMentionsWhoIsSuppressed_FoldsTheRest()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", "friend-user-1", null));
        string owner = (await grid.OwnerOf("user_id:friend-user-1"))!;
        await Suppress(grid, s_jane);
        Envelope message = grid.Read(Identify("m2", "friend-user-1", null, new() { ["email"] = "jane@x.example" }));
        Assert.Contains(s_jane, message.Identifiers);
        var late = new StoredEnvelope(Partitions.Of(message.Anchor, grid.Partitions), 1_000, message);

        ApplyReply reply = await grid.Grains.GetGrain<ICustomerGrain>(owner).Apply(new ApplyRequest([late]));

        Assert.Empty(reply.Unlinked);
        Assert.Empty(reply.Unowned);
        await grid.Grains.GetGrain<ICustomerGrain>(owner).LetGo([s_jane]);
        string stored = (await Stored(grid, GrainKeys.CustomerState, owner))!;
        Assert.Contains("m2", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(s_jane.ToString(), stored, StringComparison.Ordinal);
    }

    /// <summary>A CRM is read again, and its deal still names somebody who was forgotten: she comes back neither in the log nor in the company.</summary>
    [Fact]
    public async Task Deal_ThatNamesWhoIsSuppressed_IsKeptWithoutHer()
    {
        await using TestGrid grid = await Suppressed(Identifier.Create("hubspot.contact", "62515:1"));

        await grid.CollectApplied(
            new JsonObject
            {
                ["type"] = "track",
                ["messageId"] = "deal",
                ["userId"] = "crm",
                ["event"] = OpportunityEvents.DealChanged,
                ["context"] = new JsonObject { ["groupId"] = "acme" },
                ["properties"] = JsonNode.Parse(
                    """
                    {"recordId":"5","contacts":[{"type":"hubspot.contact","id":"62515:1"},{"type":"hubspot.contact","id":"62515:2"}]}
                    """
                ),
            }
        );

        string stored = (await Stored(grid, GrainKeys.AccountState, "acme"))!;
        Assert.Contains("62515:2", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("62515:1", stored, StringComparison.Ordinal);
    }

    private static async Task<TestGrid> Suppressed(Identifier identifier)
    {
        TestGrid grid = await TestGrid.StartAsync();
        await Suppress(grid, identifier);
        return grid;
    }

    /// <summary>On the list, and this node follows it.</summary>
    private static async Task Suppress(TestGrid grid, Identifier identifier)
    {
        long sequence = await grid
            .Grains.GetGrain<ISuppressionGrain>(GrainKeys.Current)
            .Suppress([identifier], "p_1", "test");
        await grid.Services.GetRequiredService<Suppressions>().Follow(sequence, CancellationToken.None);
    }

    private static async Task<string?> Stored(TestGrid grid, string kind, string key) =>
        await grid.Services.GetRequiredService<IGrainStateStore>().ReadAsync(kind, key, CancellationToken.None)
            is { } row
            ? System.Text.Encoding.UTF8.GetString(row.Json.Span)
            : null;
}
