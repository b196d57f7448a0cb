using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>Why an identifier in a request can't be looked up; each means 400.</summary>
/// <remarks>Their messages hold no value of the request: they may end up in a log.</remarks>
public abstract record IdentifierRefusal(string Code, string Message) : Refusal(Code, Message);

public sealed record IdentifierMalformed()
    : IdentifierRefusal(
        "invalid_identifier",
        "An identifier is written type:value, URL-encoded in a path, for example email:ada%40example.com."
    );

/// <param name="Known">The regions that the identity rules name; empty where they have none.</param>
public sealed record RegionUnknown(string Known)
    : IdentifierRefusal(
        "unknown_region",
        Known.Length == 0
            ? "The identity rules have no regions: leave the region out."
            : $"The region is not known here. Known: {Known}."
    );

/// <param name="Known">The types that the identity rules know; they come from the settings, never from a request.</param>
public sealed record IdentifierTypeUnknown(string Known)
    : IdentifierRefusal("unknown_identifier_type", $"The identifier's type is not known here. Known: {Known}.");

/// <summary>Two identifiers lead to one customer: there is nothing to compare.</summary>
public sealed record ProfilesAreOne()
    : Refusal("profiles_are_one", "The two lead to one customer. To see why, ask for its explanation.");
