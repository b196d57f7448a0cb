using Customer360.Rules.Ports;
using Customer360.Storage.Schema;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>Start, schema, health and end.</summary>
public abstract class LifecycleTests(TestDatabase database)
{
    [DatabaseFact]
    public async Task Initialize_WhenCalledAgain_ChangesNothing()
    {
        await database.Storage.InitializeAsync(CancellationToken.None);
        await database.ReopenAsync();

        Assert.True((await database.Storage.CheckAsync(CancellationToken.None)).IsHealthy);
    }

    [DatabaseFact]
    public async Task Check_WhenStorageIsUp_IsHealthy()
    {
        StorageHealth health = await database.Storage.CheckAsync(CancellationToken.None);

        Assert.True(health.IsHealthy, health.Description);
    }

    [DatabaseFact]
    public async Task Use_WhenNotInitialized_SaysSo()
    {
        await using GridStorage fresh = database.Create();

        Assert.False((await fresh.CheckAsync(CancellationToken.None)).IsHealthy);
    }

    [DatabaseFact]
    public async Task Initialize_WhenAMigrationWasChanged_IsRefused()
    {
        await ExecuteAsync("update schema_migration set checksum = 'other' where number = 1");
        try
        {
            await using GridStorage second = await CloseAndCreateAsync();

            SchemaMismatchException refusal = await Assert.ThrowsAsync<SchemaMismatchException>(() =>
                second.InitializeAsync(CancellationToken.None)
            );
            Assert.Contains("Migration 1 was changed", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            string checksum = MigrationSet.Load(DatabaseName)[0].Checksum;
            await ExecuteAsync($"update schema_migration set checksum = '{checksum}' where number = 1");
            await database.InitializeAgainAsync();
        }
    }

    [DatabaseFact]
    public async Task Initialize_WhenTheSchemaIsNewer_IsRefused()
    {
        await ExecuteAsync(
            $"insert into schema_migration (number, name, checksum, applied_at) values (99, 'future', 'x', {Now})"
        );
        try
        {
            await using GridStorage second = await CloseAndCreateAsync();

            SchemaMismatchException refusal = await Assert.ThrowsAsync<SchemaMismatchException>(() =>
                second.InitializeAsync(CancellationToken.None)
            );
            Assert.Contains("schema 99", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync("delete from schema_migration where number = 99");
            await database.InitializeAgainAsync();
        }
    }

    [DatabaseFact]
    public async Task Initialize_WhenTheStoreIsOlderThanTheListOfLeads_MakesIt()
    {
        await database.Storage.States.WriteAsync("lead", "l_older", "{}"u8.ToArray(), 0, CancellationToken.None);
        await database.Storage.DisposeAsync();
        await ExecuteAsync("drop table lead");
        await ExecuteAsync("delete from schema_migration where number = 7");

        await database.InitializeAgainAsync();

        Assert.Empty(await database.Storage.Leads.ReadAsync(new LeadQuery(), CancellationToken.None));
        LeadRow row = new("l_older", "c_1", "marketing", "new", "p_1", null, Noon, Noon, IsOpen: true);
        Assert.Equal(
            2,
            await database.Storage.States.WriteAsync(
                "lead",
                "l_older",
                "{}"u8.ToArray(),
                1,
                new StateCompanions { Listings = [new LeadListing(row)] },
                CancellationToken.None
            )
        );
        Assert.Equal(
            row,
            Assert.Single(
                await database.Storage.Leads.ReadAsync(
                    new LeadQuery { OwnerId = "p_1", IsOpen = true },
                    CancellationToken.None
                )
            )
        );
    }

    [DatabaseFact]
    public async Task Dispose_WhenWritesAreQueued_CarriesThemOut()
    {
        int partition = database.NewPartition();
        await database.Log.OpenAsync(partition, CancellationToken.None);
        List<Task<AppendResult>> appends =
        [
            .. Enumerable
                .Range(1, 200)
                .Select(position => database.Log.AppendAsync(partition, [Message(position)], CancellationToken.None)),
        ];

        await database.ReopenAsync();

        Assert.All(await Task.WhenAll(appends), result => Assert.False(result.Fenced));
        Assert.Equal(201, (await database.Log.OpenAsync(partition, CancellationToken.None)).NextPosition);
    }

    [DatabaseFact]
    public async Task Write_WhenDisposed_IsRefused()
    {
        IEventLog closed = database.Log;
        await database.ReopenAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed.OpenAsync(1, CancellationToken.None));
    }

    /// <summary>The folder name of the database's migrations.</summary>
    protected abstract string DatabaseName { get; }

    /// <summary>A time literal of the database.</summary>
    protected abstract string Now { get; }

    /// <summary>Runs a statement beside the storage.</summary>
    protected abstract Task ExecuteAsync(string sql);

    private async Task<GridStorage> CloseAndCreateAsync()
    {
        await database.Storage.DisposeAsync();
        return database.Create();
    }
}
