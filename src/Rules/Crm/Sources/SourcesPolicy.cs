using System.Collections.Immutable;
using Customer360.Rules.Crm.HubSpot;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Crm.Verification;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.Sources;

/// <summary>What a source's bodies are.</summary>
public enum SourceKind
{
    /// <summary>Whatever a mapping of the file says.</summary>
    Mapped = 1,

    HubSpot = 2,
    Salesforce = 3,
}

/// <summary>A source of webhooks: how it proves itself, and how its bodies are read.</summary>
/// <param name="Name">As its address and its settings have it; also the source of its messages.</param>
/// <param name="Verification">How it proves itself.</param>
public sealed record WebhookSource(string Name, SourceKind Kind, VerificationTemplate Verification)
{
    /// <summary>Of HubSpot.</summary>
    public HubSpotSource HubSpot { get; init; } = new();

    /// <summary>Of Salesforce.</summary>
    public SalesforceSource Salesforce { get; init; } = new();

    /// <summary>Of any other; null of those two.</summary>
    public RecordMapping? Mapping { get; init; }

    /// <summary>How the CRM's fields are called in profiles, as the file says it: beside what is built in.</summary>
    public ImmutableSortedDictionary<string, string> FieldNames { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Reads a body, whose sender was proven before.</summary>
    /// <param name="header">A header of the request by its name; null where there is none.</param>
    public Outcome<WebhookReading> Read(ReadOnlyMemory<byte> body, Func<string, string?> header) =>
        Kind switch
        {
            SourceKind.HubSpot => HubSpotDecoder.Read(body, HubSpot),
            SourceKind.Salesforce => SalesforceDecoder.Read(body, Salesforce),
            _ => MappingDecoder.Read(body, header, Name, Mapping!),
        };
}

/// <summary><c>sources.yaml</c>, read: which services send webhooks.</summary>
public sealed record SourcesPolicy(ImmutableSortedDictionary<string, WebhookSource> Sources)
{
    /// <summary>The source, or null.</summary>
    public WebhookSource? Find(string name) => Sources.GetValueOrDefault(name);
}
