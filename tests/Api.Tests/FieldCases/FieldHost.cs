using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>The program that users run, with a store of its own, and what its users do with it.</summary>
public sealed class FieldHost : IAsyncDisposable
{
    /// <summary>Of a web page that has not sent anything before.</summary>
    private const string PageKey = "key-of-a-new-page";

    private readonly string _folder;
    private ProfilesHost _host;
    private int _messages;

    private FieldHost(ProfilesHost host, string folder)
    {
        _host = host;
        _folder = folder;
    }

    public HttpClient Client => _host.Client;

    public static Task<FieldHost> Start() => StartOn(Directory.CreateTempSubdirectory("c360-field-").FullName);

    /// <summary>Starts it on a store that is there.</summary>
    public static async Task<FieldHost> StartOn(string folder) => new(await StartReal(folder), folder);

    private static Task<ProfilesHost> StartReal(string folder) =>
        ProfilesHost.StartReal(
            folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Keys:3:Name"] = "page",
                ["Customer360:Keys:3:Key"] = PageKey,
                ["Customer360:Keys:3:Roles:0"] = "collect",
            }
        );

    public async Task RestartAsync()
    {
        await _host.DisposeAsync();
        _host = await StartReal(_folder);
    }

    /// <summary>Gets a path as an administrator.</summary>
    public async Task<JsonElement> AdministratorGet(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    /// <summary>Sends one message to its path and waits until the profiles show it; answers its receipt.</summary>
    public async Task<JsonElement> Send(string kind, string members)
    {
        JsonElement answer = await Post($"/v1/{kind}?wait=applied", $"{{{members}}}");
        return answer.GetProperty("receipts")[0];
    }

    /// <summary>Sends a message with an id of its own.</summary>
    public Task<JsonElement> SendNew(string kind, string members) =>
        Send(kind, $"\"messageId\":\"m-{Interlocked.Increment(ref _messages)}\",{members}");

    /// <summary>Sends a body that must be taken.</summary>
    public async Task<JsonElement> Post(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.CollectKey);
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    /// <summary>Sends a message with the public key of another source; it must be taken.</summary>
    public async Task Claim(string kind, string members)
    {
        (int status, JsonElement answer) = await _host.PostJson($"/v1/{kind}?wait=applied", PageKey, $"{{{members}}}");
        Assert.True(status == 200, $"{status} {answer}");
    }

    public async Task<HttpStatusCode> PostAnything(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.CollectKey);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Posts as an administrator; the body must be taken.</summary>
    public async Task<JsonElement> Administrate(string path, string body)
    {
        (int status, JsonElement answer) = await _host.PostJson(path, ProfilesHost.AdminKey, body);
        Assert.True(status == 200, $"{status} {answer}");
        return answer;
    }

    /// <summary>Posts as a reader; the body must be taken.</summary>
    public async Task<JsonElement> PostRead(string path, string body)
    {
        (int status, JsonElement answer) = await _host.PostJson(path, ProfilesHost.ReadKey, body);
        Assert.True(status == 200, $"{status} {answer}");
        return answer;
    }

    public Task<JsonElement> Get(string path) => _host.GetJson(path);

    /// <summary>The customer that an identifier leads to, or null.</summary>
    public async Task<string?> CustomerOf(string identifier)
    {
        using HttpResponseMessage response = await Client.GetAsync($"/v1/profiles/{Uri.EscapeDataString(identifier)}");
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        return (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("customerId").GetString();
    }

    /// <summary>A trait of the profile as JSON; null where it does not show it.</summary>
    public async Task<string?> TraitOf(string identifier, string trait)
    {
        JsonElement profile = await Get($"/v1/profiles/{Uri.EscapeDataString(identifier)}");
        return profile.GetProperty("traits").TryGetProperty(trait, out JsonElement value) ? value.GetRawText() : null;
    }

    public async Task<string> Metrics()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
