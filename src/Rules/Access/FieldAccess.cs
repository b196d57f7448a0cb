namespace Customer360.Rules.Access;

/// <summary>How much of a field set a caller sees.</summary>
public enum Visibility
{
    /// <summary>Nothing, not even that there is something.</summary>
    Withhold = 0,

    /// <summary>That there is a value, and a mask in its place.</summary>
    Mask = 1,

    /// <summary>The values.</summary>
    Allow = 2,
}

/// <summary>Why a field set is shown or not.</summary>
public enum AccessReason
{
    /// <summary>Nothing grants it to the caller.</summary>
    NotGranted = 0,

    /// <summary>A role of the caller grants it.</summary>
    GrantedByRole = 1,
}

/// <summary>What was decided about one field set.</summary>
/// <param name="Set">One set, not several.</param>
public readonly record struct FieldAccess(FieldSets Set, Visibility Visibility, AccessReason Reason);
