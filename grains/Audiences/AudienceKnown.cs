using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Consent;
using Customer360.Rules.Leads;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What conditions of audiences may ask of a profile: its traits, first and last touch, consent, and what was told of it.</summary>
internal static class AudienceKnown
{
    /// <param name="told">By its lead and its account.</param>
    public static FactSet Of(ProfileView view, FactSet told, AudiencePolicy policy, AudiencePolicies policies)
    {
        FactSet ofPerson = LeadFactReader.Read(
            view,
            policies.Mastership,
            account: null,
            policies.Routing.Matching,
            policy.Index.Traits
        );
        var facts = new Dictionary<string, FactValue>(told.Values, StringComparer.Ordinal);
        foreach ((string name, FactValue value) in ofPerson.Values)
        {
            facts[name] = value;
        }

        foreach (ConsentStanding standing in view.Consent.Purposes)
        {
            facts[$"{AudienceFacts.ConsentPrefix}{standing.Purpose}"] = FactValue.Of(
                standing.Status switch
                {
                    ConsentStatus.Granted => "granted",
                    ConsentStatus.Denied => "denied",
                    _ => "unknown",
                }
            );
        }

        if (view.Fold is { First: { } first, Last: { } last })
        {
            facts["firstSource"] = FactValue.Of(first.Source);
            facts["lastSource"] = FactValue.Of(last.Source);
        }

        return new FactSet(facts);
    }
}
