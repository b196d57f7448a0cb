using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Customer360.Benchmarks.Http;

/// <summary>A server that is measured from outside: a process of its own, killed at the end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Resident memory in bytes, as the system counts it.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time that it has used, of all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts <c>dotnet arguments</c> and waits until it listens on the port and <paramref name="ready"/> answers 200.</summary>
    /// <param name="port">Where it will listen; 0 for a process that does not.</param>
    /// <param name="arguments">The program and what it is told.</param>
    /// <param name="environment">Added to the environment of this process.</param>
    /// <param name="ready">A path of the server; null where the server can't be asked, and the caller waits by itself.</param>
    public static async Task<ChildProcess> StartAsync(
        int port,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string? ready
    )
    {
        var info = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        Process process = Process.Start(info) ?? throw new InvalidOperationException("dotnet did not start.");
        // What it prints is read, so that a full pipe never stops it. It is shown when somebody looks for a fault.
        bool show = Environment.GetEnvironmentVariable("BENCHMARK_SHOW_LOGS") == "1";
        process.OutputDataReceived += (_, line) =>
        {
            if (show)
            {
                Console.Error.WriteLine(line.Data);
            }
        };
        process.BeginOutputReadLine();
        var child = new ChildProcess(process, port);
        if (ready is not null)
        {
            await child.WaitUntilReady(ready);
        }

        return child;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReady(string path)
    {
        using var client = new HttpClient();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(120) && !_process.HasExited)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}{path}"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new InvalidOperationException($"The server on port {Port} did not become ready.");
    }
}
