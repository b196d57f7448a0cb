using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles.Tallies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>Audiences over events A, B and C, and a customer who did some of them.</summary>
internal static class AudienceCases
{
    private static readonly AudiencePolicyKind s_kind = new();

    public static Moment MomentAt(DateTimeOffset at, long position = 1) =>
        Moment.Of(at, new LogPlace(0, position), 1, null);

    public static AudiencePolicy PolicyOf(string condition, string more = "holdout: 0") =>
        Read(
            $$"""
            owner: {team: t, contact: c}
            audiences:
              - {name: it, purpose: p, {{more}}, if: {{condition}}}
            """
        );

    public static AudiencePolicy Read(string text)
    {
        var reading = s_kind.ReadFile(text, SmallYaml.Instance);
        Assert.Empty(reading.Faults);
        return reading.Body!.Base;
    }

    /// <summary>Each event is an A, a B or a C; a selector has those of its name.</summary>
    /// <param name="seed">By it and its place each event is one of them, whoever else is there; null: of every name.</param>
    public static Dictionary<string, Tally> Deal(AudiencePolicy policy, Moment[] moments, int? seed)
    {
        var tallies = new Dictionary<string, Tally>(StringComparer.Ordinal);
        foreach (EventSelector selector in ConditionParts.SelectorsOf(policy.Audiences[0].If))
        {
            Moment[] own =
            [
                .. moments.Where(moment =>
                    seed is null || selector.Name == "A" || (moment.Place + seed) % 3 == selector.Name[0] - 'B'
                ),
            ];
            if (!tallies.ContainsKey(selector.Id) && own.Length > 0)
            {
                tallies[selector.Id] = own.Skip(1)
                    .Aggregate(Tally.Of(selector.Id, own[0]), (tally, moment) => tally.With(moment));
            }
        }

        return tallies;
    }

    public static AudienceFacts FactsOf(
        AudiencePolicy policy,
        Dictionary<string, Tally> tallies,
        DateTimeOffset at,
        params (string Name, FactValue Value)[] known
    ) =>
        new(
            () => new FactSet(known.Select(one => KeyValuePair.Create(one.Name, one.Value))),
            tallies.GetValueOrDefault,
            policy.Traits,
            at
        );

    public static AudienceOutcome Decide(
        AudiencePolicy policy,
        Dictionary<string, Tally> tallies,
        AudienceStandings before,
        DateTimeOffset at,
        AudienceStandings? carried = null
    ) =>
        AudienceRules.Decide(
            policy,
            new AudienceSubject("c_1", before, Carried: carried),
            FactsOf(policy, tallies, at),
            policy.Index.All,
            default,
            at,
            "test"
        );
}
