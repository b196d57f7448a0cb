using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Customer360.Api.Tests.Crash;

/// <summary>
/// The real API in a process of its own, which can be killed and started again on the same port and data: what a test
/// within the process can't do to it.
/// </summary>
public sealed class ApiProcess : IAsyncDisposable
{
    public const int Partitions = 4;
    private const string Key = "crash-key-0123456789";
    private const string ServiceKey = "crash-service-key-0123456789";
    private const int LinesKept = 400;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Dictionary<string, string> _environment;
    private readonly ConcurrentQueue<string> _lines = new();
    private Process? _process;

    /// <param name="settings">Where the data is: environment variables on top of the ones that every run has.</param>
    public ApiProcess(params (string Name, string Value)[] settings)
    {
        Address = new Uri($"http://127.0.0.1:{Text(FindPort(20_000 + (Environment.ProcessId % 5_000)))}");
        int siloPort = FindPort(Address.Port + 1);
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority),
            // A process that is started again after a crash takes its predecessor's place in the cluster by its address.
            ["CUSTOMER360__CLUSTER__ADDRESS"] = "127.0.0.1",
            ["CUSTOMER360__CLUSTER__SILOPORT"] = Text(siloPort),
            ["CUSTOMER360__CLUSTER__GATEWAYPORT"] = Text(FindPort(siloPort + 1)),
            ["CUSTOMER360__GRID__PARTITIONS"] = Text(Partitions),
            ["CUSTOMER360__GRID__ERASURESETTLES"] = "00:00:00",
            ["CUSTOMER360__CLUSTER__DASHBOARD"] = "false",
            ["CUSTOMER360__KEYS__0__NAME"] = "operator",
            ["CUSTOMER360__KEYS__0__KEY"] = Key,
            ["CUSTOMER360__KEYS__0__ROLES__0"] = "admin",
            ["CUSTOMER360__KEYS__0__ROLES__1"] = "collect",
            ["CUSTOMER360__KEYS__0__ROLES__2"] = "read",
            ["CUSTOMER360__KEYS__1__NAME"] = "personalization",
            ["CUSTOMER360__KEYS__1__KEY"] = ServiceKey,
            ["CUSTOMER360__KEYS__1__ROLES__0"] = "read",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach ((string name, string value) in settings)
        {
            _environment[name] = value;
        }

        Http = ClientOf(Key);
        ServiceHttp = ClientOf(ServiceKey);
    }

    public Uri Address { get; }

    /// <summary>Sends the admin key.</summary>
    public HttpClient Http { get; }

    /// <summary>Sends the key of a service, which may read and whose reads are only counted.</summary>
    public HttpClient ServiceHttp { get; }

    /// <summary>The last lines that the processes printed, for the message of a failed test.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Starts the process and returns at once.</summary>
    public void Start()
    {
        // The API's output lies beside the tests, since they reference its project.
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Customer360.Api.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in _environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        // The output is read, so that a full pipe never stops the process.
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    public async Task WaitUntilReadyAsync()
    {
        await WaitAsync(
            async () =>
            {
                using HttpResponseMessage response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return response.StatusCode == HttpStatusCode.OK;
            },
            "the API to be ready"
        );
    }

    /// <summary>Polls until the condition holds; fails with the process's log after two minutes, or when it has ended.</summary>
    public async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience && _process is { HasExited: false })
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

        throw new InvalidOperationException($"Waited in vain for {what}.\n{Log}");
    }

    /// <summary>Sends SIGKILL: nothing in the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Http.Dispose();
        ServiceHttp.Dispose();
    }

    private HttpClient ClientOf(string key)
    {
        HttpClient client = new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.TryDequeue(out _);
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A free port that the system gives to no client: while the process is down, a connection to a port of that range
    /// may be made to itself, and then the process can't listen.
    /// </summary>
    private static int FindPort(int first)
    {
        for (int port = first; ; port++)
        {
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException) when (port < 32_000)
            {
                // Somebody else has it.
            }
        }
    }
}
