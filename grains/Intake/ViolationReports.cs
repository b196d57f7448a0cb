using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;

namespace Customer360.Grains;

/// <summary>
/// What a partition's messages do not keep of their contracts, on its way to be counted by their sources. The checkpoint waits for it:
/// after a crash it is told again from there, and those who count know what they have. Owned by a partition and used in its turns only.
/// </summary>
internal sealed class ViolationReports(int partition, IGrainFactory grains)
{
    /// <summary>Told to a source at once.</summary>
    private const int BatchMax = 2_000;

    private readonly Queue<(string Source, ViolationFinding Finding)> _open = new();

    /// <summary>Messages come in order of position.</summary>
    public void Add(StoredEnvelope message)
    {
        if (
            message.Envelope.Contract is not null
            && ViolationFinding.Of(message.Envelope, message.Position) is { } finding
        )
        {
            _open.Enqueue((message.Envelope.Source, finding));
        }
    }

    /// <summary>Tells all up to a position. Where that fails, all that was not told is told the next time.</summary>
    public async Task Send(long position)
    {
        while (_open.TryPeek(out (string Source, ViolationFinding Finding) front) && front.Finding.Position <= position)
        {
            (string Source, ViolationFinding Finding)[] batch =
            [
                .. _open.Take(BatchMax).TakeWhile(one => one.Finding.Position <= position),
            ];
            await Task.WhenAll(
                batch
                    .GroupBy(one => one.Source, StringComparer.Ordinal)
                    .Select(source =>
                        grains
                            .GetGrain<IContractViolationsGrain>(source.Key)
                            .Count(new ViolationReport(partition, [.. source.Select(one => ToMessage(one.Finding))]))
                    )
            );
            for (int index = 0; index < batch.Length; index++)
            {
                _open.Dequeue();
            }
        }
    }

    private static ViolationMessage ToMessage(ViolationFinding finding) =>
        new(
            finding.Position,
            finding.At,
            [.. finding.Keys.Select(key => new ViolationPlace(key.Contract, key.Path, key.Kind))]
        );
}
