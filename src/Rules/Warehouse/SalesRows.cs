using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Warehouse;

/// <summary>The tables of leads: how far each is, when it came into which stage, and who was given it by which rule.</summary>
public static class SalesRows
{
    private const string ByRouting = "routing";

    public static MirrorTable Leads { get; } =
        new(
            "leads",
            "Each lead as it stands.",
            [
                new("lead_id", MirrorKind.Text, "The lead."),
                new("customer_id", MirrorKind.Text, "Whose it was when it was last looked at."),
                new("lifecycle", MirrorKind.Text, "Of which lifecycle it is."),
                new("stage", MirrorKind.Text, "The stage that it is in."),
                new("status", MirrorKind.Text, "new, held, queued, offered, accepted, rejected, timedOut or closed."),
                new("is_open", MirrorKind.Flag, "It is neither closed nor a double."),
                new("owner_id", MirrorKind.Text, "The sales person who has it."),
                new("queue", MirrorKind.Text, "The queue that it lies in."),
                new("source", MirrorKind.Text, "Where it came from, as the last decision had it."),
                new("score", MirrorKind.Number, "Its score when it was last looked at, in whole points."),
                new("tier", MirrorKind.Text, "What its score means."),
                new("created_at", MirrorKind.Time, "When it began."),
                new("handed_at", MirrorKind.Time, "When it was first given to somebody."),
                new("first_touched_at", MirrorKind.Time, "When a person first answered it, or said a stage."),
                new("accepted_at", MirrorKind.Time, "When somebody first accepted it."),
                new("attempts", MirrorKind.Number, "How often it was given to somebody."),
                new("closed_code", MirrorKind.Text, "Why it was closed."),
                new("duplicate_of", MirrorKind.Text, "The lead whose double it is."),
                new("duplicate_at", MirrorKind.Time, "When it was closed as a double."),
            ]
        )
        {
            Key = ["lead_id"],
            LoadedAt = "created_at",
            ChangesByItself = true,
        };

    public static MirrorTable Stages { get; } =
        new(
            "lead_stages",
            "Each word that a lead entered a stage, with the time.",
            [
                new("lead_id", MirrorKind.Text, "The lead."),
                new("stage", MirrorKind.Text, "The stage."),
                new("entered_at", MirrorKind.Time, "When it entered it."),
                new("source", MirrorKind.Text, "Who says so: rule, crm or person."),
                new("said_by", MirrorKind.Text, "The move of lifecycle.yaml, the CRM, or the key of the person."),
                new("code", MirrorKind.Text, "Of an exit: why."),
                new("is_counted", MirrorKind.Flag, "It led forward; false: it does not count, as it would lead back."),
            ]
        )
        {
            LoadedAt = "entered_at",
            ChangesByItself = true,
        };

    public static MirrorTable Decisions { get; } =
        new(
            "routing_decisions",
            "Each time that a lead was given to somebody; the trace, the rule's policy and the pool are kept of a lead's last decision.",
            [
                new("lead_id", MirrorKind.Text, "The lead."),
                new("attempt", MirrorKind.Number, "Which time it was given to somebody, from 1."),
                new("decided_at", MirrorKind.Time, "When it was."),
                new("decided_by", MirrorKind.Text, "routing, or the key of the person who gave it."),
                new("outcome", MirrorKind.Text, "assigned, queued or held."),
                new("person_id", MirrorKind.Text, "The sales person who got it."),
                new("pool", MirrorKind.Text, "The pool that dealt it."),
                new("queue", MirrorKind.Text, "The queue that it went to."),
                new(
                    "rule",
                    MirrorKind.Text,
                    "The rule that decided; missing: a person or an answer of the policy did."
                ),
                new("policy_version", MirrorKind.Text, "By which routing.yaml; version of policies."),
                new("team_version", MirrorKind.Text, "By which directory of sales people."),
                new("answer", MirrorKind.Text, "offered, accepted, rejected, timedOut or reassigned."),
                new("answered_at", MirrorKind.Time, "When it was answered, or was over."),
                new("answer_code", MirrorKind.Text, "Of a rejection: why."),
                new("used_seconds", MirrorKind.Number, "The working time that it had taken by then, of all attempts."),
                new("is_late", MirrorKind.Flag, "It was accepted after its time."),
                new("facts", MirrorKind.Json, "What was known, as the mirror's role may see it."),
                new("trace", MirrorKind.Json, "Every rule and whether it counted, likewise."),
            ]
        )
        {
            Key = ["lead_id", "attempt"],
            LoadedAt = "decided_at",
            ChangesByItself = true,
        };

