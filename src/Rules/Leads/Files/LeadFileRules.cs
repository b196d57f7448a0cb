using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>The policies by which a lead is looked at.</summary>
public sealed record LeadPolicies(LifecyclePolicy Lifecycle, ScoringPolicy Scoring, SalesTeam Team)
{
    public LeadTerms Terms { get; } =
        new(Team, [.. Lifecycle.RejectCodes], [.. Lifecycle.CloseCodes, LeadFileRules.WonCode]);
}

/// <summary>
/// How a lead's file changes. Whatever it changes to, the file itself says what is still to be told to whom, so a crash in between
/// costs a repeat and nothing else.
/// </summary>
public static class LeadFileRules
{
    /// <summary>With this a lead closes that has come to the end of the path.</summary>
    public const string WonCode = "won";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Carries out a command. The same file: it had been carried out.</summary>
    public static Outcome<LeadFile> Apply(LeadFile file, LeadCommand command, LeadTerms terms)
    {
        Outcome<LeadStep> step = LeadRules.Apply(file.Lead, command, terms);
        return !step.Succeeded ? step.Refusal
            : step.Value.Events.IsEmpty && step.Value.State == file.Lead ? file
            : Settle(file with { Lead = step.Value.State, Events = Latest(file.Events.AddRange(step.Value.Events)) });
    }

    /// <summary>
    /// Somebody closes it by a code of an exit: the lead leaves the path there, and its person may enter it again. Of a code that several
    /// exits have the first by name counts.
    /// </summary>
    public static Outcome<LeadFile> CloseBy(LeadFile file, LeadCommand.Close close, LeadPolicies policies)
    {
        string? exit = policies
            .Lifecycle.Exits.Where(one => one.Value.Contains(close.Code, StringComparer.Ordinal))
            .Select(one => one.Key)
            .FirstOrDefault();
        if (exit is null)
        {
            return new LeadCodeUnknown();
        }

        Outcome<LeadFile> closed = Apply(file, close, policies.Terms);
        if (!closed.Succeeded || closed.Value == file)
        {
            return closed;
        }

        LifecycleHistory history = closed.Value.History.Add(
            new StageEntry(exit, close.At, StageSource.Person, close.By, close.Code, $"{file.Lead.LeadId} closed")
        );
        return closed.Value with { History = history, Stage = history.View(policies.Lifecycle, close.At).Stage! };
    }

    /// <summary>
    /// Looks at what is known: the score, the stage that follows, and what follows from an exit. The same file: nothing has changed.
    /// </summary>
    public static LeadFile Look(LeadFile file, LeadLook look, LeadPolicies policies, DateTimeOffset at)
    {
        FactSet facts = FactsOf(file.Lead.Status, look, policies, at, out ScoreCard card);
        LifecycleHistory all = file.History.Join(look.Histories);
        LifecycleOutcome outcome = LifecycleRules.Evaluate(
            policies.Lifecycle,
            all,
            facts,
            at,
            $"{file.Lead.LeadId} {look.Cause}"
        );

        // What the rules say is written down here; what was said of doubles stays with them, so a split takes it along.
        LifecycleHistory own = outcome
            .History.Entries.Where(entry => !look.Histories.Entries.Contains(entry))
            .Aggregate(LifecycleHistory.Empty, (history, entry) => history.Add(entry));
        string stage = outcome.History.View(policies.Lifecycle, at).Stage!;
        LeadFile looked = file with
        {
            CustomerId = look.CustomerId,
            History = own.Entries.SequenceEqual(file.History.Entries) ? file.History : own,
            Stage = stage,
            Score = card.Points,
            Tier = card.Tier,
            ScoreCard = TextOf(card),
            ChangesAt = Condition.Earlier(
                outcome.NextChange,
                ScoringRules.NextTier(policies.Scoring, look.Contributions, facts, at)
            ),
        };
        if (looked.Lead.IsOpen && CodeAtEnd(outcome, policies.Lifecycle, stage, at) is { } code)
        {
            Outcome<LeadFile> closed = Apply(looked, new LeadCommand.Close(at, "lifecycle", code), policies.Terms);
            looked = closed.Succeeded ? closed.Value : looked;
        }

        return looked == file ? file : looked;
    }

