using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary>The rules of a request are not valid; nothing was changed.</summary>
/// <param name="Faults">All of them, by line.</param>
public sealed record IdentityRulesInvalid(ImmutableArray<ConfigFault> Faults)
    : Refusal("invalid_rules", "The identity rules are not valid. Nothing was changed; errors names line and rule.");

/// <summary>The rules in force are not those of <c>If-Match</c>.</summary>
public sealed record IdentityRulesChanged()
    : Refusal("rules_changed", "Other identity rules are in force than If-Match names. Nothing was changed.");
