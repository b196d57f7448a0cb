using System.Collections.Immutable;

namespace Customer360.Rules.Access;

/// <summary>Classes that others than the access policy give fields: the owners of contracts say how sensitive what they send is.</summary>
public interface IStatedClasses
{
    /// <summary>By pattern; the same object until they change.</summary>
    ImmutableSortedDictionary<FieldPattern, FieldClass> Current { get; }
}
