using System.Text.Json;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>
/// What senders and tools really send, on the program that users run. Many more forms are tested where values become ids, times and
/// traits (Rules.Tests/FieldCases).
/// </summary>
public abstract class FieldCases : IAsyncLifetime
{
    private protected FieldHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await FieldHost.Start();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>What the process has counted of a reason.</summary>
    protected async Task<long> Counted(string what, string reason)
    {
        string? line = (await Host.Metrics())
            .Split('\n')
            .Where(one => one.StartsWith($"customer360_collect_{what}_total{{", StringComparison.Ordinal))
            .FirstOrDefault(one => one.Contains($"reason=\"{reason}\"}}", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    protected static string[] LeftOut(JsonElement receipt) =>
        receipt.TryGetProperty("leftOut", out JsonElement parts)
            ?
            [
                .. parts
                    .EnumerateArray()
                    .Select(part =>
                        $"{part.GetProperty("field").GetString()}:{part.GetProperty("reason").GetString()}"
                    ),
            ]
            : [];
}
