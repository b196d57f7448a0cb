namespace Customer360.Rules.Profiles;

/// <summary>An account that the person was linked to by a group call, and when first and last.</summary>
public readonly struct AccountLink : IEquatable<AccountLink>, IFoldEntry<AccountLink>
{
    private readonly long _firstTicks;
    private readonly long _lastTicks;

    public AccountLink(string groupId, DateTimeOffset firstAt, DateTimeOffset lastAt)
        : this(groupId, firstAt.UtcTicks, lastAt.UtcTicks) { }

    private AccountLink(string groupId, long firstTicks, long lastTicks)
    {
        GroupId = groupId;
        _firstTicks = firstTicks;
        _lastTicks = lastTicks;
    }

    public string GroupId { get; }

    public DateTimeOffset FirstAt => new(_firstTicks, TimeSpan.Zero);

    public DateTimeOffset LastAt => new(_lastTicks, TimeSpan.Zero);

    /// <summary>By group id (ordinal).</summary>
    public static int CompareKeys(in AccountLink left, in AccountLink right) =>
        string.CompareOrdinal(left.GroupId, right.GroupId);

    public static bool TryCombine(in AccountLink left, in AccountLink right, out AccountLink combined)
    {
        combined = new AccountLink(
            left.GroupId,
            Math.Min(left._firstTicks, right._firstTicks),
            Math.Max(left._lastTicks, right._lastTicks)
        );
        return !combined.Equals(left);
    }

    public bool Equals(AccountLink other) =>
        _firstTicks == other._firstTicks
        && _lastTicks == other._lastTicks
        && string.Equals(GroupId, other.GroupId, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is AccountLink other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(GroupId, _firstTicks, _lastTicks);

    public static bool operator ==(AccountLink left, AccountLink right) => left.Equals(right);

    public static bool operator !=(AccountLink left, AccountLink right) => !left.Equals(right);
}
