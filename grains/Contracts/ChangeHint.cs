using System.Collections.Immutable;

namespace Customer360.Grains.Contracts;

/// <summary>
/// That customers, or the members of audiences, may not be as they were: whoever follows them looks again. It is a courtesy that saves
/// waiting: it may be missing, late, doubled or for nothing, and what is stored is the truth.
/// </summary>
/// <param name="Customers">Ids; empty where <paramref name="IsOfEverybody"/>.</param>
/// <param name="IsOfEverybody">There were more than a hint names.</param>
/// <param name="IsOfAudiences">Somebody has entered an audience, or left one.</param>
[GenerateSerializer, Immutable, Alias("c360.ChangeHint")]
public sealed record ChangeHint(
    [property: Id(0)] ImmutableArray<string> Customers,
    [property: Id(1)] bool IsOfEverybody,
    [property: Id(2)] bool IsOfAudiences
);

/// <summary>Is told hints in its process, from any thread. It must not wait.</summary>
public interface IChangeListener
{
    void Hear(ChangeHint hint);
}