    /// <summary>
    /// Whether a person begins a lead: who is looked at as one and has none; and who has left the path, and is led into it again by what
    /// is known now.
    /// </summary>
    /// <param name="look">With the histories of all leads that the person has.</param>
    public static bool Begins(LeadLook look, LeadPolicies policies, DateTimeOffset at)
    {
        if (policies.Lifecycle.Begins?.Evaluate(look.Facts, at) != Truth.True)
        {
            return false;
        }

        if (look.Histories.Entries.IsEmpty)
        {
            return true;
        }

        FactSet facts = FactsOf(handoff: LeadStatus.Closed, look, policies, at, out _);
        LifecycleOutcome outcome = LifecycleRules.Evaluate(policies.Lifecycle, look.Histories, facts, at, look.Cause);
        return !outcome.Steps.IsEmpty
            && outcome.History.View(policies.Lifecycle, at).Stage is { } stage
            && policies.Lifecycle.PlaceOf(stage) >= 0
            && look.Histories.View(policies.Lifecycle, at) is { Stage: { } before, Entry: var exit }
            && policies.Lifecycle.Exits.ContainsKey(before)
            // What was known when sales took the lead out does not bring it back: the person has to do something.
            && !(exit is { Source: StageSource.Person } && look.Facts["lastActivityAt"].Instant <= exit.At);
    }

    /// <summary>
    /// The identifier with which a lead goes when its customer is split: the address by which the person is written to, where there is
    /// one.
    /// </summary>
    public static Identifier AnchorOf(ProfileView person) =>
        person.Identifiers.Select(one => one.Identifier).FirstOrDefault(one => one.Type == CrmIdentifiers.Email)
            is { Type: not null } email
            ? email
            : person.Identifiers[0].Identifier;

    /// <summary>What it needs. Until it comes into a stage in which leads are given to sales it needs nobody.</summary>
    public static LeadNeed NeedOf(LeadFile file, LeadPolicies policies, DateTimeOffset at) =>
        file.Lead.Status == LeadStatus.New && !policies.Lifecycle.Routed.Contains(file.Stage)
            ? new LeadNeed(LeadNeedKind.Nothing)
            : LeadNeed.Of(file.Lead, policies.Terms, at);

    /// <summary>The facts by which it is routed.</summary>
    public static FactSet RoutingFactsOf(LeadFile file, LeadLook look, LeadPolicies policies, DateTimeOffset at) =>
        FactsOf(file.Lead.Status, look, policies, at, out _).With("stage", FactValue.Of(file.Stage));

    /// <summary>
    /// It is about to be brought to somebody, and says so first: whoever goes on after a crash knows where it may have a place. Where it
    /// was on its way to before and now is not, is told.
    /// </summary>
    public static LeadFile Plan(LeadFile file, LeadHold plan) =>
        file.Plan == plan ? file : file with { Plan = plan, Debts = file.Debts.AddRange(DebtsOf(file.Plan, plan)) };

    /// <summary>It is on its way to nobody any more.</summary>
    public static LeadFile WithoutPlan(LeadFile file) =>
        file.Plan is null
            ? file
            : file with
            {
                Plan = null,
                Debts = file.Debts.AddRange(DebtsOf(file.Plan, next: null)),
            };

    /// <summary>
    /// Its person is erased: nothing is left of it but its id, and what others have to be told, who have the id and nothing of the person.
    /// </summary>
    public static LeadFile Erase(LeadFile file)
    {
        if (file.IsErased)
        {
            return file;
        }

        LeadState lead = file.Lead;
        LeadFile left = WithoutPlan(Settle(file with { Lead = lead with { Status = LeadStatus.Closed } }));
        return new LeadFile(new LeadState(lead.LeadId, lead.Lifecycle, lead.CreatedAt) { Status = LeadStatus.Closed })
        {
            IsErased = true,
            Debts = left.Debts,
        };
    }

