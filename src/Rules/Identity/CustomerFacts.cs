using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>An identifier that a customer holds, and the time of the message that linked it (limits with a window count by it).</summary>
public readonly record struct HeldIdentifier(Identifier Identifier, DateTimeOffset LinkedAt)
{
    /// <summary>Claims alone have linked it to this customer: nobody who is believed has said that the two belong together.</summary>
    public bool IsLinkClaimed { get; init; }

    /// <summary>Claims alone speak of it: it was linked by one, and no trusted message came under it.</summary>
    public bool IsClaimed { get; init; }
}

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

    /// <summary>True where the message only claims it (<see cref="StatementTrust.Claimed"/>).</summary>
    public bool IsClaimed { get; init; }
}
