using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Core.Internal;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Telemetry;

/// <summary>
/// Whatever happens to real grains whose keys and messages name people, nothing that the silo logs or measures names them. All
/// categories log at the lowest level here.
/// </summary>
public sealed class LogPrivacyTests
{
    /// <summary>What a person's identifiers, traits and company hold in these tests, and nothing else does.</summary>
    private const string Secret = "zanzibara";

    private const string Email = $"email:{Secret}@example.com";

    /// <summary>A key with what Orleans puts around keys, so that no pattern finds its end.</summary>
    private const string User = $"j] #1 / {Secret}";

    [Fact]
    public async Task Logs_WhenEverythingGoesWell_NameNobody()
    {
        var logs = new CapturedLogs();
        await using (TestGrid grid = await Start(logs))
        {
            await Fill(grid);
            await grid.Profile(Email);
            await grid.RestartAsync();
            await grid.Profile(Email);
            IManagementGrain management = grid.Grains.GetGrain<IManagementGrain>(0);
            await management.ForceActivationCollection(TimeSpan.Zero);
            await grid.Profile($"user_id:{User}");
        }

        logs.AssertNamesNobody(expectedCategory: "Orleans.Runtime.Catalog");
    }

    [Fact]
    public async Task Logs_WhenStatesCanNotBeRead_NameNobody()
    {
        var logs = new CapturedLogs();
        await using (TestGrid grid = await Start(logs))
        {
            await Fill(grid);
            Func<Exception>[] errors =
            [
                () => new StorageUnavailableException("The database is away."),
                () => new InvalidOperationException($"The state of {Email} is broken."),
                () => new KeyNotFoundException($"The given key '{User}' was not present in the dictionary."),
                () => new InvalidOperationException("Outer.", new FormatException($"'{Secret}' is no number.")),
                () => new AggregateException(new FormatException($"'{Secret}' is no number.")),
            ];
            foreach (Func<Exception> error in errors)
            {
                await grid.RestartAsync();
                grid.Faults.Refuse(_ => true, error);
                await Fails(() => grid.Grains.GetGrain<IIdentifierGrain>(Email).GetOwner());
                await Fails(() => grid.Grains.GetGrain<IIdentifierGrain>($"user_id:{User}").GetOwner());
                await Fails(() => grid.Grains.GetGrain<IAccountGrain>(User).GetAccount(new AccountQuery(null, 10)));
                grid.Faults.Heal();
            }
        }

        logs.AssertNamesNobody(expectedText: "The database is away.");
    }

    [Fact]
    public async Task Logs_WhenStatesCanNotBeWritten_NameNobody()
    {
        var logs = new CapturedLogs();
        await using (TestGrid grid = await Start(logs))
        {
            await Fill(grid);
            grid.Faults.CutOff();
            IIdentifierGrain free = grid.Grains.GetGrain<IIdentifierGrain>($"email:{Secret}.new@example.com");
            await Fails(() => free.Claim("c_nobody"));
            await grid.Collect(applied: false, Identify("m9", User, $"{Secret}-9", Traits()));
            Assert.True(await grid.Reached(2));
            grid.Faults.Heal();
            await grid.CatchUpAsync();
        }

        logs.AssertNamesNobody(expectedText: "Planned by the test");
    }

    [Fact]
    public async Task Logs_WhenAnotherWriteCameFirst_NameNobody()
    {
        var logs = new CapturedLogs();
        await using (TestGrid grid = await Start(logs))
        {
            await Fill(grid);
            string owner = (await grid.OwnerOf(Email))!;
            await grid.WriteBesideAsync(GrainKeys.IdentifierState, Email, state => state["owner"] = owner);
            await Fails(() =>
                grid.Grains.GetGrain<IIdentifierGrain>(Email).Repoint(owner, "c_other", asOf: 0, since: 0)
            );
        }

        logs.AssertNamesNobody(expectedText: nameof(Orleans.Storage.InconsistentStateException));
    }

    [Fact]
    public async Task Logs_WhenCallsTimeOut_NameNobody()
    {
        var logs = new CapturedLogs();
        var held = new TaskCompletionSource();
        await using (
            TestGrid grid = await Start(
                logs,
                services =>
                    services.Configure<SiloMessagingOptions>(one => one.ResponseTimeout = TimeSpan.FromSeconds(1))
            )
        )
        {
            await Fill(grid);
            await grid.RestartAsync();
            grid.Faults.Hold(key => key.Contains(Secret, StringComparison.Ordinal), held.Task);
            IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>(Email);
            Task<string?> other = identifier.GetOwner();
            await Assert.ThrowsAsync<TimeoutException>(() => identifier.Repoint("c_1", "c_2", asOf: 0, since: 0));
            await Assert.ThrowsAsync<TimeoutException>(() => other);
            held.SetResult();
        }

        logs.AssertNamesNobody(expectedText: "IIdentifierGrain.Repoint");
    }

