using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Hosting;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Customer360.Silo.Policies;
using Customer360.Silo.Start;
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
        ILoggerProvider? logs = null,
        string environment = "Production",
        Action<IServiceCollection>? configure = null,
        KnownKeys? keys = null
    ) =>
        Start(
            world,
            settings,
            logs,
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new FixedTime());
                builder.Services.AddPolicyKinds();
                builder.Services.AddSingleton(grid => new EnvelopeReader(
                    grid.GetRequiredService<IPolicy<IdentityRules>>(),
                    grid.GetRequiredService<IPhoneNumbers>(),
                    grid.GetRequiredService<IPolicy<ConsentPolicy>>(),
                    grid.GetRequiredService<IPolicy<ContractsPolicy>>()
                ));
                builder.Services.AddSingleton<StartProgress>();
                builder.Services.AddSingleton(world.Grains());
                builder.Services.AddSingleton<IProfileShelf>(world.Shelf);
                configure?.Invoke(builder.Services);
            },
            environment: environment,
            keys: keys
        );

    /// <summary>Starts it above the real grid, which keeps its data in a folder.</summary>
    public static Task<ProfilesHost> StartReal(
        string folder,
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null,
        KnownKeys? keys = null
    ) =>
        Start(
            new ProfilesWorld(),
            new(settings ?? [], StringComparer.Ordinal) { ["Customer360:Data"] = folder },
            logs: null,
            builder =>
            {
                builder.AddGridClient();
                configure?.Invoke(builder.Services);
            },
            isReadyFaked: false,
            keys: keys
        );

    private static async Task<ProfilesHost> Start(
        ProfilesWorld world,
        Dictionary<string, string?>? settings,
        ILoggerProvider? logs,
        Action<WebApplicationBuilder> addGrid,
        bool isReadyFaked = true,
        string environment = "Production",
        KnownKeys? keys = null
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = environment }
        );
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Keys());
        // A test waits for its erasures, and for no write that hangs.
        builder.Configuration.AddInMemoryCollection([
            new("Customer360:Grid:ErasureSettles", "00:00:00"),
            // It packs its pages anew at every start, which takes longer than all else of it.
            new("Customer360:Cluster:Dashboard", "false"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddApi(addGrid);
        if (keys is not null)
        {
            builder.Services.AddSingleton(keys);
        }

        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        var readiness = new FakeReadiness();
        if (isReadyFaked)
        {
            builder.Services.AddSingleton<IGridReadiness>(readiness);
        }

        WebApplication app = builder.Build();
        app.UseApi();
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
