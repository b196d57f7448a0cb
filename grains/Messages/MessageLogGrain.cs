using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IMessageLogGrain"/>
[GrainType("message-log")]
[StatelessWorker]
public sealed class MessageLogGrain(IEventLog eventLog) : Grain, IMessageLogGrain
{
    public async Task<ImmutableArray<StoredEnvelope>> Find(string messageId)
    {
        ImmutableArray<LogRow> rows = await eventLog.FindMessageAsync(messageId, CancellationToken.None);
        return [.. await Task.WhenAll(rows.Select(row => ReleasedOf(Read(row))))];
    }

    private static StoredEnvelope Read(LogRow row) =>
        new(row.Partition, row.Position, EnvelopeReader.FromJson(row.Payload));

    /// <summary>One that lay in quarantine and was re-driven is where it stands now.</summary>
    private async Task<StoredEnvelope> ReleasedOf(StoredEnvelope stored)
    {
        if (!stored.Envelope.IsHeld)
        {
            return stored;
        }

        string id = MessageIds.OfReleased(stored.Partition, stored.Position);
        return await eventLog.FindMessageAsync(id, CancellationToken.None) is [var row, ..] ? Read(row) : stored;
    }
}
