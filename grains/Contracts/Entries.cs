using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Grains.Contracts;

[GenerateSerializer, Immutable, Alias("c360.EntriesQuery")]
public sealed record EntriesQuery([property: Id(0)] ImmutableArray<Identifier> Identifiers);

/// <param name="AppliedTo">The position of the last message in the fold.</param>
/// <param name="FoldJson">The canonical form of what was learned under the identifier.</param>
[GenerateSerializer, Immutable, Alias("c360.FoldedEntry")]
public sealed record FoldedEntry(
    [property: Id(0)] Identifier Identifier,
    [property: Id(1)] long AppliedTo,
    [property: Id(2)] ReadOnlyMemory<byte> FoldJson
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Entries">Of the identifiers that it holds.</param>
[GenerateSerializer, Immutable, Alias("c360.EntriesReply")]
public sealed record EntriesReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<FoldedEntry> Entries
);
