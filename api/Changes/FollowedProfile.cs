using Customer360.Api.Profiles;
using Customer360.Rules.Outcomes;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Changes;

/// <summary>
/// The profile that an identifier leads to, told whenever the caller would see another one. What was told last is known by its entity tag, which
/// is a hash of what the caller sees: so a reader that comes again is told what it has missed, as it is now, or nothing; and of fields that it
/// may not see it learns no change.
/// </summary>
internal sealed class FollowedProfile(ProfileAccess access, string? text) : IFollowed
{
    private ChangeSignal? _signal;
    private string? _told;
    private bool _isMissing;

    /// <summary>A tag stands for itself: what is told next is told with its own.</summary>
    public string? Place => null;

    public async Task<Refusal?> Begin(Asker asker, string? lastEventId, ChangeSignal signal)
    {
        Outcome<FollowedView> found = await access.Follow(asker, text);
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        (_signal, _told) = (signal, lastEventId);
        signal.CustomerId = found.Value.CustomerId;
        return null;
    }

    public async Task<FollowedStep> Look(Asker asker, EventStream stream)
    {
        Outcome<FollowedView> found = await access.Follow(asker, text);
        if (!found.Succeeded)
        {
            return await Miss(found.Refusal, stream);
        }

        _isMissing = false;
        FollowedView view = found.Value;
        bool isAnother = _signal!.CustomerId != view.CustomerId;
        _signal.CustomerId = view.CustomerId;
        string tag = view.Text.EntityTag.Trim('"');
        if (tag == _told)
        {
            // What has changed while the bell was still another's did not ring it.
            return isAnother ? FollowedStep.Sent : FollowedStep.Nothing;
        }

        await access.NoteFollowed(asker, view);
        await stream.Send("profile", tag, view.Text.Json);
        _told = tag;
        return FollowedStep.Sent;
    }

    /// <summary>While an identifier goes from one customer to another, nobody may have it for a moment: so it is looked for twice.</summary>
    private async Task<FollowedStep> Miss(Refusal refusal, EventStream stream)
    {
        if (refusal is NotFound && !_isMissing)
        {
            _isMissing = true;
            return FollowedStep.LookAgain;
        }

        await stream.End(refusal is NotFound ? "gone" : refusal.Code);
        return FollowedStep.Ended;
    }
}
