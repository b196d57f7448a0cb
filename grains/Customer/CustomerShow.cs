using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// What readers see of a customer: its joined profile, and its place on the shelf of the node (<see cref="ProfileShelf"/>). Owned
/// by the customer's activation and used in its turns only.
/// </summary>
internal sealed class CustomerShow(
    string customerId,
    IPersistentState<CustomerState> stored,
    ShelfPlace place,
    TimeProvider time
)
{
    /// <summary>The join of the map's values, carried along with each message while readers ask for it.</summary>
    private ProfileFold? _joined;

    /// <summary>How consent stands; null where it has to be worked out anew.</summary>
    private ConsentView? _consent;

    /// <summary>In which audiences it was when that was last told; default: not since the activation began.</summary>
    private ImmutableArray<AudienceMembership> _told;

    /// <summary>How consent stands now.</summary>
    public ConsentView ConsentNow => (_consent ??= ConsentJoin.View(State.Map)).AsOf(time.GetUtcNow());

    public long Version => State.Revision + State.Map.MessageCount;

    private CustomerState State => stored.State;

    private ImmutableArray<string> Audiences =>
        State.Audiences.Standings.Members.IsEmpty
            ? []
            : [.. State.Audiences.Standings.Members.Select(member => member.Audience)];

    /// <summary>
    /// It is itself, and nothing of a merge or a split is under way that it drives: until its identifiers are its own, a reader is
    /// led to the customer that gives them.
    /// </summary>
    private bool IsSettled => State is { Status: OwnerStatus.Live, Split: null, Map.Entries.IsEmpty: false };

    /// <summary>What a reader is answered. It stands on the shelf from now on.</summary>
    public PublishedProfile Publish()
    {
        // A grant may have ended since it was put there.
        if (place.Shown is { } shown && !shown.HasEnded(time.GetUtcNow()))
        {
            place.Confirm();
            return shown;
        }

        return IsSettled ? place.Publish(View()) : new PublishedProfile(View());
    }

    /// <summary>The same for the customer itself: nothing is put on the shelf.</summary>
    public ProfileView Look() => View();

    /// <summary>A message was folded.</summary>
    public void Learn(Envelope envelope, LogPlace place)
    {
        _joined = _joined?.Apply(envelope, place);
        Hear(envelope);
    }

    /// <summary>Part of a message was folded.</summary>
    public void Learn(Envelope envelope, ProfileFold learned)
    {
        _joined = _joined is null ? null : ProfileFold.Join(_joined, learned);
        Hear(envelope);
    }

    /// <summary>The identity has changed, or something was said: what is joined anew may be anything.</summary>
    public void Forget()
    {
        _joined = null;
        _consent = null;
    }

    /// <summary>
    /// Messages were folded. Their state is not written yet, and need not be: they are in the log, and grain calls show them. One
    /// that had been set aside is the exception, and is shown when it is written.
    /// </summary>
    public void ShowFolded(bool isToBeWritten)
    {
        if (place.Shown is not { View: var before })
        {
            // Nobody has read it, or not for long: the next reader joins it anew.
            _joined = null;
        }
        else if (isToBeWritten)
        {
            place.TakeOff();
        }
        else if (before.Version != Version)
        {
            place.Replace(
                before with
                {
                    Version = Version,
                    Fold = _joined ??= State.Map.Join(),
                    Consent = ConsentNow,
                    Audiences = Audiences,
                    IsOversized = State.IsOversized,
                }
            );
        }
    }

    /// <summary>A change of identity is about to be written: readers find nothing meanwhile. They ask the grain, and wait.</summary>
    public void TakeOff() => place.TakeOff();

    /// <summary>The change is written.</summary>
    public void PutBack()
    {
        ImmutableArray<AudienceMembership> members = State.Audiences.Standings.Members;
        if (_told.IsDefault || !_told.AsSpan().SequenceEqual(members.AsSpan()))
        {
            _told = members;
            place.TellOfAudiences();
        }

        if (State.MovedTo is not null || State.Status == OwnerStatus.Erased)
        {
            place.Withdraw();
        }
        else if (IsSettled && place.IsKept)
        {
            place.PutBack(View());
        }
    }

    /// <summary>The activation ends, or knows no longer what is stored.</summary>
    public void Leave() => place.Leave();

    /// <summary>A profile of what is held.</summary>
    public static ProfileView ViewOf(
        string customerId,
        long version,
        ProfileMap map,
        ProfileFold joined,
        ConsentView consent
    ) =>
        new(
            customerId,
            version,
            [
                .. map.Entries.Select(entry => new ProfileIdentifier(
                    entry.Identifier,
                    entry.Evidence.MessageId,
                    entry.Evidence.Source,
                    entry.Evidence.At,
                    entry.Evidence.RuleVersion
                )),
            ],
            joined
        )
        {
            Consent = consent,
        };

    private ProfileView View() =>
        ViewOf(customerId, Version, State.Map, _joined ??= State.Map.Join(), ConsentNow) with
        {
            Audiences = Audiences,
            IsOversized = State.IsOversized,
        };

    private void Hear(Envelope envelope)
    {
        if (envelope.Consent is not null)
        {
            _consent = null;
        }
    }
}
