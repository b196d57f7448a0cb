using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>Erasing: of the person herself, and of what others' messages said of somebody who is erased.</summary>
public sealed partial class CustomerGrain
{
    /// <remarks>
    /// Asked once the identifiers are suppressed and nothing of them is on its way. A merge or a split of ours that was broken off
    /// has been finished before we answer anyone, as ever. What we gave away and is not confirmed is still ours, too: then whoever
    /// asks waits for it.
    /// </remarks>
    public async Task<EraseReply> Erase(ImmutableArray<Identifier> identifiers, string requestId)
    {
        bool isNobody = State.Map.Entries.IsEmpty && State.Releases.IsEmpty;
        if (State.Status == OwnerStatus.Erased || State.MovedTo is not null || (isNobody && !stored.RecordExists))
        {
            return new EraseReply(
                IsErased: true,
                WaitFor: null,
                State.ErasedBy == requestId ? State.ErasedMessages : 0
            );
        }

        if (!State.Releases.IsEmpty)
        {
            return new EraseReply(IsErased: false, State.Releases[0].To);
        }

        if (State.Map.Entries.Any(entry => !identifiers.Contains(entry.Identifier)))
        {
            return new EraseReply(IsErased: false);
        }

        long messages = State.Map.MessageCount;
        Cause([Effect.Erased(Id, requestId, State.Map.Identifiers, time.GetUtcNow())]);
        State.Become(MergeSteps.Erase(Ownership));
        State.ErasedBy = requestId;
        State.ErasedMessages = messages;
        State.IsOversized = false;
        _show.Forget();
        _audiences.HearOfAll("erased");
        await SaveNow();
        logger.Erased(Id, identifiers.Length, messages);
        return new EraseReply(IsErased: true, WaitFor: null, messages);
    }

    public async Task<string?> Forget(ImmutableArray<Identifier> identifiers)
    {
        if (State.MovedTo is { } movedTo)
        {
            return movedTo;
        }

        var targets = new ErasureTargets(identifiers);
        ProfileMap before = State.Map;
        ProfileMap map = FoldRedaction.Redact(before, targets);
        ImmutableArray<Separation> separations = FoldRedaction.Redact(State.Separations, targets);
        // What was given away and is not confirmed is handed out once more after a crash, so it forgets as well.
        ImmutableArray<PendingRelease<ProfileMap>> releases = FoldRedaction.Redact(State.Releases, targets);
        CustomerAudienceState audiences = State.Audiences.Forget(targets);
        if (
            map != before
            || separations != State.Separations
            || releases != State.Releases
            || !ReferenceEquals(audiences, State.Audiences)
        )
        {
            State.Audiences = audiences;
            Cause(CustomerEffects.OfChange(Id, before, map, $"forgotten:{State.Revision}", time.GetUtcNow()));
            State.Map = map;
            State.Separations = separations;
            State.Releases = releases;
            // What leaves is made up for, so that no reader sees a version go back.
            State.Revision += before.MessageCount - map.MessageCount;
            IdentityChanged();
            await SaveNow();
        }

        return null;
    }
}
