using System.Globalization;
using Customer360.Tests.Support;
using Xunit.Abstractions;

namespace Customer360.Api.Tests.Crash;

/// <summary>Runs after all others, by itself: it starts processes by the dozen. CI has it run beside the others by its trait.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";

    /// <summary>The trait of its tests: a filter can't ask for a collection.</summary>
    public const string Kind = "kind";

    /// <summary>
    /// How often a program is killed: 50 times, or as often as <c>CUSTOMER360_KILLS</c> says while one works on it.
    /// </summary>
    public static int Kills { get; } =
        int.Parse(Environment.GetEnvironmentVariable("CUSTOMER360_KILLS") ?? "50", CultureInfo.InvariantCulture);
}

/// <inheritdoc cref="KillRun"/>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-kill-").FullName;

    [Fact]
    public async Task Messages_WhenProcessIsKilledOnSqlite_AreInOneProfileOnce()
    {
        await using ApiProcess api = new(("CUSTOMER360__DATA", _folder));

        await KillRun.RunAsync(api, ProcessCollection.Kills, output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <inheritdoc cref="KillRun"/>
[NeedsPostgres]
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class KillPostgresTests(ITestOutputHelper output)
{
    [DatabaseFact]
    public async Task Messages_WhenProcessIsKilledOnPostgres_AreInOneProfileOnce()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true);
        await using ApiProcess api = new(("ConnectionStrings__Customer360", await server.CreateDatabaseAsync()));

        await KillRun.RunAsync(api, kills: 5, output);
    }
}
