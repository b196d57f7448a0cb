using System.Collections.Frozen;

namespace Customer360.Rules.Accounts;

/// <summary>
/// Events that tell of a deal. Whoever sends one for a company names it in <c>context.groupId</c>; what a CRM's records become
/// has it there.
/// </summary>
public static class OpportunityEvents
{
    /// <summary>A deal of HubSpot is as its properties say.</summary>
    public const string DealChanged = "CRM Deal Changed";

    public const string DealDeleted = "CRM Deal Deleted";

    /// <summary>An opportunity of Salesforce, or of any other CRM, is as its properties say.</summary>
    public const string OpportunityChanged = "CRM Opportunity Changed";

    public const string OpportunityDeleted = "CRM Opportunity Deleted";

    private static readonly FrozenSet<string> s_all = new[]
    {
        DealChanged,
        DealDeleted,
        OpportunityChanged,
        OpportunityDeleted,
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Has(string? name) => name is not null && s_all.Contains(name);

    public static bool IsDeletion(string? name) => name is DealDeleted or OpportunityDeleted;
}
