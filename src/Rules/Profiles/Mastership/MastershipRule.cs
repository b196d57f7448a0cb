using System.Collections.Immutable;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>Who masters a field, and who may write it.</summary>
/// <param name="Field">The trait's name, exactly as sent; <see cref="AnyField"/> in the rule for all other fields.</param>
/// <param name="Sources">
/// Ranked, the highest first; only <see cref="MasterStrategy.SourcePriority"/> looks at them. Behind them stand the
/// sources of the policy's default order.
/// </param>
/// <param name="Writers">
/// The sources that may write the field; default: every source. What another source says is kept and ignored.
/// </param>
public sealed record MastershipRule(
    string Field,
    MasterStrategy Strategy,
    ImmutableArray<string> Sources,
    ImmutableArray<string>? Writers = null
)
{
    /// <summary>Stands for the fields without a rule of their own; a trait of this name can have none either.</summary>
    public const string AnyField = "*";

    /// <summary>What is wrong with the rule, in the order of its members; nothing where it may be used.</summary>
    /// <param name="defaultOrder">The sources of the policy's default order.</param>
    public IEnumerable<MastershipFault> Faults(ImmutableArray<string> defaultOrder)
    {
        bool isDefault = Field == AnyField;
        if (Field.Length is 0 or > ProfileFold.NameLengthMax)
        {
            yield return new MastershipFault(Field, "", -1, "a field's name has 1 to 255 characters");
        }

        if (Strategy == MasterStrategy.SourcePriority && Sources.IsEmpty && defaultOrder.IsEmpty)
        {
            yield return new MastershipFault(
                Field,
                "strategy",
                -1,
                isDefault
                    ? "source-priority needs ranked 'sources'"
                    : "source-priority needs ranked 'sources', here or under 'default'"
            );
        }

        if (Strategy != MasterStrategy.SourcePriority && !Sources.IsEmpty && !isDefault)
        {
            yield return new MastershipFault(
                Field,
                "sources",
                -1,
                $"the strategy {MasterStrategies.Text(Strategy)} does not look at ranks; leave 'sources' out or use "
                    + "source-priority"
            );
        }

        foreach (MastershipFault fault in ListFaults("sources", Sources))
        {
            yield return fault;
        }

        if (Writers is not { } writers)
        {
            yield break;
        }

        if (writers.IsEmpty)
        {
            yield return new MastershipFault(
                Field,
                "writers",
                -1,
                "nobody could write the field; leave 'writers' out where everybody may"
            );
        }

        foreach (MastershipFault fault in ListFaults("writers", writers))
        {
            yield return fault;
        }

        for (int index = 0; index < Sources.Length && !writers.IsEmpty; index++)
        {
            if (!writers.Contains(Sources[index]))
            {
                yield return new MastershipFault(
                    Field,
                    "sources",
                    index,
                    $"'{Sources[index]}' is ranked, but may not write the field ('writers' does not name it)"
                );
            }
        }
    }

    public bool Equals(MastershipRule? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Field == other.Field
            && Strategy == other.Strategy
            && Sources.SequenceEqual(other.Sources)
            && Writers.HasValue == other.Writers.HasValue
            && (Writers is not { } writers || writers.SequenceEqual(other.Writers!.Value))
        );

    public override int GetHashCode() => HashCode.Combine(Field, Strategy, Sources.Length);

    private IEnumerable<MastershipFault> ListFaults(string member, ImmutableArray<string> sources)
    {
        for (int index = 0; index < sources.Length; index++)
        {
            if (sources[index].Length == 0)
            {
                yield return new MastershipFault(Field, member, index, "a source's name is empty");
            }
            else if (sources.IndexOf(sources[index]) < index)
            {
                yield return new MastershipFault(Field, member, index, $"'{sources[index]}' is named twice");
            }
        }
    }
}

/// <summary>Something that a rule can't mean.</summary>
/// <param name="Member"><c>strategy</c>, <c>sources</c>, <c>writers</c>, or empty: the rule itself.</param>
/// <param name="Item">Which entry of the member's list, from 0; -1: the member as a whole.</param>
/// <param name="Text">Without a capital and a full stop, for people.</param>
public sealed record MastershipFault(string Field, string Member, int Item, string Text);
