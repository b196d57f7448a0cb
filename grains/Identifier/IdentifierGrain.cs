using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <inheritdoc cref="IIdentifierGrain"/>
[GrainType("identifier")]
public sealed partial class IdentifierGrain(
    [PersistentState(GrainKeys.IdentifierState, GrainKeys.Storage)] IPersistentState<IdentifierState> stored,
    IDecisionLog decisionLog,
    TimeProvider time
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

    private Task SetOwner(string? customerId) => Save(state => state.Owner = customerId);

    /// <summary>Changes the state and writes it; whoever asks next sees the change only when it is written.</summary>
    private async Task Save(Action<IdentifierState> change)
    {
        IdentifierState state = stored.State;
        (string? owner, var ties, QuarantineUnderWay? quarantine, int releases, bool isReleased) = (
            state.Owner,
            state.Ties,
            state.Quarantine,
            state.Releases,
            state.IsReleased
        );
        change(state);
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // Whether it was stored is not known: the next activation reads it anew.
            (state.Owner, state.Ties, state.Quarantine, state.Releases, state.IsReleased) = (
                owner,
                ties,
                quarantine,
                releases,
                isReleased
            );
            DeactivateOnIdle();
            throw;
        }
    }
}
