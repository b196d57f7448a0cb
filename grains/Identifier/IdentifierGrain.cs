using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Orleans.Placement;

namespace Customer360.Grains;

/// <inheritdoc cref="IIdentifierGrain"/>
/// <remarks>
/// Readers of a profile find it under its identifiers on the shelf and leave their grains alone, so an idle activation is not
/// kept for long. Those whose messages come again and again are asked about once: their partition remembers the owner.
/// A cold one wakes on the silo that asks, which mostly is that of its partition: the call needs no network, and no silo is weighed
/// against the others.
/// </remarks>
[PreferLocalPlacement]
[GrainType("identifier")]
[CollectionAgeLimit(Minutes = 1)]
public sealed partial class IdentifierGrain(
    [PersistentState(GrainKeys.IdentifierState, GrainKeys.Storage)] IPersistentState<IdentifierState> stored,
    IDecisionLog decisionLog,
    Suppressions suppressions,
    TimeProvider time
) : Grain, IIdentifierGrain
{
    public Task<string?> GetOwner() => Task.FromResult(stored.State.Owner);

    public Task<string?> FindOwner()
    {
        LetGoOfNothing();
        return Task.FromResult(stored.State.Owner);
    }

    public async Task<string> Claim(string customerId)
    {
        if (stored.State.Owner is { } owner)
        {
            return owner;
        }

        ThrowIfSuppressed();
        await Save(stored.State with { Place = stored.State.Place.ClaimedBy(customerId) });
        return customerId;
    }

    public async Task<string?> Repoint(string from, string to, long asOf, long since)
    {
        if (stored.State.Owner != from)
        {
            // Rare, and looked at once more: beside another activation, storage knows better than we do. Where there is
            // something to write, storage refuses it itself.
            await stored.ReadStateAsync();
        }

        IdentifierPlace before = stored.State.Place;
        IdentifierPlace after = before.After(from, to, asOf == IIdentifierGrain.Taken ? null : asOf, since);
        if (after != before)
        {
            await Save(stored.State with { Place = after });
        }

        return stored.State.Owner;
    }

    public async Task Release(string from)
    {
        if (stored.State.Owner == from)
        {
            await Save(stored.State with { Owner = null, Since = 0 });
        }
    }

    /// <remarks>The list first: an identifier of which nothing is stored would never take itself off.</remarks>
    public async Task Erase()
    {
        if (stored.State.Quarantine is not null)
        {
            await ListPart().Remove(Identifier);
        }

        if (stored.RecordExists)
        {
            try
            {
                await stored.ClearStateAsync();
            }
            finally
            {
                // Where that failed, what is stored is not known here any more.
                DeactivateOnIdle();
            }
        }
        else
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>For readers from outside, who may ask for anything: of what nothing is stored nothing stays in memory.</summary>
    private void LetGoOfNothing()
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>
    /// A call that was on its way while its identifier was suppressed may come after the erasure: nothing may be written for it any
    /// more. Whoever asked decides anew, and then leaves the identifier out.
    /// </summary>
    /// <exception cref="RaceLostException">The identifier is suppressed.</exception>
    private void ThrowIfSuppressed()
    {
        if (suppressions.IsSuppressed(Identifier))
        {
            throw new RaceLostException("The identifier has been suppressed meanwhile.");
        }
    }

    private Task Save(IdentifierState changed) => stored.SaveOrTakeBack(changed, this);
}