    [Fact]
    public async Task Logs_WhenARemindedCustomerFails_NameNobody()
    {
        var logs = new CapturedLogs();
        await using (TestGrid grid = await Start(logs))
        {
            await Fill(grid);
            string owner = (await grid.OwnerOf(Email))!;
            await grid.RestartAsync();
            grid.Faults.Refuse(key => key == owner, () => new InvalidOperationException($"{Secret} can't be read."));
            IRemindable customer = grid.Grains.GetGrain<ICustomerGrain>(owner).AsReference<IRemindable>();
            await TestGrid.UntilAsync(async () =>
            {
                // Whoever came first may have woken it, and it is read only when it wakes.
                Exception? error = await Record.ExceptionAsync(async () =>
                {
                    await customer.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
                    await customer.ReceiveReminder("merge", default);
                });
                return error is not null;
            });
            grid.Faults.Heal();
        }

        logs.AssertNamesNobody(expectedText: nameof(InvalidOperationException));
    }

    [Fact]
    public async Task Metrics_OfGrains_NameNobody()
    {
        ConcurrentQueue<string> labels = new();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, meters) => meters.EnableMeasurementEvents(instrument);
        Keep<int>();
        Keep<long>();
        Keep<double>();
        listener.Start();
        var logs = new CapturedLogs();
        await using (TestGrid grid = await Start(logs))
        {
            await Fill(grid);
            grid.Faults.Refuse(_ => true, () => new StorageUnavailableException("The database is away."));
            await Fails(() => grid.Grains.GetGrain<IIdentifierGrain>($"email:{Secret}.other@example.com").GetOwner());
            listener.RecordObservableInstruments();
            grid.Faults.Heal();
        }

        Assert.Contains("state_name=identifier", labels);
        Assert.DoesNotContain(labels, label => label.Contains(Secret, StringComparison.OrdinalIgnoreCase));

        void Keep<T>()
            where T : struct =>
            listener.SetMeasurementEventCallback<T>(
                (_, _, tags, _) =>
                {
                    foreach (KeyValuePair<string, object?> tag in tags)
                    {
                        labels.Enqueue($"{tag.Key}={tag.Value}");
                    }
                }
            );
    }

    private static Task<TestGrid> Start(CapturedLogs logs, Action<IServiceCollection>? configure = null) =>
        TestGrid.StartAsync(builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
            configure?.Invoke(builder.Services);
        });

    private static async Task Fill(TestGrid grid)
    {
        await grid.CollectApplied(
            Identify("m0", User, $"{Secret} a/1", Traits()),
            Track("m1", User, null, $"Saw {Secret}"),
            Identify("m2", $"{Secret}-2", $"{Secret}-a-2"),
            Group("m3", User, User, new JsonObject { ["name"] = Secret })
        );
        await grid.CollectApplied(Identify("m4", $"{Secret}-2", $"{Secret} a/1"));
    }

    private static JsonObject Traits() => new() { ["email"] = $"{Secret}@example.com", ["name"] = Secret };

    private static async Task Fails(Func<Task> call) => Assert.NotNull(await Record.ExceptionAsync(call));

    /// <summary>Keeps each line as a provider could write it: words, values, exception.</summary>
    private sealed class CapturedLogs : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose() { }

        public void AssertNamesNobody(string? expectedCategory = null, string? expectedText = null)
        {
            Assert.Contains(_lines, line => line.Contains(expectedCategory ?? expectedText!, StringComparison.Ordinal));
            Assert.DoesNotContain(_lines, line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
        }

        private sealed class Logger(CapturedLogs logs, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
            {
                logs._lines.Enqueue($"scope {state}");
                return null;
            }

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                string values = state is IEnumerable<KeyValuePair<string, object?>> parts
                    ? string.Join(", ", parts.Select(part => $"{part.Key}={part.Value}"))
                    : "";
                logs._lines.Enqueue(
                    $"{logLevel} {category} {formatter(state, exception)} | {values} | {exception} | {exception?.Message} | {exception?.InnerException}"
                );
            }
        }
    }
}
