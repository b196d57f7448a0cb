namespace Customer360.Rules.Profiles;

/// <summary>
/// What was said of a person and an account: when group calls linked the two first and last, and when a CRM last said that they belong
/// together no more. Either may come without the other, and in any order.
/// </summary>
public readonly struct AccountLink : IEquatable<AccountLink>, IFoldEntry<AccountLink>
{
    private readonly long _firstTicks;
    private readonly long _lastTicks;
    private readonly long _leftTicks;

    public AccountLink(string groupId, DateTimeOffset firstAt, DateTimeOffset lastAt, DateTimeOffset? leftAt = null)
        : this(groupId, firstAt.UtcTicks, lastAt.UtcTicks, leftAt?.UtcTicks ?? 0) { }

    private AccountLink(string groupId, long firstTicks, long lastTicks, long leftTicks)
    {
        GroupId = groupId;
        _firstTicks = firstTicks;
        _lastTicks = lastTicks;
        _leftTicks = leftTicks;
    }

    public string GroupId { get; }

    /// <summary>The latest time there is where only the leaving is known.</summary>
    public DateTimeOffset FirstAt => new(_firstTicks, TimeSpan.Zero);

    /// <summary>The earliest time there is where only the leaving is known.</summary>
    public DateTimeOffset LastAt => new(_lastTicks, TimeSpan.Zero);

    /// <summary>When the person was last said to have left; null: never.</summary>
    public DateTimeOffset? LeftAt => _leftTicks == 0 ? null : new(_leftTicks, TimeSpan.Zero);

    /// <summary>
    /// The person belongs to the account: nobody said later that she left. At the same time she stays, since a CRM that gives the
    /// relation another label takes the old one away and adds the new one at once.
    /// </summary>
    public bool Stands => _leftTicks <= _lastTicks;

    /// <summary>The person left, whether or not it was known that she belonged to it.</summary>
    public static AccountLink Left(string groupId, DateTimeOffset at) =>
        new(groupId, DateTimeOffset.MaxValue, DateTimeOffset.MinValue, at);

    /// <summary>By group id (ordinal).</summary>
    public static int CompareKeys(in AccountLink left, in AccountLink right) =>
        string.CompareOrdinal(left.GroupId, right.GroupId);

    public static bool TryCombine(in AccountLink left, in AccountLink right, out AccountLink combined)
    {
        combined = new AccountLink(
            left.GroupId,
            Math.Min(left._firstTicks, right._firstTicks),
            Math.Max(left._lastTicks, right._lastTicks),
            Math.Max(left._leftTicks, right._leftTicks)
        );
        return !combined.Equals(left);
    }

    public bool Equals(AccountLink other) =>
        _firstTicks == other._firstTicks
        && _lastTicks == other._lastTicks
        && _leftTicks == other._leftTicks
        && string.Equals(GroupId, other.GroupId, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is AccountLink other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(GroupId, _firstTicks, _lastTicks, _leftTicks);

    public static bool operator ==(AccountLink left, AccountLink right) => left.Equals(right);

    public static bool operator !=(AccountLink left, AccountLink right) => !left.Equals(right);
}
