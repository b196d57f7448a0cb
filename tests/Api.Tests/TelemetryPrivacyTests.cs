using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Customer360.Silo.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Api.Tests;

/// <summary>No identifier of a request reaches a log or a span.</summary>
public sealed class TelemetryPrivacyTests
{
    private const string Secret = "jane.privacy";

    [Fact]
    public async Task Logs_OfRequestsThatNamePeople_NameNobody()
    {
        using var logs = new CapturedLogs();
        await using (ProfilesHost host = await Start(settings: null, logs))
        {
            await AskEverything(host);
            host.World.Failure = key => new InvalidOperationException($"The grain {key} has failed.");
            await AskEverything(host, isFailing: true);
            host.World.Failure = key => new TimeoutException($"The grain {key} does not answer.");
            await AskEverything(host, isFailing: true);
        }

        Assert.NotEmpty(logs.Lines);
        Assert.DoesNotContain(logs.Lines, line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Spans_OfRequestsThatNamePeople_HaveTheRouteAndNameNobody()
    {
        await using var listener = await OtlpListener.Start();
        await using (
            ProfilesHost host = await Start(
                new()
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = listener.Address,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                },
                logs: null
            )
        )
        {
            await AskEverything(host);
            host.World.Failure = key => new InvalidOperationException($"The grain {key} has failed.");
            await AskEverything(host);
        }

        string traces = listener.Received("/v1/traces");
        Assert.Contains("customer360", traces, StringComparison.Ordinal);
        Assert.Contains("GET /v1/profiles/{identifier}", traces, StringComparison.Ordinal);
        Assert.Contains("http.response.status_code", traces, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, traces, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url.path", traces, StringComparison.Ordinal);
        string metrics = listener.Received("/v1/metrics");
        Assert.Contains("customer360.profile.reads", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, metrics, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Spans_OfRealGrains_NameNobody()
    {
        string folder = Directory.CreateTempSubdirectory("c360-spans-").FullName;
        await using var listener = await OtlpListener.Start();
        await using (
            ProfilesHost host = await ProfilesHost.StartReal(
                folder,
                new()
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = listener.Address,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                }
            )
        )
        {
            await AskEverything(host);
        }

        Directory.Delete(folder, recursive: true);
        string sent = listener.Received("/v1/traces") + listener.Received("/v1/metrics");
        Assert.Contains("FindOwner", sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, sent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Spans_WithTagsThatHoldUrls_LoseThem()
    {
        using var source = new ActivitySource(SpanPrivacy.AspNetCoreSource);
        using var other = new ActivitySource("Other");
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => ReferenceEquals(one, source) || ReferenceEquals(one, other),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity request = source.StartActivity("GET")!;
        request.SetTag("url.path", Secret).SetTag("anything.new", Secret).SetTag("http.route", "/r");
        request.SetStatus(ActivityStatusCode.Error, Secret);
        using Activity query = other.StartActivity("query")!;
        query
            .SetTag("grain.id", Secret)
            .SetTag("rpc.orleans.target_id", Secret)
            .SetTag("url.full", Secret)
            .SetTag("db.system", "postgresql");
        using var privacy = new SpanPrivacy(new GrainNames());

        privacy.OnEnd(request);
        privacy.OnEnd(query);

        Assert.Equal(["http.route"], request.TagObjects.Select(tag => tag.Key));
        Assert.Equal(ActivityStatusCode.Error, request.Status);
        Assert.Null(request.StatusDescription);
        Assert.Equal(["db.system"], query.TagObjects.Select(tag => tag.Key));
    }

    [Fact]
    public void Spans_OfGrains_NameThemByHashes()
    {
        using var source = new ActivitySource("Microsoft.Orleans.Test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => ReferenceEquals(one, source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity call = source.StartActivity("IIdentifierGrain/GetOwner")!;
        GrainId grainId = GrainId.Create("identifier", $"email:{Secret}@example.com");
        call.SetTag("orleans.rpc.target_id", grainId.ToString())
            .SetTag("orleans.rpc.source_id", "customer/c_1")
            .SetTag("orleans.grain.id", grainId.ToString())
            .SetTag("orleans.deactivation.reason", $"The state of {Secret} can't be read.")
            .SetTag("orleans.directory.registered.address", $"[{grainId}]")
            .SetTag("exception.type", "System.FormatException")
            .SetTag("exception.message", Secret)
            .SetTag("exception.stacktrace", Secret)
            .SetTag("anything.new", $"about {grainId} and more");
        var names = new GrainNames();
        using var privacy = new SpanPrivacy(names);

        privacy.OnEnd(call);

        Dictionary<string, object?> sent = call.TagObjects.ToDictionary();
        Assert.Equal(names.Of(grainId), sent["orleans.rpc.target_id"]);
        Assert.Equal(names.Of(grainId), sent["orleans.grain.id"]);
        Assert.Equal("customer/c_1", sent["orleans.rpc.source_id"]);
        Assert.Equal("System.FormatException", sent["exception.type"]);
        Assert.Equal("about identifier#…", sent["anything.new"]);
        Assert.Equal(5, sent.Count);
    }

    [Fact]
    public void Spans_WithAnExceptionAmongTheirEvents_AreNotSent()
    {
        using var source = new ActivitySource("Npgsql.Test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => ReferenceEquals(one, source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity failed = source.StartActivity("failed")!;
        failed.AddException(new FormatException($"'{Secret}' is no number."));
        using Activity fine = source.StartActivity("fine")!;
        fine.AddEvent(new ActivityEvent("received-first-response"));
        using var privacy = new SpanPrivacy(new GrainNames());

        privacy.OnEnd(failed);
        privacy.OnEnd(fine);

        Assert.False(failed.Recorded);
        Assert.True(fine.Recorded);
    }

    private static async Task AskEverything(ProfilesHost host, bool isFailing = false)
    {
        string[] paths =
        [
            $"/v1/profiles/email:{Secret}@example.com",
            $"/v1/profiles/email:{Secret}@example.com?verbose={Secret}",
            $"/v1/profiles/{Secret}:x",
            $"/v1/profiles/email:{Secret}@example.com/timeline?cursor={Secret}",
            $"/v1/profiles/email:{Secret}@example.com/sessions",
            $"/v1/accounts/{Secret}",
            $"/v1/spaces/{Secret}/collections/users/profiles/email:{Secret}@example.com/events",
            $"/v1/nothing/{Secret}",
        ];
        foreach (string path in paths)
        {
            using HttpResponseMessage response = await host.Client.GetAsync(path);
            if (isFailing)
            {
                string body = await response.Content.ReadAsStringAsync();
                Assert.DoesNotContain(Secret, body, StringComparison.OrdinalIgnoreCase);
            }
        }

        using HttpResponseMessage batch = await host.Client.PostAsJsonAsync(
            "/v1/profiles:batchGet",
            new { identifiers = new[] { $"email:{Secret}@example.com", Secret } }
        );
        using var broken = new StringContent($"{{ \"{Secret}");
        using HttpResponseMessage bad = await host.Client.PostAsync("/v1/profiles:batchGet", broken);
    }

    private static async Task<ProfilesHost> Start(Dictionary<string, string?>? settings, ILoggerProvider? logs)
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "email", $"{Secret}@example.com");
        return await ProfilesHost.Start(world, settings, logs);
    }

    /// <summary>Keeps all that the levels of the settings let through: message, exception in full, and open scopes.</summary>
    private sealed class CapturedLogs : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose() => Lines.Enqueue("end");

        private sealed class Logger(CapturedLogs logs, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => logs._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            // Scopes are left out, as the console of TelemetryRegistration leaves them out.
            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            ) => logs.Lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
        }
    }

    /// <summary>A collector that keeps what it is sent.</summary>
    private sealed class OtlpListener : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
        private readonly WebApplication _app;

        private OtlpListener()
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            });
        }

        public string Address => _app.Urls.Single();

        public static async Task<OtlpListener> Start()
        {
            var listener = new OtlpListener();
            await listener._app.StartAsync();
            return listener;
        }

        public string Received(string path) =>
            string.Concat(_received.Where(one => one.Path == path).Select(one => one.Body));

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
