using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <inheritdoc cref="IIdentifierGrain"/>
[GrainType("identifier")]
public sealed class IdentifierGrain(
    [PersistentState(GrainKeys.IdentifierState, GrainKeys.Storage)] IPersistentState<IdentifierState> stored
) : Grain, IIdentifierGrain
{
    public Task<string?> GetOwner() => Task.FromResult(stored.State.Owner);

    public async Task<string> Claim(string customerId)
    {
        if (stored.State.Owner is { } owner)
        {
            return owner;
        }

        await SetOwner(customerId);
        return customerId;
    }

    public async Task<string?> Repoint(string from, string to)
    {
        if (stored.State.Owner == from)
        {
            await SetOwner(to);
        }

        return stored.State.Owner;
    }

    public async Task Release(string from)
    {
        if (stored.State.Owner == from)
        {
            await SetOwner(null);
        }
    }

    private async Task SetOwner(string? customerId)
    {
        string? before = stored.State.Owner;
        stored.State.Owner = customerId;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // Whether it was stored is not known: the next call reads it anew.
            stored.State.Owner = before;
            DeactivateOnIdle();
            throw;
        }
    }
}