    /// <summary>What was known of the person at the last decision, without who of the company has what; null: none was made.</summary>
    public static FactSet? KnownOf(LeadFile file)
    {
        if (file.Decision is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(file.Decision);
        string[] owners = [RoutingFacts.AccountOwner, RoutingFacts.OpportunityOwner, RoutingFacts.DuplicateOwner];
        return FactJson.ReadSet(document.RootElement.GetProperty("facts"u8)) is { } facts
            ? new FactSet(facts.Values.Where(fact => !owners.Contains(fact.Key, StringComparer.Ordinal)))
            : null;
    }

    /// <summary>What says nothing of a person: ids, stages and times.</summary>
    public static LeadFile WithoutPerson(LeadFile file) => file with { Anchor = "", Decision = null, ScoreCard = null };

    /// <summary>What it was decided by is forgotten, since somebody is mentioned in it who is erased.</summary>
    public static LeadFile Forget(LeadFile file) => file.Decision is null ? file : file with { Decision = null };

    /// <summary>It has got to where it was brought: the place is its own, and the person is asked.</summary>
    public static Outcome<LeadFile> Arrive(
        LeadFile file,
        LeadHold place,
        RoutingDecision decision,
        string decisionText,
        LeadTerms terms
    )
    {
        LeadFile arrived = file with
        {
            Plan = null,
            Place = place,
            Decision = decisionText,
            // Whoever was late had it until now.
            Debts =
                file.Place is { } former && former.Attempt != place.Attempt
                    ? file.Debts.AddRange(DebtsOf(former))
                    : file.Debts,
        };
        return Apply(
            arrived,
            new LeadCommand.Offer(
                decision.At,
                "routing",
                place.Attempt,
                place.PersonId!,
                decision.Rule?.Name ?? "",
                decision.Sla
            ),
            terms
        );
    }

    /// <summary>What was decided, with all that it was decided by.</summary>
    public static string DecisionText(RoutingDecision decision, int attempt, string policyVersion, string teamVersion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("attempt"u8, attempt);
            writer.WriteString("at"u8, Rfc3339.Text(decision.At));
            writer.WriteString("policyVersion"u8, policyVersion);
            writer.WriteString("teamVersion"u8, teamVersion);
            writer.WritePropertyName("facts"u8);
            FactJson.Write(writer, decision.Facts);
            writer.WritePropertyName("decision"u8);
            decision.Trace().WriteJson(writer);
            writer.WriteEndObject();
        }

        return s_utf8.GetString(buffer.WrittenSpan);
    }

    /// <summary>When somebody has to look again; null: never, since it is closed.</summary>
    public static DateTimeOffset? NextLook(LeadFile file, LeadPolicies policies, DateTimeOffset at)
    {
        if (file.IsErased || file.Lead.Status == LeadStatus.Closed)
        {
            return null;
        }

        // A split that nobody told of is found in a day at the latest.
        DateTimeOffset? next = Condition.Earlier(at.AddDays(1), file.ChangesAt);
        return NeedOf(file, policies, at) switch
        {
            { Kind: LeadNeedKind.Wait, Until: { } until } => Condition.Earlier(next, until),
            { Kind: LeadNeedKind.Nothing or LeadNeedKind.Wait } => next,
            _ => at,
        };
    }

    /// <summary>
    /// Makes its place what its state asks for: who has it has a place, whoever had it has none, and a turn is given back unless it was
    /// taken.
    /// </summary>
    private static LeadFile Settle(LeadFile file)
    {
        LeadState lead = file.Lead;
        if (
            !lead.IsOpen
            || lead.Status is not (LeadStatus.New or LeadStatus.Held or LeadStatus.Rejected or LeadStatus.TimedOut)
        )
        {
            // It was on its way to somebody when somebody else decided.
            file = WithoutPlan(file);
        }

        LeadHold? wanted =
            lead.IsOpen && lead.OwnerId is { } owner ? new LeadHold(lead.Present!.Attempt, Pool: null, owner) : null;
        ImmutableArray<LeadDebt> debts = file.Debts;
        LeadHold? place = file.Place;
        if (place is not null && (wanted is null || wanted.Attempt != place.Attempt))
        {
            debts = debts.AddRange(DebtsOf(place));
            place = null;
        }

        if (wanted is not null && place is null)
        {
            debts = debts.Add(new LeadDebt(LeadDebtKind.Place, wanted.PersonId!, wanted.Attempt));
            place = wanted;
        }

        if (lead.Status == LeadStatus.Accepted && place?.Pool is { } dealer)
        {
            debts = debts.Add(new LeadDebt(LeadDebtKind.SettleTurn, dealer, place.Attempt));
            place = place with { Pool = null };
        }

        return file with
        {
            Place = place,
            Debts = debts,
        };
    }

