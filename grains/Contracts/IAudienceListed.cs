using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Contracts;

/// <summary>
/// A state that has rows in the list of the audiences' members. Both are written in one transaction: the list never shows anybody as a
/// member who is none, and nobody is missing.
/// </summary>
public interface IAudienceListed
{
    /// <summary>
    /// The rows as the state is now, under the grain's key; null: they are as they were, and the list is not touched. It is asked at each
    /// write, and is no part of the stored state.
    /// </summary>
    ImmutableArray<AudienceRow>? Members { get; }
}
