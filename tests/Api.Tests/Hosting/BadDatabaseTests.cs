using System.Net;
using Customer360.Api.Tests.Crash;
using Customer360.Tests.Support;
using Npgsql;

namespace Customer360.Api.Tests.Hosting;

/// <summary>A database that can't be used, or whose cluster a process does not fit.</summary>
[NeedsPostgres]
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class BadDatabaseTests
{
    private const string Connection = "ConnectionStrings__Customer360";

    [DatabaseFact]
    public async Task Start_WhenTheDatabaseIsMissing_NamesIt()
    {
        await using ProgramRun run = await StartAsync(parts => parts.Database = "nothing");

        await run.AssertRefusedAsync(
            "There is no database 'nothing' on 127.0.0.1:",
            "create it, or name another in " + Connection
        );
    }

    [DatabaseFact]
    public async Task Start_WhenTheUserIsNotLetIn_SaysSo()
    {
        await using ProgramRun run = await StartAsync(parts => parts.Username = "nobody");

        await run.AssertRefusedAsync(
            "does not let the user 'nobody' in",
            "check Username and Password in " + Connection
        );
    }

    [DatabaseFact]
    public async Task Start_WhenTheUserMayMakeNoTables_SaysWhatToGrant()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string database = await server.CreateDatabaseAsync();
        await ExecuteAsync(
            database,
            "do $$ begin create role c360_guest login; exception when duplicate_object then null; end $$; "
                + "revoke create on schema public from public"
        );
        string guest = new NpgsqlConnectionStringBuilder(database) { Username = "c360_guest" }.ConnectionString;

        await using ProgramRun run = Start(guest);

        await run.AssertRefusedAsync(
            "The user 'c360_guest' may not make tables",
            "grant it usage and create on the schema"
        );
    }

    [DatabaseFact]
    public async Task Start_WhenNobodyAnswers_WaitsAliveAndThenGivesUp()
    {
        int port = ProgramRun.FreePort();
        await using ProgramRun run = Start(
            $"Host=127.0.0.1;Port={ProgramRun.FreePort()};Username=x;Database=x",
            port,
            ("CUSTOMER360__CLUSTER__STARTTIMEOUT", "00:00:08")
        );

        await AssertWaitsAsync(run, port);
        await run.AssertRefusedAsync("PostgreSQL on 127.0.0.1:", "does not answer", "It was waited for 8 seconds.");
    }

    [DatabaseFact]
    public async Task Stop_WhenTheDatabaseIsWaitedFor_EndsAtOnce()
    {
        int port = ProgramRun.FreePort();
        await using ProgramRun run = Start(
            $"Host=127.0.0.1;Port={ProgramRun.FreePort()};Username=x;Database=x",
            port,
            ("CUSTOMER360__CLUSTER__STARTTIMEOUT", "01:00:00")
        );
        await AssertWaitsAsync(run, port);

        run.Terminate();

        Assert.Equal(0, await run.WaitForExitAsync());
    }

    [DatabaseFact]
    public async Task Start_WhenTheClocksDiffer_IsRefused()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string database = await server.CreateDatabaseAsync();
        // The clock is to be an hour late. The server's own can't be moved, but the function that it is asked by can be replaced.
        await ExecuteAsync(
            database,
            "create schema late; create function late.clock_timestamp() returns timestamptz language sql as "
                + "$$ select pg_catalog.clock_timestamp() - interval '1 hour' $$"
        );
        string late = new NpgsqlConnectionStringBuilder(database)
        {
            SearchPath = "late,pg_catalog,public",
        }.ConnectionString;

        // The tables are made in the first schema of the search path.
        await using ProgramRun run = Start(late);

        await run.AssertRefusedAsync(
            "This machine's clock is 3600",
            "seconds ahead of the database's, and 5 are allowed"
        );
    }

    [DatabaseFact]
    public async Task Start_WhenTheGridAsksForANewerContract_IsRefused()
    {
        string database = await MadeDatabaseAsync();
        await ExecuteAsync(
            database,
            """update grain_state set state = '{"Partitions":2,"OldestContract":99}', version = version + 1 where kind = 'grid'"""
        );

        await using ProgramRun run = Start(database);

        await run.AssertRefusedAsync("The grid was updated: it asks for contract 99, and this program speaks 1.");
    }

    [DatabaseFact]
    public async Task Start_WhenASiloOfAnOlderContractRuns_IsRefused()
    {
        string database = await MadeDatabaseAsync();
        await AddMemberAsync(database, "customer360", 11_111, name: "old:11111/0");

        await using ProgramRun run = Start(database);

        await run.AssertRefusedAsync("Silos of an older release run in this cluster (127.0.0.9:11111, seen");
    }

    [DatabaseFact]
    public async Task Start_WhenAnotherClusterRunsOnTheDatabase_IsRefused()
    {
        string database = await MadeDatabaseAsync();
        await AddMemberAsync(database, "other", 11_111, name: "other:11111/1");

        await using ProgramRun run = Start(database);

        await run.AssertRefusedAsync(
            "The cluster 'other' runs on this database (127.0.0.9:11111, seen",
            "Set CUSTOMER360__CLUSTER__CLUSTERID to other to join it"
        );
    }

    [DatabaseFact]
    public async Task Start_WhenTheClusterBeforeIsGone_TakesTheDatabaseOver()
    {
        string database = await MadeDatabaseAsync();
        await AddMemberAsync(database, "customer360", 11_111, name: "gone:11111/1", ago: "1 hour");
        int port = ProgramRun.FreePort();

        await using ProgramRun run = Start(database, port, ("CUSTOMER360__CLUSTER__CLUSTERID", "next"));

        await run.WaitForOutputAsync("The grid is ready");
        Assert.Contains(
            "next",
            await ReadAsync(database, "select state::text from grain_state where kind = 'grid'"),
            StringComparison.Ordinal
        );
    }

    [DatabaseFact]
    public async Task Client_WhenItsClusterHasAnotherName_IsRefused()
    {
        string database = await MadeDatabaseAsync();

        await using ProgramRun run = Start(
            database,
            ProgramRun.FreePort(),
            ("CUSTOMER360__CLUSTER__COHOST", "false"),
            ("CUSTOMER360__CLUSTER__CLUSTERID", "mine")
        );

        await run.AssertRefusedAsync("The database belongs to the cluster 'customer360', and this process to 'mine'");
    }

    /// <summary>Two clusters of one name on one database look the same from here as a wall between two silos of one cluster.</summary>
    [DatabaseFact]
    public async Task Start_WhenASiloLivesAndCannotBeReached_NamesItAndTheSettings()
    {
        string database = await MadeDatabaseAsync();
        int closed = ProgramRun.FreePort();
        await AddMemberAsync(database, "customer360", closed, name: "far:11111/1", address: "127.0.0.1");

        await using ProgramRun run = Start(database);
        Task refused = run.AssertGivesUpAsync(
            $"The silo 127.0.0.1:{closed} runs, as it says in the database, and can't be reached from here",
            "CUSTOMER360__CLUSTER__ADDRESS"
        );
        while (!refused.IsCompleted)
        {
            // The silo is kept alive in the table: its sign of life is renewed now and then.
            await ExecuteAsync(
                database,
                "update orleansmembershiptable set iamalivetime = now() where siloname = 'far:11111/1'"
            );
            await Task.WhenAny(refused, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        }

        await refused;
    }

    [DatabaseFact]
    public async Task Start_WhenTheSiloPortIsTaken_NamesTheSetting()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        int port = ProgramRun.FreePort();
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, port);
        taken.Start();

        await using var run = ProgramRun.StartSilo(
            (Connection, database),
            ("CUSTOMER360__CLUSTER__ADDRESS", "127.0.0.1"),
            ("CUSTOMER360__CLUSTER__SILOPORT", $"{port}")
        );

        await run.AssertRefusedAsync($"Port {port} is taken on this machine", "CUSTOMER360__CLUSTER__SILOPORT");
    }

    private static async Task AssertWaitsAsync(ProgramRun run, int port)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await run.WaitForOutputAsync("does not answer");
        string ready = "";
        await run.WaitAsync(
            async () =>
            {
                using HttpResponseMessage live = await http.GetAsync(new Uri("/health/live", UriKind.Relative));
                using HttpResponseMessage answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                ready = await answer.Content.ReadAsStringAsync();
                return live.StatusCode == HttpStatusCode.OK && answer.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the process to live and not to be ready"
        );
        Assert.Contains("Storage is being opened.", ready, StringComparison.Ordinal);
        using HttpResponseMessage work = await http.GetAsync(new Uri("/v1/receipts/m", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, work.StatusCode);
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {ProgramRun.Key}");
        using HttpResponseMessage allowed = await http.GetAsync(new Uri("/v1/receipts/m", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, allowed.StatusCode);
    }

    /// <summary>A database on which a grid has run and was stopped.</summary>
    private static async Task<string> MadeDatabaseAsync()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using ProgramRun run = Start(database);
        await run.WaitForOutputAsync("The grid is ready");
        run.Terminate();
        Assert.Equal(0, await run.WaitForExitAsync());
        return database;
    }

    private static async Task<ProgramRun> StartAsync(Action<NpgsqlConnectionStringBuilder> change)
    {
        NpgsqlConnectionStringBuilder parts = new((await PostgresServer.SharedAsync()).ConnectionString);
        change(parts);
        return Start(parts.ConnectionString);
    }

    private static ProgramRun Start(string connection) => Start(connection, ProgramRun.FreePort());

    private static ProgramRun Start(string connection, int port, params (string Name, string Value)[] settings) =>
        ProgramRun.StartApi(
            port,
            [
                (Connection, connection),
                ("CUSTOMER360__CLUSTER__ADDRESS", "127.0.0.1"),
                ("CUSTOMER360__CLUSTER__SILOPORT", $"{ProgramRun.FreePort()}"),
                ("CUSTOMER360__CLUSTER__GATEWAYPORT", $"{ProgramRun.FreePort()}"),
                .. settings,
            ]
        );

    private static Task AddMemberAsync(
        string database,
        string cluster,
        int port,
        string name,
        string address = "127.0.0.9",
        string ago = "0 seconds"
    ) =>
        ExecuteAsync(
            database,
            $"""
            insert into orleansmembershipversiontable (deploymentid) values ('{cluster}') on conflict do nothing;
            insert into orleansmembershiptable
                (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
            values ('{cluster}', '{address}', {port}, 1, '{name}', 'host', 3, 0, now(), now() - interval '{ago}')
            """
        );

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ReadAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
