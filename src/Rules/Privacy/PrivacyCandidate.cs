using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Privacy;

/// <summary>Somebody whom an identifier leads to.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Identifiers">All that it holds.</param>
/// <param name="IsShared">The identifier that led here is quarantined: it comes with too many people to be one's own.</param>
public sealed record PrivacyCandidate(string CustomerId, ImmutableArray<Identifier> Identifiers, bool IsShared);
