namespace Customer360.Rules.Audit;

/// <summary>What somebody looks for in the audit log; what is null does not matter.</summary>
public sealed record AuditQuery
{
    /// <summary>An action, or its beginning up to a full stop: <c>decision.</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The name of the key, token or part of the grid.</summary>
    public string? Actor { get; init; }

    public string? ObjectType { get; init; }

    public string? ObjectId { get; init; }

    public string? Purpose { get; init; }

    public string? Result { get; init; }

    /// <summary>Written down at this time or later.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Written down before this time.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>All records about one object are in one chain; null where the object is not given.</summary>
    public int? Chain => ObjectType is not null && ObjectId is not null ? AuditChain.Of(ObjectType, ObjectId) : null;

    public bool Matches(AuditRecord record)
    {
        AuditEntry entry = record.Entry;
        return IsAction(entry.Action)
            && Is(Actor, entry.Actor.Name)
            && Is(ObjectType, entry.ObjectType)
            && Is(ObjectId, entry.ObjectId)
            && Is(Purpose, entry.Purpose)
            && Is(Result, entry.Result)
            && record.WrittenAt >= From
            && record.WrittenAt < To;
    }

    private bool IsAction(string action) =>
        Action is [.., '.'] beginning ? action.StartsWith(beginning, StringComparison.Ordinal) : Is(Action, action);

    private static bool Is(string? wanted, string? value) =>
        wanted is null || string.Equals(wanted, value, StringComparison.Ordinal);
}
