using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.OnPostgres;

/// <summary>The server goes away and comes back; the storage stays the same object.</summary>
[NeedsPostgres]
public sealed class OutagePostgresTests(OutagePostgresTests.OwnServer database)
    : IClassFixture<OutagePostgresTests.OwnServer>
{
    [DatabaseFact]
    public async Task Everything_WhenServerStopsAndStarts_FailsAsUnavailableThenRecovers()
    {
        int partition = database.NewPartition();
        IEventLog log = database.Log;
        IGrainStateStore states = database.Storage.States;
        await log.OpenAsync(partition, CancellationToken.None);
        await log.AppendAsync(partition, Range(1, 5), CancellationToken.None);
        await states.WriteAsync("customer", "c_1", "{}"u8.ToArray(), 0, CancellationToken.None);
        await states.ReadAsync("customer", "c_1", CancellationToken.None);
        await log.ReadPartitionAsync(partition, 0, 1, CancellationToken.None);

        await database.Server.StopAsync();
        Func<Task>[] calls =
        [
            () => log.OpenAsync(partition, CancellationToken.None),
            () => log.AppendAsync(partition, Range(6, 5), CancellationToken.None),
            () => states.ReadAsync("customer", "c_1", CancellationToken.None),
            () => log.ReadPartitionAsync(partition, 0, 1, CancellationToken.None),
        ];
        for (int round = 0; round < 2; round++)
        {
            await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<StorageUnavailableException>(call)));
        }

        Assert.False((await database.Storage.CheckAsync(CancellationToken.None)).IsHealthy);

        await database.Server.RestartAsync();
        PartitionHead head = await log.OpenAsync(partition, CancellationToken.None);
        Assert.Equal(6, head.NextPosition);
        Assert.False((await log.AppendAsync(partition, Range(6, 5), CancellationToken.None)).Fenced);
        Assert.NotNull(await states.ReadAsync("customer", "c_1", CancellationToken.None));
        Assert.Equal(10, (await log.ReadPartitionAsync(partition, 0, 100, CancellationToken.None)).Length);
        // An answer may be some seconds old: each one that is new costs a write, and anybody may ask.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await database.Storage.CheckAsync(limit.Token)).IsHealthy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    [DatabaseFact]
    public async Task Append_WhenServerCrashesUnderLoad_HasEveryAcknowledgedMessageOnce()
    {
        int partition = database.NewPartition();
        IEventLog log = database.Log;
        long next = (await log.OpenAsync(partition, CancellationToken.None)).NextPosition;
        HashSet<long> acknowledged = [];
        for (int crash = 0; crash < 3; crash++)
        {
            int goal = acknowledged.Count + 30;
            Task? outage = null;
            while (outage is not { IsCompleted: true })
            {
                try
                {
                    AppendResult result = await log.AppendAsync(
                        partition,
                        Range(next, 1, prefix: $"crash-{crash}"),
                        CancellationToken.None
                    );
                    Assert.False(result.Fenced);
                    acknowledged.Add(next);
                    next++;
                }
                catch (StorageUnavailableException)
                {
                    await outage!;
                    next = (await log.OpenAsync(partition, CancellationToken.None)).NextPosition;
                }

                outage ??= acknowledged.Count >= goal ? RestartAsync() : null;
            }
        }

        var stored = (await log.ReadPartitionAsync(partition, 0, 10_000, CancellationToken.None))
            .Select(row => row.Position)
            .ToList();
        Assert.Equal(stored.Distinct(), stored);
        Assert.Empty(acknowledged.Except(stored));

        async Task RestartAsync()
        {
            await database.Server.StopAsync();
            await database.Server.RestartAsync();
        }
    }

    [DatabaseFact]
    public async Task Initialize_WhenServerIsStarting_WaitsForIt()
    {
        await database.Server.StopAsync();
        await using GridStorage early = database.Create();
        Task initializing = early.InitializeAsync(CancellationToken.None);

        await database.Server.RestartAsync();

        await initializing;
        Assert.True((await early.CheckAsync(CancellationToken.None)).IsHealthy);
        await database.ReopenAsync();
    }

    [DatabaseFact]
    public async Task Initialize_WhenServerStaysAway_GivesUp()
    {
        await database.Server.StopAsync();
        try
        {
            await using GridStorage early = database.Create(startTimeout: TimeSpan.FromMilliseconds(300));

            await Assert.ThrowsAsync<StorageUnavailableException>(() => early.InitializeAsync(CancellationToken.None));
        }
        finally
        {
            await database.Server.RestartAsync();
            await database.ReopenAsync();
        }
    }

    /// <summary>A server that no other test notices the end of.</summary>
    public sealed class OwnServer : PostgresTestDatabase
    {
        private PostgresServer? _server;

        public PostgresServer Server => _server ?? throw new InvalidOperationException("Not started.");

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }

        protected override async Task<PostgresServer> StartServerAsync() =>
            _server = await PostgresServer.StartAsync(durable: true, privately: true);
    }
}
