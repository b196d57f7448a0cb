using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Customer360.Tests.Support;

namespace Customer360.Cluster.Tests;

/// <summary><c>silo/run-cluster</c>, as somebody runs it on a machine.</summary>
public sealed class RunClusterTests : IAsyncLifetime
{
    private const string Key = "run-cluster-key";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-run-cluster-").FullName;
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _line = new(0);
    private Process? _script;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_script is { HasExited: false } script)
        {
            script.Kill(entireProcessTree: true);
            await script.WaitForExitAsync();
        }

        _script?.Dispose();
        _line.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [DatabaseFact]
    public async Task Script_WhenItIsStopped_EndsTheApiFirstAndTheSilosOneByOne()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        int port = FreePort();
        Start(await server.CreateDatabaseAsync(), port);
        await WaitFor("logs: ");
        Assert.Equal(3, _lines.Count(line => line.Contains(" is ready: pid ", StringComparison.Ordinal)));
        using HttpClient http = new()
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var cluster = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/cluster", UriKind.Relative)));
        Assert.Equal(
            ["silo-1", "silo-2"],
            cluster
                .RootElement.GetProperty("silos")
                .EnumerateArray()
                .Select(silo => silo.GetProperty("name").GetString())
        );
        string health = _lines.First(line => line.StartsWith("silo-1 ", StringComparison.Ordinal)).Split(' ')[^1];
        using HttpResponseMessage ready = await http.GetAsync(new Uri(health));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        string numbers = await http.GetStringAsync(new Uri(new Uri(health), "/metrics"));
        Assert.Contains("orleans_", numbers, StringComparison.Ordinal);
        Assert.Contains("customer360_", numbers, StringComparison.Ordinal);
        Assert.DoesNotContain("\"c_", numbers, StringComparison.Ordinal);

        await Signal("TERM");
        await _script!.WaitForExitAsync().WaitAsync(s_patience);

        Assert.Equal(0, _script.ExitCode);
        Assert.Equal(
            ["api has stopped (exit code 0)", "silo-2 has stopped (exit code 0)", "silo-1 has stopped (exit code 0)"],
            _lines.Where(line => line.Contains("has stopped", StringComparison.Ordinal))
        );
    }

    [DatabaseFact]
    public async Task Script_WhenAProcessDies_SaysSoAndFails()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        Start(await server.CreateDatabaseAsync(), FreePort());
        await WaitFor("logs: ");
        string pid = _lines
            .First(line => line.StartsWith("silo-2 ", StringComparison.Ordinal))
            .Split("pid ")[1]
            .Split(',')[0];

        Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture)).Kill();
        await WaitFor("silo-2 has died (exit code 137)");
        await Signal("INT");
        await _script!.WaitForExitAsync().WaitAsync(s_patience);

        Assert.Equal(1, _script.ExitCode);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("none", 2)]
    [InlineData("0", 2)]
    public async Task Script_OfWrongUse_SaysHowItIsUsed(string arguments, int code)
    {
        Start(connection: "Host=nowhere", FreePort(), arguments);
        await _script!.WaitForExitAsync().WaitAsync(s_patience);

        Assert.Equal(code, _script.ExitCode);
    }

    private void Start(string connection, int port, string arguments = "2")
    {
        ProcessStartInfo start = new("env")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A shell ignores SIGINT for what it starts in the background, these tests too, and a script that begins so can't
        // listen to it any more: it is started as a terminal would start it.
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add(Repository.Path("silo", "run-cluster"));
        foreach (string argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            start.ArgumentList.Add(argument);
        }

        // The programs lie beside these tests.
        start.ArgumentList.Add("--programs");
        start.ArgumentList.Add(AppContext.BaseDirectory);
        start.ArgumentList.Add("--logs");
        start.ArgumentList.Add(_folder);
        start.Environment["ConnectionStrings__Customer360"] = connection;
        start.Environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        start.Environment["CUSTOMER360__METRICS__ANONYMOUS"] = "true";
        // These tests are not about noticing deaths, and share their processors: nobody is to be taken for dead.
        start.Environment["CUSTOMER360__CLUSTER__PROBETIMEOUT"] = "00:00:20";
        start.Environment["CUSTOMER360__KEYS__0__NAME"] = "operator";
        start.Environment["CUSTOMER360__KEYS__0__KEY"] = Key;
        start.Environment["CUSTOMER360__KEYS__0__ROLES__0"] = "admin";
        _script = Process.Start(start)!;
        _script.OutputDataReceived += (_, line) => Keep(line.Data);
        _script.ErrorDataReceived += (_, line) => Keep(line.Data);
        _script.BeginOutputReadLine();
        _script.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }

            _line.Release();
        }
    }

    private async Task WaitFor(string begin)
    {
        while (true)
        {
            lock (_lines)
            {
                if (_lines.Any(line => line.StartsWith(begin, StringComparison.Ordinal)))
                {
                    return;
                }
            }

            Assert.True(await _line.WaitAsync(s_patience), string.Join('\n', _lines));
        }
    }

    private async Task Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _script!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static int FreePort() => Customer360.ClusterRuns.Nodes.Ports.Next();
}
