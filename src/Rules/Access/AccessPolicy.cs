using System.Collections.Immutable;

namespace Customer360.Rules.Access;

/// <summary>
/// Who sees what for which purpose: <c>access.yaml</c>. Immutable. What is not allowed in it is withheld.
/// </summary>
/// <param name="Classes">The class of each pattern of fields. Of several patterns that cover a field the one that says more counts.</param>
/// <param name="Purposes">By name; true where nothing is shown for it without the person's consent.</param>
/// <param name="Roles">By name. <c>collect</c>, <c>read</c> and <c>admin</c> are not among them: they are the same in every policy.</param>
public sealed record AccessPolicy(
    ImmutableSortedDictionary<FieldPattern, FieldClass> Classes,
    ImmutableSortedDictionary<string, bool> Purposes,
    ImmutableSortedDictionary<string, AccessRole> Roles
)
{
    /// <summary>Patterns at most.</summary>
    public const int PatternsMax = 2_000;

    /// <summary>Roles at most, and purposes.</summary>
    public const int NamesMax = 100;

    /// <summary>Sees nothing beyond what the three roles of the settings see.</summary>
    public static AccessPolicy Nothing { get; } =
        new(
            ImmutableSortedDictionary<FieldPattern, FieldClass>.Empty,
            ImmutableSortedDictionary.Create<string, bool>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, AccessRole>(StringComparer.Ordinal)
        );

    /// <summary>
    /// The same policy where others have given fields classes, too: a field that it has classified gets a stricter one by that and never a
    /// looser one.
    /// </summary>
    public AccessPolicy With(ImmutableSortedDictionary<FieldPattern, FieldClass> stated)
    {
        ImmutableSortedDictionary<FieldPattern, FieldClass>.Builder classes = Classes.ToBuilder();
        foreach ((FieldPattern pattern, FieldClass one) in stated)
        {
            FieldClass own = ClassOf(pattern.Literal);
            classes[pattern] = own > one ? own : one;
        }

        return this with
        {
            Classes = classes.ToImmutable(),
        };
    }

    /// <summary>The class of a field.</summary>
    public FieldClass ClassOf(ReadOnlySpan<char> path)
    {
        foreach ((FieldPattern pattern, FieldClass found) in Classes)
        {
            if (pattern.Covers(path))
            {
                return found;
            }
        }

        return FieldClass.Unclassified;
    }
}

/// <summary>What a role sees and writes.</summary>
/// <param name="Grant">What it sees for each of its purposes.</param>
/// <param name="Purposes">What it sees for, and what it sees for one of them alone.</param>
/// <param name="Write">What a key that collects may set; null: the role says nothing about it.</param>
public sealed record AccessRole(
    AccessGrant Grant,
    ImmutableSortedDictionary<string, AccessGrant> Purposes,
    ImmutableArray<FieldName>? Write
)
{
    /// <summary>What it may do beside reading and sending.</summary>
    public RoleTasks Does { get; init; }
}

/// <summary>Rules about fields and parts.</summary>
/// <param name="Read">What is seen of the fields of a class, or of those of a pattern.</param>
/// <param name="Sees">The parts that are shown.</param>
/// <param name="NeedsConsent">Nothing is shown of a person who has not consented to the purpose.</param>
public sealed record AccessGrant(
    ImmutableSortedDictionary<FieldName, FieldSight> Read,
    FieldSets Sees,
    bool NeedsConsent
)
{
    public static AccessGrant Nothing { get; } =
        new(ImmutableSortedDictionary<FieldName, FieldSight>.Empty, FieldSets.None, NeedsConsent: false);
}

/// <summary>What a rule is about: the fields of a class, or those of a pattern.</summary>
/// <param name="Class"><see cref="FieldClass.Unclassified"/>: it is about a pattern.</param>
public readonly record struct FieldName(FieldClass Class, FieldPattern Pattern) : IComparable<FieldName>
{
    public static FieldName? Parse(string text) =>
        FieldClasses.Of(text) is { } ofClass ? new FieldName(ofClass, default)
        : FieldPattern.Parse(text) is { } pattern ? new FieldName(FieldClass.Unclassified, pattern)
        : null;

    public bool IsPattern => Class == FieldClass.Unclassified;

    public int CompareTo(FieldName other)
    {
        int byClass = Class.CompareTo(other.Class);
        return byClass != 0 ? byClass
            : IsPattern ? Pattern.CompareTo(other.Pattern)
            : 0;
    }

    public override string ToString() => IsPattern ? Pattern.ToString() : FieldClasses.Text(Class);

    public static bool operator <(FieldName left, FieldName right) => left.CompareTo(right) < 0;

    public static bool operator >(FieldName left, FieldName right) => left.CompareTo(right) > 0;

    public static bool operator <=(FieldName left, FieldName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FieldName left, FieldName right) => left.CompareTo(right) >= 0;
}
