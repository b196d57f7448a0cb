using System.Diagnostics;
using System.Globalization;

namespace Customer360.ClusterRuns.Nodes;

/// <summary>A silo or an API as a process of its own, which can be stopped in every way that a process can.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _logging = new();

    private NodeProcess(string name, Process process, StreamWriter log)
    {
        Name = name;
        _process = process;
        _log = log;
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <param name="program">The path of the program's <c>.dll</c>.</param>
    /// <param name="logFile">Gets all that it prints; what is there already is kept.</param>
    public static NodeProcess Start(
        string name,
        string program,
        string logFile,
        IEnumerable<KeyValuePair<string, string>> environment
    )
    {
        ProcessStartInfo start = new("dotnet", [program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A path of the repository would bring settings files of its own.
            WorkingDirectory = Path.GetDirectoryName(logFile)!,
        };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        var node = new NodeProcess(name, process, new StreamWriter(logFile, append: true) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => node.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => node.Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return node;
    }

    /// <summary>The memory that it holds, in megabytes, and the processor time that it has used.</summary>
    public (double Megabytes, TimeSpan Processor) Measure()
    {
        _process.Refresh();
        return (_process.WorkingSet64 / 1e6, _process.TotalProcessorTime);
    }

    /// <summary>Sends SIGKILL: nothing in it gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGSTOP: it hangs, and its connections stay.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Sends SIGCONT: it goes on.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Sends SIGTERM and waits. Answers how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        long began = Stopwatch.GetTimestamp();
        await SignalAsync("TERM");
        await WaitForExitAsync(s_patience);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <exception cref="TimeoutException">It goes on running.</exception>
    public async Task WaitForExitAsync(TimeSpan patience) =>
        await _process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        lock (_logging)
        {
            _log.Dispose();
        }
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void Keep(string? line)
    {
        lock (_logging)
        {
            if (line is not null && _log.BaseStream is not null)
            {
                _log.WriteLine(line);
            }
        }
    }
}
