using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Containment;

/// <summary>A profile over its size is flagged, closed to others, and learns aggregates only.</summary>
public sealed class OversizedTests
{
    [Fact]
    public async Task Collect_WhenAStateIsOverItsSize_FlagsItAndKeepsAggregatesOnly()
    {
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Grid:ProfileBytesMax", "4000"),
            ("Customer360:Grid:SaveAfterMessages", "1")
        );
        for (int index = 0; index < 100; index++)
        {
            await grid.CollectApplied(Track($"m{index}", "u1", "a1", $"Event {index}"));
        }

        JsonObject profile = await grid.Profile("user_id:u1");
        Assert.True((bool?)profile["lifecycle"]!["oversized"]);
        Assert.True((bool?)profile["lifecycle"]!["truncated"]);
        Assert.Equal(100, (long?)profile["lifecycle"]!["messageCount"]);
        JsonArray events = profile["events"]!.AsArray();
        Assert.InRange(events.Count, 2, 60);
        Assert.Equal(100, events.Sum(one => (long)one!["count"]!));

        // It takes on nobody and nothing more, and the others stay apart from it.
        await grid.CollectApplied(Track("x1", null, "a2"), Identify("x2", "u1", "a2"));
        Assert.NotEqual(await grid.OwnerOf("user_id:u1"), await grid.OwnerOf("anonymous_id:a2"));
        Assert.Contains(
            await grid.DecisionsOf((await grid.OwnerOf("user_id:u1"))!),
            one =>
                one.Kind == DecisionKinds.Demoted
                && System.Text.Encoding.UTF8.GetString(one.Payload.Span).Contains("profile_too_large")
        );

        await grid.CrashAndRestartAsync();
        Assert.Equal(101, (long?)(await grid.Profile("user_id:u1"))["lifecycle"]!["messageCount"]);
        Assert.True((bool?)(await grid.Profile("user_id:u1"))["lifecycle"]!["oversized"]);
    }

    [Fact]
    public async Task Merge_WhenBothWouldHoldTooMany_IsRefused()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Holding(3));
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Identify("m2", null, "a2", new JsonObject { ["email"] = "x@example.com" }));

        await grid.CollectApplied(Identify("m3", "u1", "a2"));

        Assert.NotEqual(await grid.OwnerOf("user_id:u1"), await grid.OwnerOf("anonymous_id:a2"));
        Assert.Equal(2, (long?)(await grid.Profile("user_id:u1"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Absorb_WhenTheYoungerIsOversized_IsRefused()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Holding(2));
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Track("m2", null, "a2"));
        string older = (await grid.OwnerOf("user_id:u1"))!;
        string younger = (await grid.OwnerOf("anonymous_id:a2"))!;

        MergeReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(new MergeRequest(older, "merge", "m3", "test", DateTimeOffset.UnixEpoch, "v", []));

        Assert.Equal("profile_too_large", reply.Refused);
        Assert.Equal(younger, await grid.OwnerOf("anonymous_id:a2"));
    }

    /// <summary>
    /// The younger customer was counted by the default of 1,000, whatever the rules said: a merge that the decision allowed was
    /// refused, and decided and refused again.
    /// </summary>
    [Fact]
    public async Task Absorb_WhenTheRulesAllowMoreThanTheDefault_TakesTheYoungerIn()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Holding(2_000));
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        var younger = new CustomerState
        {
            Status = OwnerStatus.Sealed,
            Revision = 1,
            Merge = new MergeUnderWay("", "d_1", "m2", "test", DateTimeOffset.UnixEpoch, "v", []),
            Map = ProfileMap.Of(
                Enumerable
                    .Range(0, IdentityRules.ProfileIdentifiersMaxDefault)
                    .Select(number => new ProfileEntry(
                        Identifier.Create("anonymous_id", $"many-{number}"),
                        new LinkEvidence("m2", "test", DateTimeOffset.UnixEpoch, "v", null),
                        0,
                        ProfileFold.Empty
                    ))
            ),
        };

        AbsorbReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf("user_id:u1"))!)
            .Absorb(new AbsorbRequest("c_younger", "d_1", CustomerStateCodec.Encode(younger)));

        Assert.Null(reply.Refused);
    }

    /// <summary>Rules by which a customer may hold so many identifiers.</summary>
    private static string Holding(int identifiers) =>
        $$"""
            defaultRegion: US
            identifiers:
              user_id: { priority: 1, limit: 1 }
              email: { priority: 2, limit: {{identifiers}}, normalisation: email }
              anonymous_id: { priority: 3, limit: {{identifiers}}, kind: device }
            containment:
              profile: { identifiersMax: {{identifiers}} }
            """;
}
