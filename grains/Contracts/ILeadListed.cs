using Customer360.Rules.Ports;

namespace Customer360.Grains.Contracts;

/// <summary>A state that stands in the list of leads. The row is written with it, in one transaction.</summary>
public interface ILeadListed
{
    /// <summary>Null: it stands in no list.</summary>
    LeadRow? Listing { get; }
}
