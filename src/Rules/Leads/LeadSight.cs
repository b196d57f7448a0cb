using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Access;
using Customer360.Rules.Conditions;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>
/// What somebody is told of why a lead is where it is. A fact comes from fields of a person or of a company, and is told to whoever sees
/// all the fields that it may come from, unmasked. What the others compared is unknown to the reader, and is worked out again as such: so a
/// rule's outcome tells no more than the values that are shown beside it. That a rule gave the lead to somebody is no secret to who has it.
/// </summary>
/// <param name="fields">What the caller sees of the lead's person.</param>
public sealed class LeadSight(VisibleFields fields)
{
    private const string Custom = "custom.";

    private static readonly JsonSerializerOptions s_text = new() { Encoder = AnswerJson.Encoder };

    /// <summary>What the grid itself says of a lead, and nobody of the person.</summary>
    private static readonly ImmutableHashSet<string> s_own =
    [
        "duplicateOf",
        "duplicateOwner",
        "fit",
        "handoff",
        "intent",
        "score",
        "stage",
        "tier",
        // Consent is shown to everybody who sees something of the person.
        "unsubscribed",
    ];

    private static readonly ImmutableHashSet<string> s_times = ["createdAt", "formSubmittedAt", "lastActivityAt"];

    private static readonly ImmutableHashSet<string> s_deals =
    [
        "inOpenOpportunity",
        "openOpportunity",
        "opportunityAmount",
        "opportunityLost",
        "opportunityOwner",
        "opportunityStage",
        "opportunityWon",
        "ownerConflict",
    ];

    private readonly FieldTable? _table = fields.Table;

