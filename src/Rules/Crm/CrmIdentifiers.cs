using System.Collections.Immutable;

namespace Customer360.Rules.Crm;

/// <summary>
/// The identifier types under which CRM records are known. The identity rules say what they are worth; a type that the rules do
/// not have identifies nobody.
/// </summary>
public static class CrmIdentifiers
{
    public const string Email = "email";

    /// <summary>Of a person; <c>account:id</c>, since HubSpot numbers the records of each account and each type by themselves.</summary>
    public const string HubSpotContact = "hubspot.contact";

    /// <summary>Of a company, likewise.</summary>
    public const string HubSpotCompany = "hubspot.company";

    /// <summary>Of a person; 18 characters.</summary>
    public const string SalesforceContact = "salesforce.contact";

    /// <summary>Of a person; 18 characters.</summary>
    public const string SalesforceLead = "salesforce.lead";

    /// <summary>Of a company; 18 characters.</summary>
    public const string SalesforceAccount = "salesforce.account";

    /// <summary>All of a CRM's own: <see cref="Email"/> is everybody's.</summary>
    public static ImmutableArray<string> All { get; } =
    [HubSpotContact, HubSpotCompany, SalesforceContact, SalesforceLead, SalesforceAccount];

    /// <summary>True of a CRM's record of a company.</summary>
    public static bool IsCompany(string type) => type is HubSpotCompany or SalesforceAccount;

    /// <summary>The id of a company in group calls: <c>hubspot.company:62515:512</c>.</summary>
    public static string GroupIdOf(CrmId company) => $"{company.Type}:{company.Value}";
}
