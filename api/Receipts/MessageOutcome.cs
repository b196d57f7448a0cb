using System.Collections.Immutable;
using Customer360.Rules.Identity;

namespace Customer360.Api.Receipts;

/// <summary>Where a stored message went.</summary>
/// <param name="CustomerId">The customer that its anchor leads to now; null where nobody has it yet.</param>
/// <param name="Applied">The profile shows the message.</param>
/// <param name="Identifiers">What became of each of its identifiers, then of what was blocked.</param>
public sealed record MessageOutcome(string? CustomerId, bool Applied, ImmutableArray<IdentifierOutcome> Identifiers);
