using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Webhooks;

/// <summary>The program that users run, with a store of its own, and services that send webhooks to it.</summary>
public sealed class WebhookHost : IAsyncDisposable
{
    public const string HubSpotPath = "/webhooks/hubspot/hubspot";
    public const string SalesforcePath = "/webhooks/salesforce/salesforce?token=the-token-of-salesforce";

    private const string PublicUrl = "https://grid.example.com";
    private const string HubSpotSecret = "the-secret-of-hubspot";
    private const string ShopSecret = "the-secret-of-shop";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly Dictionary<string, string?> _settings;
    private ProfilesHost _host;

    private WebhookHost(ProfilesHost host, string folder, Dictionary<string, string?> settings) =>
        (_host, _folder, _settings) = (host, folder, settings);

    /// <summary>Starts with the sources of <paramref name="sources"/>, a file.</summary>
    /// <param name="identity">Another file; null: the built-in rules, which know CRM records.</param>
    /// <param name="settings">More of them.</param>
    /// <param name="more">Other policies: a file's name and its text.</param>
    public static async Task<WebhookHost> Start(
        string sources,
        string? identity = null,
        Dictionary<string, string?>? settings = null,
        params (string Name, string Text)[] more
    )
    {
        settings ??= [];
        string folder = Directory.CreateTempSubdirectory("c360-webhooks-").FullName;
        string policies = Directory.CreateDirectory(Path.Combine(folder, "policies")).FullName;
        if (identity is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(policies, "identity.yaml"), identity);
        }

        await File.WriteAllTextAsync(Path.Combine(policies, "sources.yaml"), sources);
        foreach ((string name, string text) in more)
        {
            await File.WriteAllTextAsync(Path.Combine(policies, name), text);
        }

        return new WebhookHost(await StartIn(folder, settings), folder, settings);
    }

    /// <summary>Sends events as an SDK does, and waits until they are in the profiles.</summary>
    public async Task Collect(params string[] messages)
    {
        (int status, string answer) = await Send(
            "/v1/batch?wait=applied",
            $$"""{"batch":[{{string.Join(',', messages)}}]}""",
            ("Authorization", $"Bearer {ProfilesHost.CollectKey}")
        );
        Assert.True(status == 200, answer);
    }

    /// <summary>Starts anew on the same store.</summary>
    /// <param name="setting">A setting that is another one now.</param>
    public async Task RestartAsync(params (string Name, string Value)[] setting)
    {
        await _host.DisposeAsync();
        foreach ((string name, string value) in setting)
        {
            _settings[name] = value;
        }

        _host = await StartIn(_folder, _settings);
    }

    /// <summary>Sends what HubSpot signs, now and with its secret unless something else is said.</summary>
    public Task<(int Status, string Answer)> SendHubSpot(
        string body,
        string? secret = null,
        TimeSpan age = default,
        string? signedBody = null,
        string path = HubSpotPath
    )
    {
        string timestamp = $"{(TimeProvider.System.GetUtcNow() - age).ToUnixTimeMilliseconds()}";
        byte[] signed = Encoding.UTF8.GetBytes($"POST{PublicUrl}{path}{signedBody ?? body}{timestamp}");
        string signature = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? HubSpotSecret), signed)
        );
        return Send(path, body, ("X-HubSpot-Signature-v3", signature), ("X-HubSpot-Request-Timestamp", timestamp));
    }

    /// <summary>Sends what Shopify signs.</summary>
    public Task<(int Status, string Answer)> SendShop(string body, params (string Name, string Value)[] headers) =>
        Send(
            "/webhooks/shop",
            body,
            [
                .. headers,
                (
                    "X-Shopify-Hmac-Sha256",
                    Convert.ToBase64String(
                        HMACSHA256.HashData(Encoding.UTF8.GetBytes(ShopSecret), Encoding.UTF8.GetBytes(body))
                    )
                ),
            ]
        );

    public Task<(int Status, string Answer)> Send(
        string path,
        string body,
        params (string Name, string Value)[] headers
    ) => Call(HttpMethod.Post, path, body, headers);

    /// <summary>Calls without a key, as a service does.</summary>
    public async Task<(int Status, string Answer)> Call(
        HttpMethod method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var client = new HttpClient { BaseAddress = _host.Client.BaseAddress };
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a key with a role, and waits until it opens what its role does.</summary>
    public async Task<string> Key(string name, string role)
    {
        (int status, JsonElement made) = await Ask(
            HttpMethod.Post,
            "/v1/keys",
            $$"""{"name":"{{name}}","roles":["{{role}}"]}"""
        );
        Assert.True(status == (int)HttpStatusCode.Created, made.ToString());
        string key = made.GetProperty("key").GetString()!;
        await Until(async () => (await Ask(HttpMethod.Get, "/v1/leads", key: key)).Status == (int)HttpStatusCode.OK);
        return key;
    }

    /// <summary>Asks as an administrator, or with another key.</summary>
    public async Task<(int Status, JsonElement Answer)> Ask(
        HttpMethod method,
        string path,
        string? body = null,
        string key = ProfilesHost.AdminKey
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        return ((int)response.StatusCode, ProfilesHost.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>What a source has left to be done: <c>reason place</c> of each part, and <c>object id reason</c> of each read.</summary>
    public async Task<string[]> Backlog(string source)
    {
        (int status, JsonElement backlog) = await Ask(HttpMethod.Get, $"/v1/webhooks/{source}");
        Assert.Equal(200, status);
        return
        [
            .. backlog
                .GetProperty("parts")
                .EnumerateArray()
                .Select(part => $"{part.GetProperty("reason")} {part.GetProperty("place")}".TrimEnd()),
            .. backlog
                .GetProperty("reads")
                .EnumerateArray()
                .Select(read => $"{read.GetProperty("object")} {read.GetProperty("id")} {read.GetProperty("reason")}"),
        ];
    }

    /// <summary>The profile, once it is as it has to be.</summary>
    public async Task<JsonElement> Profile(string identifier, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            (int status, JsonElement profile) = await Ask(
                HttpMethod.Get,
                $"/v1/profiles/{Uri.EscapeDataString(identifier)}?verbose=true"
            );
            if (status == (int)HttpStatusCode.OK && isSo(profile))
            {
                return profile;
            }

            Assert.False(patience.IsCancellationRequested, $"{status} {profile}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<ProfilesHost> StartIn(string folder, Dictionary<string, string?> settings) =>
        ProfilesHost.StartReal(
            folder,
            new Dictionary<string, string?>(settings, StringComparer.Ordinal)
            {
                ["Customer360:Grid:Partitions"] = "3",
                ["Customer360:Cluster:Dashboard"] = "false",
                ["Customer360:PublicUrl"] = PublicUrl,
                ["Customer360:Policies:Folder"] = Path.Combine(folder, "policies"),
                // A variable's name is in capitals.
                ["Customer360:Webhooks:HUBSPOT:Secrets:0"] = "an-older-secret",
                ["Customer360:Webhooks:HUBSPOT:Secrets:1"] = HubSpotSecret,
                ["Customer360:Webhooks:salesforce:Secrets:0"] = "the-token-of-salesforce",
                ["Customer360:Webhooks:shop:Secrets:0"] = ShopSecret,
            }
        );
}
