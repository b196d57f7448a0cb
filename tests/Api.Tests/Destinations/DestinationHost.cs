using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Destinations;

/// <summary>The program that users run, with a destination whose receiver is a server on loopback, with TLS.</summary>
internal sealed class DestinationHost : IAsyncDisposable
{
    public const string Hook = "hook";
    public const string First = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string Second = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly OpenDsrAuthority _authority;
    private readonly string _policies;

    private DestinationHost(OpenDsrAuthority authority, string policies, OpenDsrReceiver receiver, PrivacyHost grid) =>
        (_authority, _policies, Receiver, Grid) = (authority, policies, receiver, grid);

    public OpenDsrReceiver Receiver { get; }

    public PrivacyHost Grid { get; }

    /// <param name="policy">The destinations; <c>$PORT</c> is the receiver's port. Null: a webhook that gets changes of profiles.</param>
    /// <param name="hasWrongCertificate">The receiver's certificate is of nobody that is trusted.</param>
    /// <param name="more">Settings beside the usual ones.</param>
    public static async Task<DestinationHost> Start(
        string? policy = null,
        bool hasWrongCertificate = false,
        params (string Name, string Value)[] more
    )
    {
        var authority = new OpenDsrAuthority();
        using var stranger = new OpenDsrAuthority();
        OpenDsrReceiver receiver = await OpenDsrReceiver.Start(
            (hasWrongCertificate ? stranger : authority).IssueServer()
        );
        string policies = PolicyFolder();
        PrivacyHost grid = await PrivacyHost.Start(
            more:
            [
                ("Customer360:Policies:Folder", policies),
                ("Customer360:Destinations:Authority", authority.AuthorityFile),
                ("Customer360:Destinations:PrivateHosts:0", "127.0.0.1"),
                ("Customer360:Destinations:Secrets:FIRST", First),
                ("Customer360:Destinations:Secrets:SECOND", Second),
                .. more,
            ]
        );
        var host = new DestinationHost(authority, policies, receiver, grid);
        await host.Put(policy ?? PolicyOf());
        return host;
    }

    /// <summary>A folder with a policy of consent: sales may write to whoever has not said no.</summary>
    /// <param name="within">The folder that it is below; null: it is one of its own.</param>
    public static string PolicyFolder(string? within = null)
    {
        string folder = within is null
            ? Directory.CreateTempSubdirectory("c360-policies-").FullName
            : Directory.CreateDirectory(Path.Combine(within, "policies")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "consent.yaml"),
            "purposes:\n  sales-contact: {choice: opt-out, basis: legitimate-interest}\n"
        );
        return folder;
    }

    /// <summary>A webhook that gets what is named.</summary>
    public static string PolicyOf(
        string effects = "profile.changed",
        string more = "",
        string address = "https://127.0.0.1:$PORT/hook"
    ) =>
        $$"""
            owner: {team: growth, contact: growth}
            destinations:
              hook:
                kind: webhook
                address: {{address}}
                secrets: [FIRST, SECOND]
                purpose: sales-contact
                role: sales
                effects: [{{effects}}]
                {{more}}
            examples:
              - input: {effect: person.erased}
                expect: {to: [hook]}
            """;

    /// <summary>Puts destinations in force and waits until the node follows them.</summary>
    public async Task Put(string policy)
    {
        string text = policy.Replace("$PORT", $"{Receiver.Port}", StringComparison.Ordinal);
        (HttpStatusCode status, JsonElement answer) = await Grid.Ask(
            HttpMethod.Put,
            "/v1/policies/destinations",
            ProfilesHost.AdminKey,
            text
        );
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        var followed = Grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>();
        await Until(() => Task.FromResult(!followed.Current.Demand.IsNothing));
    }

    /// <summary>Sends a user's traits.</summary>
    public Task Identify(string user, string traits = """{"plan":"pro"}""") =>
        Grid.Send("identify", $"\"userId\":\"{user}\",\"traits\":{traits}");

    public Task Track(string user, string name) =>
        Grid.Send("track", $"\"userId\":\"{user}\",\"event\":\"{name}\",\"properties\":{{\"total\":9}}");

    public async Task<JsonElement> Standing()
    {
        (HttpStatusCode status, JsonElement answer) = await Grid.Officer(HttpMethod.Get, "/v1/destinations");
        Assert.Equal(HttpStatusCode.OK, status);
        return Assert.Single(answer.GetProperty("destinations").EnumerateArray());
    }

    /// <summary>Waits until the destination stands so.</summary>
    public async Task<JsonElement> StandingWhen(Func<JsonElement, bool> isSo)
    {
        JsonElement standing = default;
        await Until(async () => isSo(standing = await Standing()));
        return standing;
    }

    /// <summary>What the list of deliveries has, once it has so many.</summary>
    public async Task<JsonElement[]> Deliveries(string filter, int count = 1)
    {
        JsonElement[] lines = [];
        await Until(async () =>
        {
            (HttpStatusCode status, JsonElement answer) = await Grid.Officer(
                HttpMethod.Get,
                $"/v1/destinations/{Hook}/deliveries?{filter}"
            );
            Assert.Equal(HttpStatusCode.OK, status);
            lines = [.. answer.GetProperty("deliveries").EnumerateArray()];
            return lines.Length >= count;
        });
        return lines;
    }

    /// <summary>Waits until something waits for one of these reasons.</summary>
    public Task WaitingWith(params string[] reasons) =>
        Until(async () =>
            (await Deliveries("outcome=waiting", 0)).Any(line =>
                reasons.Contains(line.GetProperty("reason").GetString())
            )
        );

    /// <summary>Another receiver's certificate, of the same authority.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2 Certificate() => _authority.IssueServer();

    /// <summary>Waits for what is received until one is of this type; answers all of them.</summary>
    public async Task<List<ReceivedCallback>> Receive(string type)
    {
        List<ReceivedCallback> all = [];
        do
        {
            all.Add(await Receiver.Next());
        } while (all[^1].Body.GetProperty("type").GetString() != type);

        return all;
    }

    /// <summary>Has a person erased, and waits until it is done.</summary>
    public Task Erase(string identifier) => Grid.Erase(identifier);

    public async Task<JsonElement> Do(string action, HttpStatusCode expected = HttpStatusCode.OK)
    {
        (HttpStatusCode status, JsonElement answer) = await Grid.Officer(
            HttpMethod.Post,
            $"/v1/destinations/{Hook}:{action}"
        );
        Assert.True(status == expected, answer.ToString());
        return answer;
    }

    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        await Receiver.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_policies, recursive: true);
    }
}
