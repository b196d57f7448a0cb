using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Audit;

/// <summary>A real grid with an audit log, and what tests put into it.</summary>
internal static class AuditGrid
{
    public const string Ada = "ada.lovelace@example.com";

    public static async Task<ProfilesHost> StartAs(string folder, string key)
    {
        ProfilesHost host = await ProfilesHost.StartReal(folder);
        UseKey(host, key);
        return host;
    }

    public static void UseKey(ProfilesHost host, string key) =>
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    public static Task CollectAda(ProfilesHost host) =>
        host.Collect(
            $$"""
            {"batch":[{"type":"identify","messageId":"{{Ada}}-1","userId":"u-ada","anonymousId":"ada-device-1",
            "traits":{"email":"{{Ada}}","name":"Ada Lovelace","phone":"+491701234567"} }]}
            """
        );

    public static Task Append(ProfilesHost host, int count) =>
        host
            .Services.GetRequiredService<IAuditLog>()
            .AppendAsync(
                [.. Enumerable.Range(0, count).Select(number => Entry($"t-{number}"))],
                CancellationToken.None
            );

    public static AuditEntry Entry(string id) =>
        new(id, ProfilesWorld.Now, "thing.done", new AuditActor("key", "tester", "admin"), "thing", "o-1");
}
