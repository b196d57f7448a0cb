using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Contracts;

/// <summary>
/// A state that has rows in the list of names. Both are written in one transaction: nobody is found by a name of before, and nobody is
/// missing.
/// </summary>
public interface INameListed
{
    /// <summary>
    /// The rows as the state is now; null: they are as they were, and the list is not touched. It is asked at each write, and is no part of
    /// the stored state.
    /// </summary>
    /// <param name="key">The grain's key.</param>
    ImmutableArray<NameRow>? NamesOf(string key);
}
