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

/// <summary>Who vouches for a value of a type.</summary>
public enum IdentifierTrust
{
    /// <summary>The person, or the device, says so.</summary>
    Claimed = 1,

    /// <summary>A system of the company has checked it: a login, a confirmed address.</summary>
    Verified = 2,
}

/// <summary>What a value of a type stands for.</summary>
public enum IdentifierKind
{
    Person = 1,
    Device = 2,
    Account = 3,
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
    /// <summary>The type whose values one person has alone, so no number of neighbours makes one suspicious.</summary>
    private const string Alone = "user_id";

    /// <summary>What <see cref="QuarantineDegree"/> is unless it is said.</summary>
    public const int QuarantineDegreeDefault = 50;

    /// <summary>Default: <see cref="IdentifierTrust.Claimed"/>.</summary>
    public IdentifierTrust Trust { get; init; } = IdentifierTrust.Claimed;

    /// <summary>Default: <see cref="IdentifierKind.Person"/>.</summary>
    public IdentifierKind Kind { get; init; } = IdentifierKind.Person;

    /// <summary>
    /// True: its values link identities of different regions, too. Default: false, and then a value is another identifier in
    /// each region (<see cref="RegionalType"/>). Counts only where the rules have <see cref="IdentityRules.Regions"/>.
    /// </summary>
    public bool CrossRegion { get; init; }

    /// <summary>Values in normal form that are no identifier of this type. Default: none.</summary>
    public BlockedOfType Blocked { get; init; } = BlockedOfType.None;

    /// <summary>
    /// How many identifiers a value of this type may be linked with before it is quarantined; null: never. Default: 50,
    /// of <c>user_id</c> null.
    /// </summary>
    public int? QuarantineDegree { get; init; } = DegreeDefault(Type);

    /// <summary>What <see cref="QuarantineDegree"/> of a type is unless it is said.</summary>
    public static int? DegreeDefault(string type) => type == Alone ? null : QuarantineDegreeDefault;
}
