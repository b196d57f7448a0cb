namespace Customer360.Rules.Access;

/// <summary>What stands in the place of a masked value.</summary>
public enum FieldMask
{
    /// <summary>Nothing is masked.</summary>
    None = 0,

    /// <summary>The last four characters, of values that have eight at least.</summary>
    Last4 = 1,

    /// <summary>A keyed hash: equal values of a field have equal ones, and nobody without the key can try values out.</summary>
    Hash = 2,

    /// <summary>Of an e-mail address what stands behind the <c>@</c>.</summary>
    Domain = 3,

    /// <summary>Of a date its year.</summary>
    Year = 4,

    /// <summary>That there is a value, and nothing of it.</summary>
    Full = 5,
}

/// <summary>What a caller sees of a field. The default is nothing.</summary>
public readonly record struct FieldSight(Visibility Visibility, FieldMask Mask)
{
    public static FieldSight Withheld => default;

    public static FieldSight Shown => new(Visibility.Allow, FieldMask.None);

    public static FieldSight Masked(FieldMask mask) => new(Visibility.Mask, mask);

    public bool IsWithheld => Visibility == Visibility.Withhold;

    public bool IsShown => Visibility == Visibility.Allow;

    /// <summary><c>allow</c>, <c>withhold</c>, <c>mask last4</c> …</summary>
    public override string ToString() =>
        Visibility switch
        {
            Visibility.Allow => "allow",
            Visibility.Mask => $"mask {FieldMasks.Text(Mask)}",
            _ => "withhold",
        };

    /// <summary>
    /// What two rules of one level come to together: the one that shows less. Two masks that show different things show nothing
    /// of the value.
    /// </summary>
    public static FieldSight Stricter(FieldSight left, FieldSight right) =>
        left.Visibility != right.Visibility ? (left.Visibility < right.Visibility ? left : right)
        : left.Mask == right.Mask ? left
        : Masked(FieldMask.Full);

    /// <summary>This one shows nothing that the other does not show.</summary>
    public bool IsAsStrictAs(FieldSight other) => Stricter(this, other) == this;
}

/// <summary>The names that policy files have for masks.</summary>
public static class FieldMasks
{
    public const string Known = "last4, hash, domain, year, full";

    public static string Text(FieldMask mask) =>
        mask switch
        {
            FieldMask.Last4 => "last4",
            FieldMask.Hash => "hash",
            FieldMask.Domain => "domain",
            FieldMask.Year => "year",
            FieldMask.Full => "full",
            _ => throw new ArgumentOutOfRangeException(nameof(mask), mask, "It has no name."),
        };

    public static FieldMask? Of(string text) =>
        text switch
        {
            "last4" => FieldMask.Last4,
            "hash" => FieldMask.Hash,
            "domain" => FieldMask.Domain,
            "year" => FieldMask.Year,
            "full" => FieldMask.Full,
            _ => null,
        };
}