    /// <summary>
    /// The facts that lifecycle, scoring and routing know by name and that the caller is not told, by name: the same ones whether or
    /// not something is known.
    /// </summary>
    public ImmutableArray<string> Withheld =>
        [
            .. LeadFacts
                .Catalog.Known.Concat(RoutingFacts.Catalog.Known)
                .Distinct(StringComparer.Ordinal)
                .Where(fact => !Shows(fact))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>True where the caller is told the fact. One that nobody knows where it comes from is told to nobody.</summary>
    public bool Shows(string fact)
    {
        if (_table is null || s_own.Contains(fact))
        {
            return true;
        }

        if (s_times.Contains(fact))
        {
            return fields.Show(FieldSets.Activity);
        }

        if (fact.StartsWith(Custom, StringComparison.Ordinal))
        {
            return ShowsTrait(fact[Custom.Length..]);
        }

        if (s_deals.Contains(fact) && !ShowsCompany("opportunities"))
        {
            return false;
        }

        (string[] ofPerson, string[] ofAccount) = LeadFactReader.TraitsOf(fact);
        return fact switch
        {
            "account" or "accountEvidence" => fields.Show(FieldSets.Accounts | FieldSets.Companies),
            "email" or "emailKind" => ShowsTrait("email"),
            "inOpenOpportunity" => fields.Show(FieldSets.Members),
            "ownerConflict" => Shows(RoutingFacts.AccountOwner) && Shows(RoutingFacts.OpportunityOwner),
            _ => ofPerson.Length + ofAccount.Length > 0 && ofPerson.All(ShowsTrait) && ofAccount.All(ShowsCompany),
        };
    }

    /// <summary>The lead as the caller sees it. Who sees every field sees all of it.</summary>
    /// <param name="scoring">Says which facts a rule asks for; a line of a rule that is no longer in it is left out.</param>
    public LeadFile Of(LeadFile file, ScoringPolicy scoring) =>
        _table is null
            ? file
            : file with
            {
                Anchor = "",
                Decision = file.Decision is { } decision ? OfDecision(decision) : null,
                ScoreCard = file.ScoreCard is { } card ? OfScore(card, scoring) : null,
            };

    private bool ShowsTrait(string name) => _table!.Of(name).IsShown;

    private bool ShowsCompany(string name) => fields.Show(FieldSets.Companies) && _table!.Of($"company.{name}").IsShown;

    private string OfDecision(string text)
    {
        JsonObject stored = JsonNode.Parse(text)!.AsObject();
        JsonObject facts = stored["facts"]!.AsObject();
        foreach (string hidden in facts.Select(fact => fact.Key).Where(fact => !Shows(fact)).ToArray())
        {
            facts.Remove(hidden);
        }

        JsonObject decision = stored["decision"]!.AsObject();
        JsonArray answers = decision["answers"]!.AsArray();
        foreach (JsonNode? answer in answers.Where(answer => !ShowsSituation((string?)answer!["situation"])).ToArray())
        {
            answers.Remove(answer);
        }

        foreach (JsonNode? rule in decision["rules"]!.AsArray())
        {
            Hide(rule!.AsObject());
        }

        return stored.ToJsonString(s_text);
    }

    private bool ShowsSituation(string? situation) =>
        situation switch
        {
            "openOpportunity" => Shows(RoutingFacts.OpenOpportunity),
            "territoryMissing" => Shows(RoutingFacts.Territory),
            _ => true,
        };

    private void Hide(JsonObject rule)
    {
        string was = (string)rule["outcome"]!;
        Truth condition = Judge(rule["if"]!.AsObject());
        bool isOwnerTold = Shows(RoutingFacts.AccountOwner) && Shows(RoutingFacts.OpportunityOwner);
        rule["outcome"] =
            was == WordOf(RuleOutcome.Fired) ? was
            : condition != Truth.True ? WordOf(condition)
            : was == WordOf(RuleOutcome.NoOwner) && !isOwnerTold ? WordOf(Truth.Unknown)
            : was;
    }

    /// <summary>What a condition comes to by what the caller sees; what it does not see is taken out.</summary>
    private Truth Judge(JsonObject condition)
    {
        Truth outcome;
        if ((string?)condition["fact"] is { } fact)
        {
            if (Shows(fact))
            {
                return TruthOf((string?)condition["outcome"]);
            }

            // Of a rule that gave the lead to somebody, what was asked for would tell what there was.
            condition["wanted"] = new JsonArray();
            condition["actual"] = new JsonObject { ["withheld"] = true };
            condition["because"] = WordOf(ConditionDoubt.Withheld);
            condition.Remove("before");
            outcome = Truth.Unknown;
        }
        else
        {
            Truth[] parts = [.. condition["parts"]!.AsArray().Select(part => Judge(part!.AsObject()))];
            outcome = (string?)condition["form"] switch
            {
                "all" => parts.Aggregate(Truth.True, (least, part) => part < least ? part : least),
                "any" => parts.Aggregate(Truth.False, (most, part) => part > most ? part : most),
                "not" when parts is [var part] => Truth.True - (int)part,
                // A form that this release does not know: nothing is told of it.
                _ => Truth.Unknown,
            };
        }

        condition["outcome"] = WordOf(outcome);
        return outcome;
    }

    private string OfScore(string text, ScoringPolicy scoring)
    {
        JsonObject card = JsonNode.Parse(text)!.AsObject();
        JsonArray lines = card["lines"]!.AsArray();
        foreach (JsonNode? line in lines.Where(line => !ShowsLine(line!.AsObject(), scoring)).ToArray())
        {
            lines.Remove(line);
        }

        return card.ToJsonString(s_text);
    }

    private bool ShowsLine(JsonObject line, ScoringPolicy scoring) =>
        scoring.Rules.FirstOrDefault(rule => rule.Name == (string?)line["rule"]) is { } rule
        && (rule.Event is null ? rule.If.Facts.All(Shows) : fields.Show(FieldSets.Messages));

    private static Truth TruthOf(string? word) =>
        word switch
        {
            "true" => Truth.True,
            "false" => Truth.False,
            _ => Truth.Unknown,
        };

    private static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
