using System.Collections.Frozen;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Audiences;

/// <summary>
/// Tells which audiences a message may change: those that count its event, ask for a trait that it states, or for consent; and those that
/// ask for these. All others stay as they are.
/// </summary>
public sealed class AudienceIndex
{
    private static readonly FrozenSet<string> s_ofAnyMessage = new[]
    {
        "createdAt",
        "lastActivityAt",
        "formSubmittedAt",
        "firstSource",
        "lastSource",
        "email",
        "emailKind",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, AudienceSet> _byEvent;
    private readonly FrozenDictionary<string, AudienceSet> _byTrait;
    private readonly AudienceSet _ofConsent;
    private readonly AudienceSet _ofAny;

    internal AudienceIndex(AudiencePolicy policy)
    {
        int count = policy.Audiences.Length;
        var events = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        var traits = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        HashSet<int> consent = [];
        HashSet<int> any = [];
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var asked = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        Dictionary<string, string> names = SelectorNames(policy);
        for (int place = 0; place < count; place++)
        {
            AudienceDefinition audience = policy.Audiences[place];
            HashSet<string> facts = FactsOf(audience, policy, asked);
            asked[audience.Name] = facts;
            foreach (string fact in facts)
            {
                if (fact.StartsWith(EventTest.FactPrefix, StringComparison.Ordinal))
                {
                    Add(events, names[fact[EventTest.FactPrefix.Length..]], place);
                }
                else if (
                    fact == AudienceFacts.Unsubscribed
                    || fact.StartsWith(AudienceFacts.ConsentPrefix, StringComparison.Ordinal)
                )
                {
                    consent.Add(place);
                }
                else if (s_ofAnyMessage.Contains(fact))
                {
                    any.Add(place);
                }

                foreach (string trait in LeadFactReader.PersonTraitsOf(fact))
                {
                    Add(traits, trait, place);
                    needed.Add(trait);
                }
            }
        }

        _byEvent = Sets(events, count);
        _byTrait = Sets(traits, count);
        _ofConsent = AudienceSet.Of(count, consent);
        _ofAny = AudienceSet.Of(count, any);
        All = AudienceSet.All(count);
        Traits = needed.ToFrozenSet(StringComparer.Ordinal);
    }

    public AudienceSet All { get; }

    /// <summary>The traits that any condition asks for: others need not be read.</summary>
    public FrozenSet<string> Traits { get; }

    /// <summary>Those that the message may change, now or by what it changes in time.</summary>
    public AudienceSet ConcernOf(Envelope envelope)
    {
        AudienceSet concerned = _ofAny;
        if (envelope.Name is { } name && _byEvent.TryGetValue(name, out AudienceSet counting))
        {
            concerned = concerned.With(counting);
        }

        if (envelope.Consent is not null)
        {
            concerned = concerned.With(_ofConsent);
        }

        foreach (TraitAssignment trait in envelope.Traits)
        {
            if (_byTrait.TryGetValue(trait.Name, out AudienceSet asking))
            {
                concerned = concerned.With(asking);
            }
        }

        return concerned;
    }

    private static Dictionary<string, string> SelectorNames(AudiencePolicy policy) =>
        policy
            .Audiences.SelectMany(audience => ConditionParts.SelectorsOf(audience.If))
            .Concat(policy.Traits.Values.Select(trait => trait.Value.Selector))
            .DistinctBy(selector => selector.Id)
            .ToDictionary(selector => selector.Id, selector => selector.Name, StringComparer.Ordinal);

    /// <summary>All that an audience depends on, also by way of computed traits and of other audiences, which are decided before it.</summary>
    private static HashSet<string> FactsOf(
        AudienceDefinition audience,
        AudiencePolicy policy,
        Dictionary<string, HashSet<string>> asked
    )
    {
        HashSet<string> facts = new(StringComparer.Ordinal);
        foreach (string fact in audience.If.Facts)
        {
            if (fact.StartsWith(AudienceTest.FactPrefix, StringComparison.Ordinal))
            {
                facts.UnionWith(asked[fact[AudienceTest.FactPrefix.Length..]]);
            }
            else if (fact.StartsWith(AudienceFacts.ComputedPrefix, StringComparison.Ordinal))
            {
                string name = fact[AudienceFacts.ComputedPrefix.Length..];
                facts.Add($"{EventTest.FactPrefix}{policy.Traits[name].Value.Selector.Id}");
            }
            else
            {
                facts.Add(fact);
            }
        }

        return facts;
    }

    private static void Add(Dictionary<string, HashSet<int>> sets, string key, int place)
    {
        if (!sets.TryGetValue(key, out HashSet<int>? set))
        {
            sets[key] = set = [];
        }

        set.Add(place);
    }

    private static FrozenDictionary<string, AudienceSet> Sets(Dictionary<string, HashSet<int>> sets, int count) =>
        sets.ToFrozenDictionary(one => one.Key, one => AudienceSet.Of(count, one.Value), StringComparer.Ordinal);
}
