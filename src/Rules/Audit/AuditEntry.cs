using System.Collections.Immutable;

namespace Customer360.Rules.Audit;

/// <summary>One thing that was done, for the audit log. It holds no value of a person: whom it is about stands in it as a
/// customer's id or as a keyed hash of an identifier, and fields by their names.</summary>
/// <param name="Id">Derived from what caused it, so that a repeat after a crash is the same entry.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Action">What: <c>consent.changed</c>, <c>key.created</c>, <c>profile.read</c>, <c>privacy.erased</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="ObjectType">To what: <c>customer</c>, <c>key</c>, <c>policy</c>.</param>
/// <param name="ObjectId">To which one.</param>
public sealed record AuditEntry(
    string Id,
    DateTimeOffset At,
    string Action,
    AuditActor Actor,
    string ObjectType,
    string ObjectId
)
{
    /// <summary>What for, or null.</summary>
    public string? Purpose { get; init; }

    /// <summary>Names of the fields that were shown or changed.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>The policy by which it was decided, or null.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>The request that asked for it, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>What came of it: <c>done</c>, <c>refused</c>.</summary>
    public string Result { get; init; } = "done";

    /// <summary>How many times: reads by services are counted, not told one by one.</summary>
    public long Count { get; init; } = 1;

    /// <summary>What else belongs to it, by name. No personal values.</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>Who did something.</summary>
/// <param name="Kind"><c>key</c>, <c>token</c>, or <c>grid</c> where no caller asked.</param>
/// <param name="Name">The name of the key, the subject of the token, or the part of the grid.</param>
/// <param name="Roles">The caller's roles, or empty.</param>
public sealed record AuditActor(string Kind, string Name, string Roles);
