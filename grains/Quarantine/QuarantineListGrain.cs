using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <inheritdoc cref="IQuarantineListGrain"/>
[GrainType("quarantine-list")]
public sealed class QuarantineListGrain(
    [PersistentState(GrainKeys.QuarantineListState, GrainKeys.Storage)] IPersistentState<QuarantineListState> stored
) : Grain, IQuarantineListGrain
{
    private ImmutableArray<Identifier> Identifiers => stored.State.Identifiers;

    public Task Add(Identifier identifier)
    {
        int place = Identifiers.BinarySearch(identifier);
        return place >= 0 ? Task.CompletedTask : Set(Identifiers.Insert(~place, identifier));
    }

    public Task Remove(Identifier identifier)
    {
        int place = Identifiers.BinarySearch(identifier);
        return place < 0 ? Task.CompletedTask : Set(Identifiers.RemoveAt(place));
    }

    public Task<ImmutableArray<Identifier>> List(Identifier? after, int limit)
    {
        int first = 0;
        if (after is { } last)
        {
            int place = Identifiers.BinarySearch(last);
            first = place >= 0 ? place + 1 : ~place;
        }

        return Task.FromResult(Identifiers[first..Math.Min(Identifiers.Length, first + limit)]);
    }

    private Task Set(ImmutableArray<Identifier> identifiers) =>
        stored.SaveOrTakeBack(stored.State with { Identifiers = identifiers }, this);
}
