using System.Collections.Immutable;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <inheritdoc cref="ICustomerConversionsGrain"/>
/// <remarks>
/// A conversion registers with everybody who takes part before it reads their journeys. So a merge or a split that comes after the reading
/// finds it here, and one that came before was seen by the reading.
/// </remarks>
[GrainType("customer-conversions")]
public sealed class CustomerConversionsGrain(
    [PersistentState(GrainKeys.CustomerConversionsState, GrainKeys.Storage)]
        IPersistentState<CustomerConversionsState> stored
) : Grain, ICustomerConversionsGrain
{
    public Task Add(string conversionId)
    {
        CustomerConversionsState before = stored.State;
        return before.Conversions.Contains(conversionId)
            ? Task.CompletedTask
            : stored.SaveOrTakeBack(before with { Conversions = before.Conversions.Add(conversionId) }, this);
    }

    public Task<ImmutableArray<string>> GetAll()
    {
        if (!stored.RecordExists)
        {
            // Anyone may be asked for: who takes part in nothing does not stay in memory for that.
            DeactivateOnIdle();
        }

        return Task.FromResult<ImmutableArray<string>>([.. stored.State.Conversions]);
    }

    public async Task Remove(ImmutableArray<string> conversionIds)
    {
        CustomerConversionsState before = stored.State;
        ImmutableSortedSet<string> left = before.Conversions.Except(conversionIds);
        if (left.IsEmpty)
        {
            await Clear();
        }
        else if (left.Count < before.Conversions.Count)
        {
            await stored.SaveOrTakeBack(before with { Conversions = left }, this);
        }
    }

    public async Task Clear()
    {
        if (stored.RecordExists)
        {
            await stored.ClearStateAsync();
        }

        DeactivateOnIdle();
    }
}
