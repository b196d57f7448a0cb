using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Endpoints;
using Customer360.Api.Endpoints.Collect;
using Customer360.Api.Endpoints.Receipts;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Telemetry;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Silo;
using Customer360.Silo.Identity;
using Customer360.Silo.Mastership;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Customer360.Api.Tests;

/// <summary>The read side on a real server (its path decoding is part of what is tested), above fake grains.</summary>
public sealed class ProfilesHost : IAsyncDisposable
{
    public const string ReadKey = "reader-key";
    public const string AdminKey = "admin-key";
    public const string CollectKey = "collect-key";

    private readonly WebApplication _app;

    private ProfilesHost(WebApplication app, ProfilesWorld world, FakeReadiness readiness)
    {
        _app = app;
        World = world;
        Readiness = readiness;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ReadKey);
    }

    public ProfilesWorld World { get; }

    public FakeReadiness Readiness { get; }

    /// <summary>Sends the key of a reader.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it above fake grains.</summary>
    public static Task<ProfilesHost> Start(
        ProfilesWorld world,
        Dictionary<string, string?>? settings = null,
        ILoggerProvider? logs = null
    ) =>
        Start(
            world,
            settings,
            logs,
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new FixedTime());
                builder.Services.AddSingleton(IdentityRules.Default);
                builder.Services.AddSingleton<EnvelopeReader>();
                builder.Services.AddSingleton<LiveIdentityRules>();
                builder.Services.AddSingleton(world.Grains());
                builder.Services.AddSingleton<MastershipCopy>();
                builder.Services.AddSingleton<IMastershipSource>(grid => grid.GetRequiredService<MastershipCopy>());
            }
        );

    /// <summary>Starts it above the real grid, which keeps its data in a folder.</summary>
    public static Task<ProfilesHost> StartReal(string folder, Dictionary<string, string?>? settings = null) =>
        Start(
            new ProfilesWorld(),
            new(settings ?? [], StringComparer.Ordinal) { ["Customer360:Data"] = folder },
            logs: null,
            builder => builder.AddGridClient(),
            isReadyFaked: false
        );

    private static async Task<ProfilesHost> Start(
        ProfilesWorld world,
        Dictionary<string, string?>? settings,
        ILoggerProvider? logs,
        Action<WebApplicationBuilder> addGrid,
        bool isReadyFaked = true
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Keys());
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddTelemetry();
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        var readiness = new FakeReadiness();
        addGrid(builder);
        if (isReadyFaked)
        {
            builder.Services.AddSingleton<IGridReadiness>(readiness);
        }

        builder.AddAccess();
        builder.AddCollect();
        builder.Services.AddProfiles();
        builder.Services.AddSegmentProfiles();
        builder.Services.AddQuarantine();
        builder.Services.AddIdentityRulesEndpoints();
        builder.Services.AddJobsEndpoints();
        builder.Services.AddApiDescription();
        WebApplication app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseTelemetry();
        app.UseSegmentRequestId();
        app.UseAccess();
        app.MapCollect();
        app.MapProfilesEndpoints();
        app.MapReceiptsEndpoints();
        app.MapAccountsEndpoints();
        app.MapQuarantineEndpoints();
        app.MapMastershipEndpoints();
        app.MapSegmentEndpoints();
        app.MapIdentityRulesEndpoints();
        app.MapJobsEndpoints();
        app.MapHealthEndpoints();
        app.MapMetricsEndpoint();
        app.MapApiDescription();
        await app.StartAsync();
        return new ProfilesHost(app, world, readiness);
    }

    /// <summary>Gets a path that must answer 200 with JSON.</summary>
    public async Task<JsonElement> GetJson(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return Parse(text);
    }

    /// <summary>Sends a batch and waits until the profiles show it.</summary>
    public async Task Collect(string batch)
    {
        using HttpResponseMessage response = await Post("/v1/batch?wait=applied", CollectKey, batch);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts JSON with a key; answers the status and the body.</summary>
    public async Task<(int Status, JsonElement Body)> PostJson(string path, string key, string json)
    {
        using HttpResponseMessage response = await Post(path, key, json);
        return ((int)response.StatusCode, Parse(await response.Content.ReadAsStringAsync()));
    }

    private async Task<HttpResponseMessage> Post(string path, string key, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Client.SendAsync(request);
    }

    /// <summary>Gets a path that must answer with a problem of a status.</summary>
    public async Task<JsonElement> GetProblem(string path, int status)
    {
        using HttpResponseMessage response = await Client.GetAsync(path);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        return Parse(text);
    }

    public static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Dictionary<string, string?> Keys() =>
        new(StringComparer.Ordinal)
        {
            ["Customer360:Keys:0:Name"] = "reader",
            ["Customer360:Keys:0:Key"] = ReadKey,
            ["Customer360:Keys:0:Roles:0"] = "read",
            ["Customer360:Keys:1:Name"] = "operator",
            ["Customer360:Keys:1:Key"] = AdminKey,
            ["Customer360:Keys:1:Roles:0"] = "admin",
            ["Customer360:Keys:2:Name"] = "web",
            ["Customer360:Keys:2:Key"] = CollectKey,
            ["Customer360:Keys:2:Roles:0"] = "collect",
        };

    public sealed class FakeReadiness : IGridReadiness
    {
        public Func<CancellationToken, Task<GridReadiness>> Answer { get; set; } =
            _ => Task.FromResult(new GridReadiness(true, null));

        public Task<GridReadiness> CheckAsync(CancellationToken cancellationToken) => Answer(cancellationToken);
    }

    /// <summary>Stands still, but its timers are real: a deadline must come.</summary>
    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => ProfilesWorld.Now;
    }
}
