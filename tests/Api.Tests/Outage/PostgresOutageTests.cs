using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Crash;
using Customer360.Tests.Support;
using Npgsql;

namespace Customer360.Api.Tests.Outage;

/// <summary>The database goes away and comes back under the running service.</summary>
[NeedsPostgres]
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class PostgresOutageTests
{
    [DatabaseFact]
    public async Task Service_WhenDatabaseStopsAndStarts_RefusesMeanwhileAndGoesOn()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true, privately: true);
        string database = await server.CreateDatabaseAsync();
        await using (ApiProcess before = new(("ConnectionStrings__Customer360", database)))
        {
            before.Start();
            await before.WaitUntilReadyAsync();
            await OutageSteps.AssertTakenAsync(before, "cold", "m-cold");
            // Before its checkpoint the next process would hand the message over again, and have the customer in memory.
            await before.WaitAsync(() => HasCheckpoint(database), "the checkpoint of its partition");
        }

        await using ApiProcess api = new(("ConnectionStrings__Customer360", database));
        api.Start();
        await api.WaitUntilReadyAsync();
        await OutageSteps.AssertTakenAsync(api, "u1", "m1");

        await server.StopAsync();
        // The first call finds a dead connection, the second can't make a new one.
        for (int round = 0; round < 2; round++)
        {
            await OutageSteps.AssertRefusedAsync(api, "u1", "m2");
            await OutageSteps.AssertUnavailableAsync(api, "/health/ready", "not_ready");
            // This customer is not in the process's memory: its grains have to be read from the database.
            await OutageSteps.AssertUnavailableAsync(api, "/v1/profiles/user_id:cold", "unavailable");
            await OutageSteps.AssertUnavailableAsync(api, "/v1/profiles/user_id:cold/timeline", "unavailable");
            await OutageSteps.AssertUnavailableAsync(api, "/v1/profiles/user_id:never", "unavailable");
        }

        using (HttpResponseMessage live = await api.Http.GetAsync(new Uri("/health/live", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        await server.RestartAsync();
        await OutageSteps.AssertRecoversAsync(api, "u1", "m2", messages: 2);
        JsonElement cold = await OutageSteps.ReadProfileAsync(api.ServiceHttp, "cold");
        Assert.Equal(1, cold.GetProperty("lifecycle").GetProperty("messageCount").GetInt64());
    }

    private static async Task<bool> HasCheckpoint(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select sum(checkpoint)::bigint from log_partition", connection);
        return await command.ExecuteScalarAsync() is > 0L;
    }
}
