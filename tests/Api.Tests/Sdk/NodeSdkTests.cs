using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Sdk;

/// <summary><c>@segment/analytics-node</c> from npm, unmodified.</summary>
public sealed class NodeSdkTests
{
    private const string Script = "node/send.mjs";

    [SdkFact]
    public async Task Messages_OfEveryKind_AreInTheProfile()
    {
        await using GridHost host = new();

        JsonElement result = await SdkScript.RunAsync(Script, host.Address, CollectHost.CollectKey, "node");

        Assert.Equal(7, result.GetProperty("sent").GetInt32());
        JsonElement profile = await host.WaitForProfileAsync("anonymous_id:node-anonymous", IsWhole);
        Assert.Equal(3, profile.GetProperty("traits").GetProperty("seats").GetInt32());
        foreach (string identifier in new[] { "user_id:node-user", "email:node@example.com" })
        {
            await host.WaitForProfileAsync(identifier, other => Id(other) == Id(profile) && IsWhole(other));
        }
    }

    [SdkFact]
    public async Task Sdk_TurnedAwayFirst_ComesAgainWhenToldAndNothingIsLost()
    {
        using CollectHost host = new();
        int calls = 0;
        host.Intake.OverloadedForSeconds = 1;
        host.Intake.Before = _ =>
        {
            // Each of the two batches may meet several partitions; the first calls are turned away, and later ones are taken.
            if (Interlocked.Increment(ref calls) > 3)
            {
                host.Intake.OverloadedForSeconds = null;
            }

            return Task.CompletedTask;
        };

        await SdkScript.RunAsync(
            Script,
            host.Address.GetLeftPart(UriPartial.Authority),
            CollectHost.CollectKey,
            "busy"
        );

        Assert.Equal(7, host.Intake.Stored.Count);
        Assert.Equal(7, host.Intake.Stored.Select(envelope => envelope.MessageId).Distinct().Count());
        Assert.All(host.Intake.Stored, envelope => Assert.Equal(CollectHost.SourceName, envelope.Source));
    }

    private static bool IsWhole(JsonElement profile) =>
        profile.GetProperty("traits").TryGetProperty("plan", out JsonElement plan)
        && plan.GetString() == "gold"
        && profile.GetProperty("identifiers").GetRawText() is { } identifiers
        && identifiers.Contains("node-user", StringComparison.Ordinal)
        && identifiers.Contains("node@example.com", StringComparison.Ordinal);

    private static string? Id(JsonElement profile) => profile.GetProperty("customerId").GetString();
}
