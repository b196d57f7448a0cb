namespace Customer360.Rules.Access;

/// <summary>
/// What a caller sees: two sets, and of who does not see every field a table of them. Equal ones show equal bytes, so what was
/// rendered is kept by them.
/// </summary>
/// <param name="Shown">Sets whose values are shown; where there is a table, as far as it lets them.</param>
/// <param name="Masked">Sets of which a mask is shown; none of them is among the shown.</param>
/// <param name="Table">What is shown of each trait and each type of identifier. Null: all is shown alike.</param>
public readonly record struct VisibleFields(FieldSets Shown, FieldSets Masked, FieldTable? Table = null)
{
    /// <summary>What stands in the place of a masked value. It tells nothing of it, not even a length.</summary>
    public const string Mask = "***";

    /// <summary>For who sees all there is.</summary>
    public static VisibleFields Everything { get; } = new(FieldSets.All, FieldSets.None);

    /// <summary>
    /// The caller sees every field of a profile, so nothing of it changes without the caller's seeing it.
    /// </summary>
    public bool IsWholeProfile => Table is null && Show(FieldSets.Profile);

    /// <summary>The values of all these sets are shown.</summary>
    public bool Show(FieldSets sets) => (Shown & sets) == sets;

    /// <summary>Masks are shown of all these sets.</summary>
    public bool Hide(FieldSets sets) => (Masked & sets) == sets;

    /// <summary>Something of one of these sets is shown, be it a mask.</summary>
    public bool HaveAnyOf(FieldSets sets) => ((Shown | Masked) & sets) != FieldSets.None;
}
