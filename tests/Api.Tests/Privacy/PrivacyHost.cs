using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Privacy;

/// <summary>The program that users run, with a store of its own, and what a privacy officer does with it.</summary>
public sealed class PrivacyHost : IAsyncDisposable
{
    public const int PartitionCount = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _settings;
    private readonly KnownKeys? _keys;

    private ProfilesHost _host;
    private int _messages;

    private PrivacyHost(ProfilesHost host, string folder, Dictionary<string, string?> settings, KnownKeys? keys)
    {
        _keys = keys;
        _host = host;
        Folder = folder;
        _settings = settings;
    }

    public string Folder { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Of the program as it runs now.</summary>
    public HttpClient Client => _host.Client;

    /// <param name="keys">In the place of the settings' own.</param>
    /// <param name="more">Settings beside the usual ones.</param>
    public static async Task<PrivacyHost> Start(
        string? folder = null,
        Action<IServiceCollection>? configure = null,
        KnownKeys? keys = null,
        params (string Name, string Value)[] more
    )
    {
        folder ??= Directory.CreateTempSubdirectory("c360-privacy-").FullName;
        Dictionary<string, string?> settings = Settings();
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return new PrivacyHost(await ProfilesHost.StartReal(folder, settings, configure, keys), folder, settings, keys);
    }

    /// <summary>The usual keys, and one for each of these roles of the access policy: <see cref="KeyOf"/>.</summary>
    public static KnownKeys KeysFor(params string[] roles) =>
        new(
            new ApiKeys([
                (new ApiKey("reader", Roles.Read), Encoding.ASCII.GetBytes(ProfilesHost.ReadKey)),
                (new ApiKey("operator", Roles.Admin), Encoding.ASCII.GetBytes(ProfilesHost.AdminKey)),
                (new ApiKey("web", Roles.Collect), Encoding.ASCII.GetBytes(ProfilesHost.CollectKey)),
                .. roles.Select(role =>
                    (new ApiKey(role, Roles.None) { RoleNames = [role] }, Encoding.ASCII.GetBytes(KeyOf(role)))
                ),
            ]),
            Made: null
        );

    public static string KeyOf(string role) => $"key-of-{role}";

    /// <summary>Starts anew on the same store.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _host = await ProfilesHost.StartReal(Folder, _settings, keys: _keys);
    }

    public async Task StopAsync() => await _host.DisposeAsync();

    /// <summary>Sends a message with an id of its own (or this one) and waits until the profiles show it; answers its receipt.</summary>
    public async Task<JsonElement> Send(string kind, string members, string? messageId = null)
    {
        messageId ??= $"m-{Interlocked.Increment(ref _messages)}";
        (HttpStatusCode status, JsonElement answer) = await Ask(
            HttpMethod.Post,
            $"/v1/{kind}?wait=applied",
            ProfilesHost.CollectKey,
            $"{{\"messageId\":\"{messageId}\",{members}}}"
        );
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.GetProperty("receipts")[0];
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(
        HttpMethod method,
        string path,
        string key,
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("X-Receipts", "true");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        using var document = JsonDocument.Parse(text.Length == 0 ? "null" : text);
        return (response.StatusCode, document.RootElement.Clone());
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> Officer(
        HttpMethod method,
        string path,
        string? body = null
    ) => Ask(method, path, ProfilesHost.AdminKey, body);

    /// <summary>Gets a file with no key at all.</summary>
    public async Task<byte[]> Fetch(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("None");
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The profile of an identifier; null where there is none.</summary>
    public async Task<JsonElement?> Profile(string identifier)
    {
        (HttpStatusCode status, JsonElement profile) = await Ask(
            HttpMethod.Get,
            $"/v1/profiles/{Uri.EscapeDataString(identifier)}",
            ProfilesHost.ReadKey
        );
        return status == HttpStatusCode.NotFound ? null : profile;
    }

    /// <summary>Takes a request and answers its id.</summary>
    public async Task<string> Begin(string body)
    {
        (HttpStatusCode status, JsonElement answer) = await Officer(HttpMethod.Post, "/v1/privacy/requests", body);
        Assert.True(status == HttpStatusCode.Accepted, $"{status} {answer}");
        return answer.GetProperty("id").GetString()!;
    }

    /// <summary>Waits until a request stands so.</summary>
    public async Task<JsonElement> WaitFor(string id, string status)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            (HttpStatusCode code, JsonElement request) = await Officer(HttpMethod.Get, $"/v1/privacy/requests/{id}");
            Assert.Equal(HttpStatusCode.OK, code);
            if (request.GetProperty("status").GetString() == status)
            {
                return request;
            }

            Assert.False(patience.IsCancellationRequested, $"The request stands so: {request}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async Task<JsonElement> Erase(params string[] identifiers) =>
        await WaitFor(
            await Begin($$"""{"type":"erasure","identifiers":{{JsonSerializer.Serialize(identifiers)}}}"""),
            "done"
        );

    /// <summary>Waits for a job's result.</summary>
    public async Task<JsonElement> WaitForJob(string id)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            (_, JsonElement job) = await Officer(HttpMethod.Get, $"/v1/jobs/{id}");
            if (job.GetProperty("status").GetString() == "done")
            {
                return job.GetProperty("result");
            }

            Assert.False(patience.IsCancellationRequested, $"{job}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits until a job of a kind has failed; answers what it says.</summary>
    public async Task<string> WaitForFailure(string kind)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            (_, JsonElement jobs) = await Officer(HttpMethod.Get, "/v1/jobs");
            foreach (JsonElement job in jobs.GetProperty("jobs").EnumerateArray())
            {
                if (job.GetProperty("kind").GetString() == kind && job.GetProperty("status").GetString() == "failed")
                {
                    return job.GetProperty("failure").GetString()!;
                }
            }

            Assert.False(patience.IsCancellationRequested, $"{jobs}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static Dictionary<string, string?> Settings() =>
        new(StringComparer.Ordinal)
        {
            ["Customer360:Grid:Partitions"] = $"{PartitionCount}",
            ["Customer360:Jobs:Share"] = "1",
            ["Customer360:Cluster:Dashboard"] = "false",
        };
}
