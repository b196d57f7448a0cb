using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Destinations;

/// <summary>What a change of a customer's holdings causes. Pure: of the same change the same effects, with the same ids.</summary>
public static class CustomerEffects
{
    /// <summary>A message was folded.</summary>
    /// <param name="before">What the customer held without it.</param>
    /// <param name="after">What it holds with it.</param>
    /// <param name="asks">Which kinds anybody wants; the others are not worked out.</param>
    public static ImmutableArray<Effect> OfMessage(
        string customerId,
        ProfileMap before,
        ProfileMap after,
        Envelope envelope,
        LogPlace place,
        EffectDemand asks
    )
    {
        if (asks.IsNothing)
        {
            return [];
        }

        var effects = ImmutableArray.CreateBuilder<Effect>(1);
        string name = NameOf(envelope);
        if (asks.WantsMessage(name))
        {
            effects.Add(Effect.Message(customerId, name, place, envelope.ReceivedAt));
        }

        if (ChangesProfile(envelope))
        {
            string cause = Effect.CauseOf(place);
            effects.Add(Effect.ProfileChanged(customerId, cause, envelope.ReceivedAt));
            if (envelope.Consent is not null)
            {
                effects.AddRange(Withdrawn(customerId, before, after, cause, envelope.ReceivedAt));
            }
        }

        return effects.DrainToImmutable();
    }

    /// <summary>Something other than a message has changed what the customer holds: a request, a link, an erasure of somebody else.</summary>
    /// <param name="cause">The request's or the message's id.</param>
    public static ImmutableArray<Effect> OfChange(
        string customerId,
        ProfileMap before,
        ProfileMap after,
        string cause,
        DateTimeOffset at
    ) =>
        before == after
            ? []
            : [Effect.ProfileChanged(customerId, cause, at), .. Withdrawn(customerId, before, after, cause, at)];

    /// <summary>A step of a merge or a split is about to be written.</summary>
    /// <param name="before">As it is stored.</param>
    /// <param name="after">As it will be.</param>
    /// <param name="asks">For which purposes anybody is sent something.</param>
    /// <remarks>
    /// Whoever was sent the one that is no more may have to hear that the other has said no. That is caused by the one that is no more:
    /// its own rows know who was sent it, while the other's know that only when the merge is told. What the other has said is read when it
    /// is sent, and where it has not said no nothing is.
    /// </remarks>
    public static ImmutableArray<Effect> OfStep(
        Ownership<ProfileMap> before,
        Ownership<ProfileMap> after,
        EffectDemand asks,
        DateTimeOffset at
    )
    {
        string id = after.Id;
        if (after.Status == OwnerStatus.Retired)
        {
            string mergeId = after.RetiredBy ?? "";
            return before.Status == OwnerStatus.Retired
                ? []
                :
                [
                    Effect.Merged(id, after.MovedTo!, mergeId, at),
                    .. asks.Purposes.Select(purpose => Effect.ConsentWithdrawn(id, purpose, mergeId, at)),
                ];
        }

        if (before.Split is { SeparationId: not null } split && after.Split is null)
        {
            return
            [
                Effect.Split(id, split.From, split.SplitId, at),
                .. OfChange(id, ProfileMap.Empty, after.Held, split.SplitId, at),
            ];
        }

        // A younger one's state was taken in, or a part was given away.
        string? cause =
            after.Absorbed.Length > before.Absorbed.Length ? after.Absorbed[^1]
            : after.Releases.Length > before.Releases.Length ? after.Releases[^1].SplitId
            : null;
        return cause is null ? [] : OfChange(id, before.Held, after.Held, cause, at);
    }

    /// <summary>Of an event its name, and empty where that is too long or no text: nobody names things so.</summary>
    private static string NameOf(Envelope envelope) =>
        envelope.Kind != EventKind.Track ? EventKinds.Text(envelope.Kind)
        : envelope.Name is { Length: <= ProfileFold.NameLengthMax } name
        && !name.Any(one => char.IsControl(one) || char.IsSurrogate(one))
            ? name
        : "";

    private static bool ChangesProfile(Envelope envelope) =>
        !envelope.Traits.IsEmpty || envelope.Consent is not null || envelope.Kind == EventKind.Group;

    /// <summary>The purposes that are denied now and were not before.</summary>
    private static IEnumerable<Effect> Withdrawn(
        string customerId,
        ProfileMap before,
        ProfileMap after,
        string cause,
        DateTimeOffset at
    )
    {
        ConsentView now = ConsentJoin.View(after);
        if (now.Purposes.All(one => one.Status != ConsentStatus.Denied))
        {
            return [];
        }

        ConsentView then = ConsentJoin.View(before);
        return now
            .Purposes.Where(one => one.Status == ConsentStatus.Denied && then.Of(one.Purpose) != ConsentStatus.Denied)
            .Select(one => Effect.ConsentWithdrawn(customerId, one.Purpose, cause, at));
    }
}

/// <summary>Which effects anybody wants at all.</summary>
/// <param name="IsNothing">There is no destination.</param>
/// <param name="WantsEveryMessage">Some destination gets every message.</param>
/// <param name="Messages">Names of events that some destination gets.</param>
public sealed record EffectDemand(bool IsNothing, bool WantsEveryMessage, ImmutableHashSet<string> Messages)
{
    public static EffectDemand None { get; } = new(true, false, []);

    /// <summary>The purposes for which destinations are sent something, in order.</summary>
    public ImmutableSortedSet<string> Purposes { get; init; } = [];

    public bool WantsMessage(string name) => WantsEveryMessage || Messages.Contains(name);
}
