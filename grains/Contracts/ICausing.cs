using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Contracts;

/// <summary>
/// A state whose changes cause effects that destinations are told of. Both are written in one transaction: no effect is lost between the
/// change and the outbox, and none is of a change that was not stored.
/// </summary>
public interface ICausing
{
    /// <summary>
    /// What the change causes, in order; empty: nothing. It is asked at each write, is no part of the stored state, and is emptied by the
    /// grain once it is written.
    /// </summary>
    ImmutableArray<OutboxRow> Outbox { get; }
}
