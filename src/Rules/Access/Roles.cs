namespace Customer360.Rules.Access;

/// <summary>What a caller may do. A caller can have several.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing; no key has it.</summary>
    None = 0,

    /// <summary>Send events. The key of an SDK: it may be public, because it can read nothing.</summary>
    Collect = 1,

    /// <summary>Read profiles and what explains them.</summary>
    Read = 2,

    /// <summary>Everything.</summary>
    Admin = 4,
}
