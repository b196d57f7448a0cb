using Customer360.Rules.Ports;

namespace Customer360.Grains.Contracts;

/// <summary>
/// A state that has a row in the list of leads. Both are written in one transaction: the list never shows a lead as it was not, and
/// none is missing.
/// </summary>
public interface ILeadListed
{
    /// <summary>
    /// The row as the state is now, under the grain's key; null: the state has none, and a former one is removed. It is asked at each
    /// write, and is no part of the stored state.
    /// </summary>
    LeadRow? Listing { get; }
}
