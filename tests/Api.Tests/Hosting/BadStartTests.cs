using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Customer360.Api.Tests.Crash;

namespace Customer360.Api.Tests.Hosting;

/// <summary>What keeps the real programs from starting is told in a sentence, with exit code 1 and nothing lost.</summary>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class BadStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-start-").FullName;

    private string Database => Path.Combine(_folder, "customer360.db");

    [Fact]
    public async Task Start_WhenAnotherProcessHasTheFolder_NamesIt()
    {
        int port = ProgramRun.FreePort();
        await using var first = ProgramRun.StartApi(port, ("CUSTOMER360__DATA", _folder));
        await first.WaitForOutputAsync("The grid is ready");

        await using var second = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", _folder));

        await second.AssertRefusedAsync(
            $"Another process has the data folder '{_folder}' open: end it, or give this one a folder of its own by CUSTOMER360__DATA."
        );
    }

    [Fact]
    public async Task Start_WhenTheDatabaseIsDamaged_NamesTheFileAndLeavesIt()
    {
        byte[] garbage = [.. Enumerable.Repeat((byte)'x', 10_000)];
        await File.WriteAllBytesAsync(Database, garbage);

        await using var run = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", _folder));

        await run.AssertRefusedAsync(
            $"The database '{Database}' is damaged (file is not a database, SQLite 26).",
            "backup"
        );
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task Start_WhenTheDatabaseOfAStoreIsGone_DoesNotBeginAnew()
    {
        await using (var first = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", _folder)))
        {
            await first.WaitForOutputAsync("The grid is ready");
            first.Terminate();
            Assert.Equal(0, await first.WaitForExitAsync());
        }

        File.Delete(Database);

        await using var run = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", _folder));

        await run.AssertRefusedAsync(
            $"The store in '{_folder}' has lost its database: '{Database}' is missing or empty."
        );
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task Start_WhenTheDatabaseIsEmpty_DoesNotTakeItForNew()
    {
        await File.WriteAllBytesAsync(Database, []);

        await using var run = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", _folder));

        await run.AssertRefusedAsync($"'{Database}' is empty, and was not made by this program");
        Assert.Equal([Database], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Start_WhenTheFolderCannotBeMade_NamesItAndTheCause()
    {
        string file = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(file, "");

        await using var run = ProgramRun.StartApi(
            ProgramRun.FreePort(),
            ("CUSTOMER360__DATA", Path.Combine(file, "data"))
        );

        await run.AssertRefusedAsync(
            $"The data folder '{Path.Combine(file, "data")}' can't be written (",
            "CUSTOMER360__DATA"
        );
    }

    [Fact]
    public async Task Start_WhenASourceOfWebhooksHasASecret_RefusesWhatElseIsWrongOnly()
    {
        await using var run = ProgramRun.StartApi(
            ProgramRun.FreePort(),
            ("CUSTOMER360__WEBHOOKS__SHOP__SECRETS__0", "a-secret"),
            ("CUSTOMER360__WEBHOOKS__SHOP__SECRETS__1", "another"),
            ("CUSTOMER360__GRID__PARTITIONS", "0")
        );

        await run.AssertRefusedAsync("Customer360:Grid:Partitions must be 1 to 4096.");
    }

    [Fact]
    public async Task Start_WhenTheAddressIsTaken_NamesIt()
    {
        int port = ProgramRun.FreePort();
        using var taken = new TcpListener(IPAddress.Loopback, port);
        taken.Start();

        await using var run = ProgramRun.StartApi(port, ("CUSTOMER360__DATA", _folder));

        await run.AssertRefusedAsync(
            $"http://127.0.0.1:{port}",
            "Another program listens there: end it, or set ASPNETCORE_URLS"
        );
    }

    [Theory]
    [InlineData("CUSTOMER360__GRID__PARTITIONS", "many", "'many' at 'Customer360:Grid:Partitions'")]
    [InlineData("CUSTOMER360__GRID__PARTITIONS", "0", "Customer360:Grid:Partitions must be 1 to 4096.")]
    [InlineData("CUSTOMER360__GRID__PARTITONS", "8", "There is no setting Customer360:Grid:PARTITONS; those of")]
    [InlineData("CUSTOMER360__COLLECT__DEPTHMAX", "1", "Customer360:Collect:DepthMax must be 8 to 1000.")]
    [InlineData("ASPNETCORE_URLS", "nowhere", "Invalid url: 'nowhere' Check ASPNETCORE_URLS")]
    [InlineData("CUSTOMER360__CLUSTER__SILOPORT", "70000", "Customer360:Cluster:SiloPort must be 1 to 65535.")]
    [InlineData("CUSTOMER360__CLUSTER__ADDRESS", "0.0.0.0", "Customer360:Cluster:Address must be an IP address")]
    [InlineData("CUSTOMER360__CLUSTER__TLS__CERTIFICATE", "c.pem", "Customer360:Cluster:Tls:Authority is missing")]
    [InlineData(
        "CUSTOMER360__CLUSTER__COHOST",
        "false",
        "ConnectionStrings__Customer360 does not say on which database"
    )]
    [InlineData("ConnectionStrings__Customer360", " ", "ConnectionStrings__Customer360 is set and empty")]
    [InlineData("ConnectionStrings__Customer360", "Host=x;Pasword=s3cret", "is not a connection string of PostgreSQL")]
    [InlineData("ConnectionStrings__Customer360", "Database=x", "ConnectionStrings__Customer360 names no Host.")]
    [InlineData("ConnectionStrings__Customer36", "Host=x", "did you mean ConnectionStrings__Customer360?")]
    [InlineData("CUSTOMER360__DATAA", "x", "There is no setting Customer360:DATAA", "Did you mean CUSTOMER360__DATA?")]
    [InlineData(
        "CUSTOMER360__KEYS__0__ROLE",
        "read",
        "There is no setting Customer360:Keys:#:ROLE; those of",
        "__ROLES__0?"
    )]
    [InlineData(
        "CUSTOMER360__WEBHOOKS__SHOP__SECRET",
        "x",
        "There is no setting Customer360:Webhooks:<source>:SECRET; those of",
        "__SECRETS__0?"
    )]
    [InlineData("CUSTOMER360__SHELF__ENTRIES", "1", "There is no setting Customer360:Shelf:ENTRIES")]
    [InlineData("CUSTOMER360__GRID", "8", "Customer360:Grid is no setting by itself")]
    [InlineData("CUSTOMER360__DATA__FOLDER", "x", "There is no setting Customer360:Data:FOLDER")]
    [InlineData("CUSTOMER360_GRID_PARTITIONS", "8", "did you mean CUSTOMER360__GRID__PARTITIONS")]
    [InlineData("CUSTOMR360__GRID__PARTITIONS", "8", "did you mean CUSTOMER360__GRID__PARTITIONS?")]
    [InlineData(
        "CUSTOMER360__METRICS__ENABLED",
        "maybe",
        "'maybe' at 'Customer360:Metrics:Enabled' must be true or false."
    )]
    [InlineData("CUSTOMER360__SHELF__BYTESMAX", "0", "Customer360:Shelf:BytesMax must be at least 1.")]
    [InlineData(
        "CUSTOMER360__PUBLICURL",
        "grid.example.com",
        "'grid.example.com' at 'Customer360:PublicUrl' is no address"
    )]
    [InlineData("CUSTOMER360__PUBLICURL", "ftp://grid.example.com", "at 'Customer360:PublicUrl' is no address")]
    [InlineData("CUSTOMER360__KEYS__0__KEY", "a", "CUSTOMER360__KEYS__0__KEY has 1 characters and must have 12 to 512")]
    [InlineData("CUSTOMER360__KEYS__0__NAME", "", "CUSTOMER360__KEYS__0__NAME is missing")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999", "names the port 99999, and ports end at 65535.")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:0", "The HTTP server can't start (")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "at 'OTEL_EXPORTER_OTLP_ENDPOINT' is no address")]
    [InlineData("Logging__LogLevel__Default", "Loud", "Check the settings under Logging")]
    public async Task Start_WhenASettingIsWrong_NamesIt(string setting, string value, params string[] sentences)
    {
        await using var run = ProgramRun.StartApi(
            ProgramRun.FreePort(),
            ("CUSTOMER360__DATA", _folder),
            (setting, value)
        );

        await run.AssertRefusedAsync(sentences);
        Assert.DoesNotContain("s3cret", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Start_WhenAKeyIsLongerThanAHeaderTakes_NamesIt()
    {
        await using var run = ProgramRun.StartApi(
            ProgramRun.FreePort(),
            ("CUSTOMER360__DATA", _folder),
            ("CUSTOMER360__KEYS__0__KEY", new string('k', 1_100))
        );

        await run.AssertRefusedAsync("CUSTOMER360__KEYS__0__KEY has 1100 characters and must have 12 to 512");
        Assert.DoesNotContain("kkkk", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenTheSettingsFileIsNoJson_NamesIt()
    {
        string file = Path.Combine(_folder, "appsettings.json");
        await File.WriteAllTextAsync(file, "{ not json");

        await using var run = ProgramRun.StartApi(
            ProgramRun.FreePort(),
            ("ASPNETCORE_CONTENTROOT", _folder),
            ("CUSTOMER360__DATA", Path.Combine(_folder, "data"))
        );

        await run.AssertRefusedAsync(file);
    }

    [Fact]
    public async Task Start_WhenKubernetesMakesVariablesForAService_MindsItsOwn()
    {
        await using var run = ProgramRun.StartApi(
            ProgramRun.FreePort(),
            ("CUSTOMER360__DATA", _folder),
            ("CUSTOMER360_PORT", "tcp://10.0.0.1:80"),
            ("CUSTOMER360_SERVICE_HOST", "10.0.0.1")
        );

        await run.WaitForOutputAsync("The grid is ready");
    }

    [Fact]
    public async Task Silo_WhenThereIsNoCluster_SaysWhatIsMissing()
    {
        await using var run = ProgramRun.StartSilo();

        await run.AssertRefusedAsync(
            "A silo joins a cluster, and ConnectionStrings__Customer360 does not say on which database"
        );
    }

    [Fact]
    public async Task Silo_WhenTheHealthPortIsTaken_NamesTheSetting()
    {
        int port = ProgramRun.FreePort();
        using var taken = new TcpListener(IPAddress.Any, port);
        taken.Start();

        await using var run = ProgramRun.StartSilo(
            ("ConnectionStrings__Customer360", $"Host=127.0.0.1;Port={ProgramRun.FreePort()};Username=x;Database=x"),
            ("CUSTOMER360__CLUSTER__ADDRESS", "127.0.0.1"),
            ("CUSTOMER360__CLUSTER__SILOPORT", $"{ProgramRun.FreePort()}"),
            ("CUSTOMER360__CLUSTER__GATEWAYPORT", $"{ProgramRun.FreePort()}"),
            ("CUSTOMER360__CLUSTER__HEALTHPORT", $"{port}")
        );

        await run.AssertRefusedAsync($"The health port {port} can't be opened", "CUSTOMER360__CLUSTER__HEALTHPORT");
    }

    [Fact]
    public async Task Start_WhenTheDatabaseWasCopiedWithoutItsLog_DoesNotTakeItForTheWhole()
    {
        string running = Path.Combine(_folder, "running");
        string copied = Path.Combine(_folder, "copied");
        Directory.CreateDirectory(copied);
        await using (var first = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", running)))
        {
            await first.WaitForOutputAsync("The grid is ready");
            File.Copy(Path.Combine(running, "customer360.db"), Path.Combine(copied, "customer360.db"));
        }

        await using var run = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", copied));

        await run.AssertRefusedAsync(
            $"'{Path.Combine(copied, "customer360.db")}' was copied or moved without the file 'customer360.db-wal'"
        );
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_InAFolderThatOthersMayRead_ClosesItAndSaysSo()
    {
        File.SetUnixFileMode(
            _folder,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherExecute
        );

        await using var run = ProgramRun.StartApi(ProgramRun.FreePort(), ("CUSTOMER360__DATA", _folder));
        await run.WaitForOutputAsync("The grid is ready");

        const UnixFileMode Others = (UnixFileMode)0b111_111;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder) & Others);
        Assert.All(
            Directory.GetFiles(_folder),
            file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & Others)
        );
        Assert.Contains("was open to other users of this machine", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
