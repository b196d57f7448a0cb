using System.Collections.Immutable;

namespace Customer360.Rules.Crm.HubSpot;

/// <summary>What is known of an app of HubSpot that sends.</summary>
public sealed record HubSpotSource
{
    /// <summary>The accounts (portals) whose events are taken; empty: all. One address takes the events of every account.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];

    /// <summary>The number of the app by which we write, so that its own changes are known when they come back; null: none.</summary>
    public string? OwnApp { get; init; }

    public CrmFieldNames Names { get; init; } = CrmFieldNames.HubSpot;
}
