using System.Collections.Immutable;
using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Grains;

/// <summary>
/// In which audiences a customer is: notes which of them messages concern, and decides these. Owned by the customer's activation and used in
/// its turns only. It writes nothing: what it has decided stands in the state, and the grain writes that.
/// </summary>
internal sealed class CustomerAudiences(
    string customerId,
    IPersistentState<CustomerState> stored,
    AudiencePolicies policies,
    CustomerShow show,
    TimeProvider time
)
{
    private AudiencePolicy? _decidedBy;
    private ImmutableArray<long> _dues;
    private AudienceSet _concerned;
    private bool _concernsAll;
    private string? _cause;

    /// <summary>The events that are counted; null: none, and a message costs nothing.</summary>
    public IEventSelection? Selection =>
        policies.Current is { Selection: { IsEmpty: false } selection } ? selection : null;

    /// <summary>
    /// Something has to be decided. Where there are no audiences, and the customer is in none of before, never.
    /// </summary>
    public bool HasToDecide => _concernsAll || !_concerned.IsEmpty;

    /// <summary>Other events are counted than those that were: before anything is decided, the log has to be read again.</summary>
    public bool HasToRecount
    {
        get
        {
            IEventSelection? selection = Selection;
            return selection is not null && State.Map.Entries.Any(entry => entry.HasToBeRecounted(selection));
        }
    }

    /// <summary>When it has to be decided anew; null: never by itself.</summary>
    public DateTimeOffset? DueAt => State.Audiences.Standings.DueAt;

    private CustomerState State => stored.State;

    /// <summary>A message was folded.</summary>
    public void Hear(Envelope envelope, LogPlace place)
    {
        AudiencePolicy policy = policies.Current;
        if (policy.IsEmpty)
        {
            _concernsAll |= !State.Audiences.Standings.IsEmpty;
            return;
        }

        AudienceSet concerned = policy.Index.ConcernOf(envelope);
        if (!ReferenceEquals(policy, _decidedBy) && State.Audiences.Standings.PolicyVersion != policy.Version)
        {
            _concernsAll = true;
        }
        else if (!concerned.IsEmpty)
        {
            _concerned = _concerned.With(concerned);
        }
        else
        {
            return;
        }

        _cause = string.Create(null, $"message:{place.Partition}/{place.Position}");
    }

    /// <summary>Anything may have changed: the identity, consent, or what others have told.</summary>
    public void HearOfAll(string cause)
    {
        if (!policies.Current.IsEmpty || !State.Audiences.IsEmpty)
        {
            _concernsAll = true;
            _cause = cause;
        }
    }

    /// <summary>
    /// The customer takes another's entries over. Whoever was in an audience there has not entered it here: what either was in counts as
    /// what was before, once it is decided.
    /// </summary>
    /// <param name="cause">The merge or split.</param>
    public void Carry(CustomerAudienceState other, string cause)
    {
        AudienceStandings standings = Together(other.Standings, other.Carried);
        if (standings.IsEmpty && other.Told.Values.Count == 0)
        {
            return;
        }

        CustomerAudienceState own = State.Audiences;
        State.Audiences = own with
        {
            Carried = Together(standings, own.Carried),
            CarriedBy = cause,
            Told = own.Told.Values.Count > 0 ? own.Told : other.Told,
        };
    }

    /// <summary>
    /// Notes what a step of a merge or a split changes, before it is written. What it gives away goes along with what it was in, until that
    /// is confirmed.
    /// </summary>
    public void Follow(Ownership<ProfileMap> after)
    {
        ImmutableSortedDictionary<string, AudienceStandings> released = State.Audiences.Released;
        string cause = after.Split?.SplitId ?? after.RetiredBy ?? "merge";
        foreach (PendingRelease<ProfileMap> release in after.Releases.Where(one => !released.ContainsKey(one.SplitId)))
        {
            cause = release.SplitId;
            AudienceStandings standings = Together(State.Audiences.Standings, State.Audiences.Carried);
            released = standings.IsEmpty ? released : released.Add(release.SplitId, standings);
        }

        released = released.RemoveRange(released.Keys.Where(id => after.Releases.All(one => one.SplitId != id)));
        State.Audiences = State.Audiences with { Released = released };
        if (State.Map != after.Held)
        {
            HearOfAll($"identity:{cause}");
        }
    }

    /// <summary>
    /// Decides what has to be. What has changed stands in the state, with the rows of the list. Empty where nobody has to hear of it.
    /// </summary>
    public ImmutableArray<AudienceTransition> Decide()
    {
        AudiencePolicy policy = policies.Current;
        CustomerAudienceState before = State.Audiences;
        if (State.MovedTo is not null || State.Status == OwnerStatus.Erased)
        {
            Become(CustomerAudienceState.Empty with { Released = before.Released }, before);
            Done(policy, default);
            return [];
        }

        DateTimeOffset at = time.GetUtcNow();
        bool isSame = ReferenceEquals(policy, _decidedBy);
        string cause =
            before.CarriedBy is { } identity ? $"identity:{identity}"
            : before.Standings.PolicyVersion.Length > 0 && before.Standings.PolicyVersion != policy.Version
                ? $"definition:{policy.Version}"
            : _cause ?? "look";
        AudienceOutcome outcome = AudienceRules.Decide(
            policy,
            new AudienceSubject(customerId, before.Standings, show.ConsentNow.IsRestricted, before.Carried),
            FactsBy(policy, at),
            _concernsAll ? policy.Index.All : _concerned,
            isSame && !_dues.IsDefault ? _dues : default,
            at,
            cause
        );
        // Where there are no audiences any more, nothing is kept of them: a message costs nothing again.
        AudienceStandings standings = policy.IsEmpty ? AudienceStandings.Empty : outcome.Standings;
        Become(
            before with
            {
                Standings = standings,
                Carried = null,
                CarriedBy = null,
                Told = policy.IsEmpty ? FactSet.Empty : before.Told,
            },
            before
        );
        Done(policy, outcome.Dues);
        return outcome.Transitions;
    }

    /// <summary>A condition of an audience, with all that was compared.</summary>
    public ConditionTrace Explain(AudienceDefinition audience)
    {
        DateTimeOffset at = time.GetUtcNow();
        AudienceFacts facts = FactsBy(policies.Current, at);
        foreach (AudienceMembership member in State.Audiences.Standings.Members)
        {
            facts.Enter(member.Audience);
        }

        return audience.If.Trace(facts, at);
    }

    /// <summary>When that changes by itself; null: never.</summary>
    public DateTimeOffset? ChangesAt(AudienceDefinition audience) =>
        AudienceRules.ChangesAt(
            policies.Current,
            audience,
            new AudienceSubject(customerId, State.Audiences.Standings, show.ConsentNow.IsRestricted),
            at => FactsBy(policies.Current, at),
            time.GetUtcNow()
        );

    /// <summary>The computed traits that are there now, by name.</summary>
    public ImmutableSortedDictionary<string, FactValue> Compute()
    {
        AudiencePolicy policy = policies.Current;
        DateTimeOffset at = time.GetUtcNow();
        return policy
            .Traits.Values.Select(trait =>
                KeyValuePair.Create(trait.Name, trait.Value.Of(State.Map.TallyOf(trait.Value.Selector.Id), at))
            )
            .Where(one => one.Value.IsKnown)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static AudienceStandings Together(AudienceStandings one, AudienceStandings? other) =>
        other is null || other.IsEmpty ? one
        : one.IsEmpty ? other
        : AudienceStandings.Join(one, other);

    private void Done(AudiencePolicy policy, ImmutableArray<long> dues)
    {
        (_decidedBy, _dues, _concerned, _concernsAll, _cause) = (policy, dues, default, false, null);
    }

    private void Become(CustomerAudienceState after, CustomerAudienceState before)
    {
        State.Audiences = after;
        // By another policy the holdout may be another one, which stands in the rows.
        bool isSame =
            after.Standings.PolicyVersion == before.Standings.PolicyVersion || after.Standings.Members.IsEmpty;
        if (!isSame || !after.Standings.Members.AsSpan().SequenceEqual(before.Standings.Members.AsSpan()))
        {
            AudiencePolicy policy = policies.Current;
            State.Members =
            [
                .. after.Standings.Members.Select(member => new AudienceRow(
                    member.Audience,
                    customerId,
                    member.Since,
                    policy.Find(member.Audience) is { } audience && AudienceRules.IsHeldOut(audience, customerId)
                )),
            ];
        }
    }

    private AudienceFacts FactsBy(AudiencePolicy policy, DateTimeOffset at)
    {
        ConsentView consent = show.ConsentNow;
        return new AudienceFacts(
            () => AudienceKnown.Of(show.Look(), State.Audiences.Told, policy, policies),
            State.Map.TallyOf,
            policy.Traits,
            at,
            consent.ValidUntil
        );
    }
}
