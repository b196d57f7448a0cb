using Customer360.Rules.Ports;
using Customer360.Storage.Hosting;
using Customer360.Storage.Postgres;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Storage.Tests;

/// <summary>The registration in a container.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task AddSqliteStorage_WhenResolved_GivesEveryPortOnce()
    {
        string folder = Directory.CreateTempSubdirectory("c360-hosting-").FullName;
        ServiceCollection services = new();
        services.AddSqliteStorage(new SqliteStorageOptions { DataFolder = folder });
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<IStorageInitializer>().InitializeAsync(CancellationToken.None);
            await provider.GetRequiredService<IEventLog>().OpenAsync(1, CancellationToken.None);

            Assert.Same(provider.GetRequiredService<IEventLog>(), provider.GetRequiredService<IEventLog>());
            Assert.NotNull(provider.GetRequiredService<IGrainStateStore>());
            Assert.NotNull(provider.GetRequiredService<IDecisionLog>());
            Assert.NotNull(provider.GetRequiredService<IReminderStore>());
            Assert.NotNull(provider.GetRequiredService<IQuarantine>());
            Assert.NotNull(provider.GetRequiredService<ILeadList>());
            Assert.NotNull(provider.GetRequiredService<IOutbox>());
            Assert.True(
                (await provider.GetRequiredService<IStorageHealth>().CheckAsync(CancellationToken.None)).IsHealthy
            );
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Add_WhenAnOptionIsOutOfRange_NamesIt()
    {
        ServiceCollection services = new();

        Assert.Equal(
            nameof(StorageOptions.CommitRowsMax),
            Assert
                .Throws<ArgumentException>(() =>
                    services.AddSqliteStorage(new SqliteStorageOptions { CommitRowsMax = 0 })
                )
                .ParamName
        );
        Assert.Equal(
            nameof(PostgresStorageOptions.ConnectionString),
            Assert.Throws<ArgumentException>(() => services.AddPostgresStorage(new PostgresStorageOptions())).ParamName
        );
    }
}
