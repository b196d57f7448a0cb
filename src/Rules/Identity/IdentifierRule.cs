namespace Customer360.Rules.Identity;

/// <summary>How values of a type are brought to normal form before they are compared.</summary>
public enum Normalisation
{
    /// <summary>White space around it is removed; case counts.</summary>
    Exact = 1,

    /// <summary>White space around it is removed; lower case (invariant).</summary>
    LowerCase = 2,

    /// <summary>An e-mail address: lower case, exactly one @ with something on both sides, no white space within.</summary>
    Email = 3,

    /// <summary>A phone number in E.164; a national number takes the default region's country code.</summary>
    Phone = 4,
}

/// <summary>The span in which a limit counts.</summary>
public enum LimitWindow
{
    Ever = 1,
    Weekly = 2,
    Monthly = 3,
    Annually = 4,
}

/// <summary>What the rules say of one identifier type.</summary>
/// <param name="Type">Lower case, without a colon: <c>user_id</c>, <c>email</c>, <c>ios.idfa</c>.</param>
/// <param name="Priority">1 is the highest. An event's identifier of the highest priority is its anchor.</param>
/// <param name="Limit">How many values of this type one customer may hold.</param>
/// <param name="Window">The span in which the limit counts.</param>
/// <param name="Normalisation">How its values are compared.</param>
public sealed record IdentifierRule(
    string Type,
    int Priority,
    int Limit,
    LimitWindow Window,
    Normalisation Normalisation
)
{
    /// <summary>
    /// With how many different anchors an identifier of this type may come before it is quarantined
    /// (<see cref="Containment"/>); null: never. Default: 50, and none for <c>user_id</c>.
    /// </summary>
    public int? QuarantineDegree { get; init; } = Type == "user_id" ? null : 50;
}
