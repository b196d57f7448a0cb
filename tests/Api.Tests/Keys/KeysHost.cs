using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Api.Tests.Keys;

/// <summary>The API above the real grid, and what tests of keys do with it.</summary>
internal sealed class KeysHost : IAsyncDisposable
{
    private readonly ProfilesHost _host;
    private readonly string _folder;

    private KeysHost(ProfilesHost host, string folder, MemoryAudit audit)
    {
        _host = host;
        _folder = folder;
        Audit = audit;
        Http = new HttpClient { BaseAddress = host.Client.BaseAddress };
    }

    /// <summary>Sends no key of its own.</summary>
    public HttpClient Http { get; }

    public MemoryAudit Audit { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<KeysHost> Start(params (string Name, string Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("c360-keys-").FullName;
        var audit = new MemoryAudit();
        ProfilesHost host = await ProfilesHost.StartReal(
            folder,
            settings.ToDictionary(one => one.Name, one => (string?)one.Value),
            services => services.Replace(ServiceDescriptor.Singleton<IAuditLog>(audit))
        );
        return new KeysHost(host, folder, audit);
    }

    public async Task<HttpResponseMessage> Send(
        string method,
        string path,
        string? key,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await Http.SendAsync(request);
    }

    /// <summary>Makes a key; answers its text.</summary>
    public async Task<string> Make(string name, string role, string more = "")
    {
        JsonElement made = await Json(
            await Send(
                "POST",
                "/v1/keys",
                ProfilesHost.AdminKey,
                $$"""{"name":"{{name}}","roles":["{{role}}"]{{more}}}"""
            ),
            HttpStatusCode.Created
        );
        return made.GetProperty("key").GetString()!;
    }

    /// <summary>The status of a read, and of a collect call, with a key.</summary>
    public async Task<int> Read(string key, params (string Name, string Value)[] headers) =>
        (int)(await Send("GET", "/v1/profiles/user_id:nobody", key, null, headers)).StatusCode;

    public async Task<int> Collect(string key, params (string Name, string Value)[] headers) =>
        (int)(await Send("POST", "/v1/track", key, """{"event":"e","userId":"u"}""", headers)).StatusCode;

    public static async Task<JsonElement> Json(HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} {text}");
        return ProfilesHost.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
