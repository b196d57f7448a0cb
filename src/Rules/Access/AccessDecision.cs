using System.Collections.Immutable;

namespace Customer360.Rules.Access;

/// <summary>What a caller may see: of each field set, how much and why. Immutable, so callers of one kind share one.</summary>
public sealed class AccessDecision
{
    /// <param name="granted">What is not withheld, one entry a set.</param>
    /// <exception cref="ArgumentException">A set is named twice, several stand in one entry, or one that has no mask is masked.</exception>
    public AccessDecision(params IEnumerable<FieldAccess> granted)
    {
        var bySet = granted.ToDictionary(one => one.Set);
        if (bySet.Keys.Any(set => !Enum.IsDefined(set) || !int.IsPow2((int)set)))
        {
            throw new ArgumentException("An entry names one field set.", nameof(granted));
        }

        if (
            bySet.Values.Any(one =>
                one.Visibility == Visibility.Mask && (one.Set & FieldSets.Maskable) == FieldSets.None
            )
        )
        {
            throw new ArgumentException("Only what has single values can be masked.", nameof(granted));
        }

        Fields =
        [
            .. Enum.GetValues<FieldSets>()
                .Where(set => int.IsPow2((int)set))
                .Select(set =>
                    bySet.TryGetValue(set, out FieldAccess access)
                        ? access
                        : new FieldAccess(set, Visibility.Withhold, AccessReason.NotGranted)
                ),
        ];
        Visible = new VisibleFields(SetsWith(Visibility.Allow), SetsWith(Visibility.Mask));
    }

    /// <summary>Every field set, with what was decided about it.</summary>
    public ImmutableArray<FieldAccess> Fields { get; }

    /// <summary>The same as sets.</summary>
    public VisibleFields Visible { get; }

    private FieldSets SetsWith(Visibility visibility) =>
        Fields.Where(one => one.Visibility == visibility).Aggregate(FieldSets.None, (sets, one) => sets | one.Set);
}
