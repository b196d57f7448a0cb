using Customer360.Tests.Support;
using Xunit.Abstractions;

namespace Customer360.Api.Tests.Crash;

/// <inheritdoc cref="DeliveryRun"/>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class DeliveryKillTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-deliveries-").FullName;

    [Fact]
    public async Task Deliveries_WhenProcessIsKilled_AreInOrderAndNoneIsLost()
    {
        await using DeliveryRun run = await DeliveryRun.StartAsync(_folder);
        await using ApiProcess api = new([("CUSTOMER360__DATA", Path.Combine(_folder, "data")), .. run.Settings]);
        api.Start();
        await api.WaitUntilReadyAsync();

        await run.RunAsync([api], ProcessCollection.Kills, output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <inheritdoc cref="DeliveryRun"/>
[NeedsPostgres]
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class DeliveryKillClusterTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-deliveries-").FullName;

    [DatabaseFact]
    public async Task Deliveries_WhenSilosOfAClusterAreKilledInTurn_AreInOrderAndNoneIsLost()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true);
        await using DeliveryRun run = await DeliveryRun.StartAsync(_folder);
        (string, string)[] settings =
        [
            ("ConnectionStrings__Customer360", await server.CreateDatabaseAsync()),
            .. run.Settings,
        ];
        await using ApiProcess first = new(settings);
        first.Start();
        await first.WaitUntilReadyAsync();
        // Its ports are looked for now, so that they are not the first one's.
        await using ApiProcess second = new(settings);
        second.Start();
        await second.WaitUntilReadyAsync();

        await run.RunAsync([first, second], ProcessCollection.Kills, output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
