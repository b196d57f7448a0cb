using System.Diagnostics;
using System.Globalization;
using Customer360.ClusterRuns.Nodes;
using Customer360.Tests.Support;

namespace Customer360.ClusterRuns.Load;

/// <summary><c>@segment/analytics-node</c>, unmodified, in a process of its own (<c>tests/Sdk/node/load.mjs</c>).</summary>
public sealed class SdkSender : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Process _node;
    private readonly Task _reading;

    private SdkSender(Process node, Journal journal)
    {
        _node = node;
        _reading = ReadAsync(journal);
    }

    /// <summary>Where <c>npm ci</c> has put the SDK; null where it has not.</summary>
    public static string? FindFolder()
    {
        string sdk = Repository.Path("tests", "Sdk");
        return Directory.Exists(Path.Combine(sdk, "node_modules")) ? sdk : null;
    }

    public static SdkSender Start(string folder, Uri address, Journal journal, string crowd, int people)
    {
        string[] arguments =
        [
            Path.Combine("node", "load.mjs"),
            address.GetLeftPart(UriPartial.Authority),
            GridCluster.Key,
            crowd,
            people.ToString(CultureInfo.InvariantCulture),
        ];
        ProcessStartInfo start = new("node", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new SdkSender(Process.Start(start)!, journal);
    }

    /// <summary>Sends nothing new, and waits until all that was sent is acknowledged.</summary>
    public async Task StopAsync()
    {
        _node.StandardInput.Close();
        await _reading.WaitAsync(s_patience, TimeProvider.System);
        await _node.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_node.HasExited)
        {
            _node.Kill();
            await _node.WaitForExitAsync();
        }

        _node.Dispose();
    }

    private async Task ReadAsync(Journal journal)
    {
        while (await _node.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split(' ');
            journal.Acknowledge([new Message(parts[0], parts[1], "")], TimeSpan.Zero);
        }
    }
}
