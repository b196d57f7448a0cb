using System.Collections.Immutable;
using Customer360.Rules.Crm.Verification;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>What is known of an organization of Salesforce that sends.</summary>
public sealed record SalesforceSource
{
    /// <summary>The organizations whose outbound messages are taken, in either form of their ids; empty: all.</summary>
    public ImmutableArray<string> Organizations { get; init; } = [];

    /// <summary>The connected app by which we write, as <c>changeOrigin</c> names it behind <c>client=</c>; null: none.</summary>
    public string? OwnClient { get; init; }

    public CrmFieldNames Names { get; init; } = CrmFieldNames.Salesforce;

    /// <summary>By kind of record: the fields of its change events, for events whose changed fields are bits.</summary>
    public ImmutableDictionary<string, ChangeSchema> Schemas { get; init; } =
        ImmutableDictionary<string, ChangeSchema>.Empty;
}

/// <summary>An outbound message of another organization. It is no more its source's own than one with a wrong token.</summary>
public sealed record OrganizationOther()
    : VerificationRefusal("organization_other", "The message is of an organization that the source does not name.");
