using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>An identifier that a customer holds, and the time of the message that linked it (limits with a window count by it).</summary>
public readonly record struct HeldIdentifier(Identifier Identifier, DateTimeOffset LinkedAt);

/// <summary>What an identity decision must know of a customer.</summary>
public sealed record CustomerFacts(string CustomerId, ImmutableArray<HeldIdentifier> Held)
{
    /// <summary>What must not come together with what it holds.</summary>
    public ImmutableArray<Separation> Separations { get; init; } = [];

    /// <summary>True where it is too large to take on anybody or anything (<see cref="ProfileSize"/>).</summary>
    public bool IsOversized { get; init; }

    /// <summary>How many identifiers it may hold.</summary>
    public int IdentifiersMax { get; init; } = ProfileSize.IdentifiersMaxDefault;
}

/// <summary>An identifier of a message and who owns it; null where nobody does.</summary>
public readonly record struct OwnedIdentifier(Identifier Identifier, CustomerFacts? Owner)
{
    /// <summary>True where it may link nobody (<see cref="Containment"/>).</summary>
    public bool IsQuarantined { get; init; }
}
