using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Looks into the event log for those who see no storage. Keeps nothing, so there may be several; key: always 0.
/// </summary>
[Alias("c360.IMessageLogGrain")]
public interface IMessageLogGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// The stored messages with this id, by partition: none, or one; more only where a sender gave one id to messages
    /// of different anchors.
    /// </summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">The log can't be read right now.</exception>
    [AlwaysInterleave]
    [Alias("Find")]
    Task<ImmutableArray<StoredEnvelope>> Find(string messageId);
}