    /// <summary>With what code it closes, by the stage that it has come to; null: it does not.</summary>
    private static string? CodeAtEnd(
        LifecycleOutcome outcome,
        LifecyclePolicy lifecycle,
        string stage,
        DateTimeOffset at
    ) =>
        stage == lifecycle.Stages[^1] ? WonCode
        : lifecycle.Exits.TryGetValue(stage, out ImmutableArray<string> codes)
            ? outcome.History.View(lifecycle, at).Entry?.Code ?? codes[0]
        : null;

    private static IEnumerable<LeadDebt> DebtsOf(LeadHold place)
    {
        yield return new LeadDebt(LeadDebtKind.Release, place.PersonId!, place.Attempt);
        if (place.Pool is { } pool)
        {
            yield return new LeadDebt(LeadDebtKind.ReturnTurn, pool, place.Attempt);
        }
    }

    private static IEnumerable<LeadDebt> DebtsOf(LeadHold? former, LeadHold? next)
    {
        if (former is null || (former.Attempt == next?.Attempt && former.Pool == next.Pool && former.Pool is not null))
        {
            yield break;
        }

        // The pool knows to whom it dealt the turn, and whoever carries this out tells that person.
        yield return former.Pool is { } pool
            ? new LeadDebt(LeadDebtKind.ReturnTurn, pool, former.Attempt)
            : new LeadDebt(LeadDebtKind.Release, former.PersonId!, former.Attempt);
    }

    private static ImmutableArray<LeadEvent> Latest(ImmutableArray<LeadEvent> events) =>
        events.Length <= LeadFile.EventsMax ? events : events[^LeadFile.EventsMax..];

    private static FactSet FactsOf(
        LeadStatus handoff,
        LeadLook look,
        LeadPolicies policies,
        DateTimeOffset at,
        out ScoreCard card
    )
    {
        FactSet facts = look.Facts.With("handoff", FactValue.Of(WordOf(handoff)));
        card = ScoringRules.Score(policies.Scoring, look.Contributions, facts, at);
        var scored = new Dictionary<string, FactValue>(facts.Values, StringComparer.Ordinal)
        {
            ["score"] = FactValue.Of(card.Points),
        };
        if (card.Tier is { } tier)
        {
            scored["tier"] = FactValue.Of(tier);
        }

        foreach (ScoreGroupSum group in card.Groups.Where(group => group.Group is "fit" or "intent"))
        {
            scored[group.Group] = FactValue.Of(group.Points);
        }

        return new FactSet(scored);
    }

    /// <summary>As policies and answers call it: <c>timedOut</c>.</summary>
    public static string WordOf(LeadStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static string TextOf(ScoreCard card)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("points"u8, card.Points);
            if (card.Tier is { } tier)
            {
                writer.WriteString("tier"u8, tier);
            }

            writer.WriteStartObject("groups"u8);
            foreach (ScoreGroupSum group in card.Groups)
            {
                writer.WriteNumber(group.Group, group.Points);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("lines"u8);
            foreach (ScoreLine line in card.Lines)
            {
                writer.WriteStartObject();
                writer.WriteString("rule"u8, line.Rule);
                writer.WriteString("group"u8, line.Group);
                if (line.At is { } time)
                {
                    writer.WriteString("at"u8, Rfc3339.Text(time));
                    writer.WriteString("message"u8, line.Cause);
                }

                writer.WriteNumber("given"u8, line.Given);
                writer.WriteNumber("left"u8, line.Left);
                if (line.Because != ScoreObjection.None)
                {
                    writer.WriteString("because"u8, JsonNamingPolicy.CamelCase.ConvertName(line.Because.ToString()));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return s_utf8.GetString(buffer.WrittenSpan);
    }
}
