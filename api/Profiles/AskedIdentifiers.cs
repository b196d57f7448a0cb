using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>Reads the <c>type:value</c> of requests, and refuses what nobody can be known by before any grain is asked.</summary>
internal sealed class AskedIdentifiers(EnvelopeReader reader)
{
    /// <summary>The type under which a customer is named by its own id: <c>customer:c_…</c>.</summary>
    public const string CustomerType = IProfileShelf.CustomerType;

    private readonly Refusal _malformed = new IdentifierMalformed();
    private readonly Refusal _notFound = new NotFound("profile");

    /// <summary>An identifier in normal form.</summary>
    public Outcome<Identifier> Identifier(string? text)
    {
        if (!Rules.Events.Identifier.TryParse(text, out Identifier asked))
        {
            return _malformed;
        }

        if (reader.Normalize(asked.Type, asked.Value) is { } identifier)
        {
            return identifier;
        }

        return Unknown(asked.Type) ?? new NotFound("identifier");
    }

    /// <summary>What names a customer, in normal form: an identifier, or the customer's own id.</summary>
    public Outcome<Identifier> Customer(string? text)
    {
        if (!Rules.Events.Identifier.TryParse(text, out Identifier asked))
        {
            return _malformed;
        }

        if (asked.Type == CustomerType)
        {
            return CustomerId.IsValid(asked.Value) ? asked : _notFound;
        }

        return reader.Normalize(asked.Type, asked.Value) is { } identifier
            ? identifier
            : Unknown(asked.Type) ?? _notFound;
    }

    /// <summary>The spelling that an older release stored an identifier by, where it was another one; else null.</summary>
    public Identifier? AsBefore(string? text) =>
        Rules.Events.Identifier.TryParse(text, out Identifier asked) ? reader.AsBefore(asked.Type, asked.Value) : null;

    /// <summary>A group id in its one spelling; null where none can have it.</summary>
    public string? Group(string asked) => reader.NormalizeGroup(asked);

    /// <summary>Why there can be no identifier of this type, or null where there can.</summary>
    private Refusal? Unknown(string type)
    {
        IdentityRules rules = reader.Rules;
        if (rules.Find(type) is null)
        {
            return new IdentifierTypeUnknown(
                string.Join(", ", rules.Identifiers.Select(rule => rule.Type).Prepend(CustomerType))
            );
        }

        return RegionalType.Region(type) is { } region && rules.Regions?.Has(region) != true
            ? new RegionUnknown(string.Join(", ", rules.Regions?.Names ?? []))
            : null;
    }
}
