using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Access;

/// <summary>Who wants to see something, and what for.</summary>
public readonly record struct AccessRequest(Roles Roles, Purpose Purpose);

/// <summary>What data is asked for, for example <c>personalization</c>.</summary>
/// <param name="Name">Null: the caller did not say.</param>
public readonly record struct Purpose(string? Name)
{
    public static Purpose Unstated => default;
}

/// <summary>The caller may see nothing of what was asked for.</summary>
public sealed record AccessWithheld() : Refusal("access_withheld", "The key may not see what was asked for.");

/// <summary>The caller's roles are for several purposes, and it did not say which this is for.</summary>
/// <param name="Own">Those of the roles.</param>
public sealed record PurposeMissing(string Own)
    : Refusal("purpose_missing", $"Say what the data is for, with ?purpose=. The key's: {Own}.");

/// <param name="Known">Those of the policy.</param>
public sealed record PurposeUnknown(string Known)
    : Refusal("unknown_purpose", $"There is no such purpose. Known: {Known}.");