    /// <summary>Adds a lead; nothing of whom the role sees nothing, and of decisions only for who is told of everybody's leads.</summary>
    /// <param name="fields">What is seen of the lead's person.</param>
    public static void Add(
        MirrorRows leads,
        MirrorRows stages,
        MirrorRows decisions,
        LeadFile file,
        LifecyclePolicy lifecycle,
        ScoringPolicy scoring,
        VisibleFields fields
    )
    {
        if (file.IsErased || !fields.HaveAnyOf(FieldSets.Profile))
        {
            return;
        }

        LeadState lead = file.Lead;
        var times = LeadTimes.Of(file);
        leads.Add([
            lead.LeadId,
            file.CustomerId,
            lead.Lifecycle,
            file.Stage,
            LeadFileRules.WordOf(lead.Status),
            lead.IsOpen,
            lead.OwnerId,
            lead.Status == LeadStatus.Queued ? lead.Queue : null,
            SourceOf(file, fields),
            (long)decimal.Round(file.Score),
            file.Tier,
            lead.CreatedAt,
            times.HandedAt,
            times.TouchedAt,
            times.AcceptedAt,
            (long)lead.Handoffs.Length,
            lead.ClosedCode,
            lead.DuplicateOf?.LeadId,
            lead.DuplicateOf?.At,
        ]);
        AddStages(stages, file, lifecycle);
        if (fields.Show(FieldSets.AllLeads | FieldSets.Companies))
        {
            AddDecisions(decisions, new LeadSight(fields).Of(file, scoring));
        }
    }

    private static void AddStages(MirrorRows stages, LeadFile file, LifecyclePolicy lifecycle)
    {
        // How long the last stay is does not matter here, so neither does the time at which it is asked.
        HashSet<StageEntry> passed = [.. file.History.View(lifecycle, file.Lead.CreatedAt).Passed];
        foreach (StageEntry entry in file.History.Entries)
        {
            stages.Add([
                file.Lead.LeadId,
                entry.Stage,
                entry.At,
                WordOf(entry.Source),
                entry.By,
                entry.Code,
                !passed.Contains(entry),
            ]);
        }
    }

    /// <param name="shown">What the caller sees of the lead.</param>
    private static void AddDecisions(MirrorRows decisions, LeadFile shown)
    {
        LeadState lead = shown.Lead;
        var last = StoredDecision.Of(shown);
        bool isGiven = false;
        foreach (Handoff one in lead.Handoffs)
        {
            bool isLast = last is { Outcome: "assigned" } && one.By == ByRouting && one.Attempt == last.Attempt;
            isGiven |= isLast;
            decisions.Add([
                lead.LeadId,
                (long)one.Attempt,
                one.At,
                one.By,
                "assigned",
                one.PersonId,
                isLast ? last!.Pool : null,
                default,
                one.Rule.Length == 0 ? null : one.Rule,
                isLast ? last!.PolicyVersion : null,
                isLast ? last!.TeamVersion : null,
                WordOf(one.Status),
                one.EndedAt,
                one.Code,
                one.EndedAt is null ? (long?)null : (long)one.Used.TotalSeconds,
                one.IsLate,
                isLast ? JsonOf(last!.FactsJson) : default,
                isLast ? JsonOf(last!.TraceJson) : default,
            ]);
        }

        // In a queue, or waiting for somebody's hours: nobody was given it by this decision.
        if (last is not null && !isGiven && lead.Handoffs.All(one => one.Attempt != last.Attempt))
        {
            decisions.Add([
                lead.LeadId,
                (long)last.Attempt,
                last.At,
                ByRouting,
                last.Outcome,
                last.PersonId,
                last.Pool,
                last.Queue,
                last.Rule,
                last.PolicyVersion,
                last.TeamVersion,
                default,
                default,
                default,
                default,
                default,
                JsonOf(last.FactsJson),
                JsonOf(last.TraceJson),
            ]);
        }
    }

    private static string? SourceOf(LeadFile file, VisibleFields fields) =>
        new LeadSight(fields).Shows("source")
        && LeadFileRules.KnownOf(file)?["source"] is { Kind: FactKind.Text } source
            ? source.Text
            : null;

    private static MirrorValue JsonOf(string json) => MirrorValue.Json(Encoding.UTF8.GetBytes(json));

    private static string WordOf<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
