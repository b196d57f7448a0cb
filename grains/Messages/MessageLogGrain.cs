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
        return
        [
            .. rows.Select(row => new StoredEnvelope(
                row.Partition,
                row.Position,
                EnvelopeReader.FromJson(row.Payload)
            )),
        ];
    }
}
