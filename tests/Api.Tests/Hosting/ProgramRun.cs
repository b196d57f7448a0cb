using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Customer360.Api.Tests.Hosting;

/// <summary>One of the real programs in a process of its own, on settings that are given, and what it said until it ended.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    public const string Key = "operator-key-0123456789";
    private const string Api = "Customer360.Api.dll";
    private const string Silo = "Customer360.Silo.dll";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private ProgramRun(string program, (string Name, string Value)[] settings)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, program)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All that it printed so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>The API on a free port, with one key for everything.</summary>
    public static ProgramRun StartApi(int port, params (string Name, string Value)[] settings) =>
        new(
            Api,
            [
                ("ASPNETCORE_ENVIRONMENT", "Production"),
                ("ASPNETCORE_URLS", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
                ("CUSTOMER360__KEYS__0__NAME", "operator"),
                ("CUSTOMER360__KEYS__0__KEY", Key),
                ("CUSTOMER360__KEYS__0__ROLES__0", "admin"),
                ("CUSTOMER360__GRID__PARTITIONS", "2"),
                .. settings,
            ]
        );

    public static ProgramRun StartSilo(params (string Name, string Value)[] settings) =>
        new(Silo, [("DOTNET_ENVIRONMENT", "Production"), ("CUSTOMER360__GRID__PARTITIONS", "2"), .. settings]);

    /// <summary>A port that is free now, outside of what the system gives to clients.</summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = Interlocked.Increment(ref s_nextPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException) when (port < 32_000)
            {
                // Somebody else has it.
            }
        }
    }

    private static int s_nextPort = 13_000 + (Environment.ProcessId % 5_000);

    /// <summary>Waits for its end; answers the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"It did not end.\n{Output}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until its start is refused: with exit code 1, the sentence, and nothing that only a programmer could read.</summary>
    public async Task AssertRefusedAsync(params string[] parts)
    {
        await AssertGivesUpAsync(parts);
        Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
    }

    /// <summary>The same for a start that came so far that Orleans had begun to log what fails.</summary>
    public async Task AssertGivesUpAsync(params string[] parts)
    {
        int code = await WaitForExitAsync();
        Assert.True(code == 1, $"Exit code {code}:\n{Output}");
        Assert.All(parts, part => Assert.Contains(part, Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Unhandled", Output, StringComparison.Ordinal);
    }

    /// <summary>Polls until the condition holds; fails with what was printed when the process ends before.</summary>
    public async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience && !_process.HasExited)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // It does not listen yet, or does not answer.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new InvalidOperationException($"Waited in vain for {what}.\n{Output}");
    }

    /// <summary>Waits until the process has printed something.</summary>
    public Task WaitForOutputAsync(string part) =>
        WaitAsync(() => Task.FromResult(Output.Contains(part, StringComparison.Ordinal)), part);

    /// <summary>Sends SIGTERM, as an operator does to stop it.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
