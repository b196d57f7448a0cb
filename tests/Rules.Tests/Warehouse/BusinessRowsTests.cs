using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Tests.Conditions;
using Customer360.Rules.Tests.Contracts;
using Customer360.Rules.Warehouse;
using static Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Warehouse;

/// <summary>Rows of leads, companies and policies: what a role sees of them.</summary>
public sealed class BusinessRowsTests
{
    private const string Decision = """
        {"attempt":2,"at":"2026-11-27T09:00:00.000Z","policyVersion":"p-2","teamVersion":"t-1","facts":{"source":"demo","email":"jane@acme.example"},
         "decision":{"outcome":"assigned","person":"bob","pool":"emea","rule":"demos","answers":[],"rules":[
           {"rule":"demos","outcome":"fired","if":{"form":"equals","outcome":"true","fact":"email","wanted":["x"],"actual":"jane@acme.example"}}]}}
        """;

    private static readonly DateTimeOffset s_at = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    private static readonly LeadFile s_lead = new(
        new LeadState("l_1", "sales", s_at)
        {
            Status = LeadStatus.Accepted,
            Handoffs =
            [
                new Handoff(1, "ann", "small", s_at.AddMinutes(1), "routing")
                {
                    Status = HandoffStatus.Rejected,
                    EndedAt = s_at.AddMinutes(30),
                    Code = "no_budget",
                    Used = TimeSpan.FromMinutes(29),
                },
                new Handoff(2, "bob", "demos", s_at.AddMinutes(60), "routing")
                {
                    Status = HandoffStatus.Accepted,
                    EndedAt = s_at.AddMinutes(90),
                },
            ],
        }
    )
    {
        CustomerId = "c_1",
        Stage = "mql",
        Score = 64.6m,
        Decision = Decision,
        History = LifecycleHistory
            .Empty.Add(new StageEntry("mql", s_at, StageSource.Rule, "qualifies", null, "a"))
            .Add(new StageEntry("lead", s_at.AddMinutes(1), StageSource.Crm, "hubspot", null, "b")),
    };

    [Fact]
    public void Lead_ForWhoSeesAll_HasItsTimesAndWhoWasGivenItByWhat()
    {
        (MirrorRows leads, MirrorRows stages, MirrorRows decisions) = Rows(s_lead, VisibleFields.Everything);

        Assert.Equal(
            "l_1|c_1|sales|mql|accepted|True|bob||demo|65||08:00|08:01|08:30|09:30|2|||",
            Assert.Single(Texts(leads))
        );
        // Back from mql to lead is not forward.
        Assert.Equal(["l_1|mql|08:00|rule|qualifies||True", "l_1|lead|08:01|crm|hubspot||False"], Texts(stages));
        Assert.Equal(
            [
                "l_1|1|08:01|routing|assigned|ann|||small|||rejected|08:30|no_budget|1740|False||",
                "l_1|2|09:00|routing|assigned|bob|emea||demos|p-2|t-1|accepted|09:30||0|False|{…}|{…}",
            ],
            Texts(decisions)
        );
    }

    [Fact]
    public void Lead_InAQueue_HasTheDecisionThatBroughtItThere()
    {
        LeadFile queued = s_lead with
        {
            Lead = new LeadState("l_1", "sales", s_at) { Status = LeadStatus.Queued, Queue = "triage" },
            Decision = Decision
                .Replace("\"attempt\":2", "\"attempt\":1", StringComparison.Ordinal)
                .Replace(
                    "\"outcome\":\"assigned\",\"person\":\"bob\",\"pool\":\"emea\",\"rule\":\"demos\"",
                    "\"outcome\":\"queued\",\"queue\":\"triage\"",
                    StringComparison.Ordinal
                ),
        };

        (_, _, MirrorRows decisions) = Rows(queued, VisibleFields.Everything);

        Assert.Equal(["l_1|1|09:00|routing|queued|||triage||p-2|t-1||||||{…}|{…}"], Texts(decisions));
    }

    [Fact]
    public void Decisions_ForWhoIsNotToldOfOthersLeads_AreNone_AndWithoutWhatTheRoleDoesNotSee()
    {
        (MirrorRows leads, _, MirrorRows none) = Rows(s_lead, Fields("leadSource source", FieldSets.Companies));
        (_, _, MirrorRows some) = Rows(s_lead, Fields("leadSource source", FieldSets.Companies | FieldSets.AllLeads));
        (MirrorRows blind, _, _) = Rows(s_lead, Fields("plan", FieldSets.Companies));

        Assert.Equal(1, leads.Count);
        Assert.Equal(0, none.Count);
        string facts = some.Column(16)[1].Text!;
        Assert.Contains("demo", facts, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", facts + some.Column(17)[1].Text, StringComparison.Ordinal);
        Assert.True(blind.Column(8)[0].IsMissing);
    }

    [Fact]
    public void Lead_ThatIsErased_OrOfWhomNothingIsSeen_IsNotThere()
    {
        Assert.Equal(0, Rows(LeadFileRules.Erase(s_lead), VisibleFields.Everything).Leads.Count);
        Assert.Equal(0, Rows(s_lead, new VisibleFields(FieldSets.None, FieldSets.None)).Leads.Count);
    }

    [Fact]
    public void Account_ForARole_HasTheFieldsThatItSees_AndDealsWhereThoseAreAmongThem()
    {
        AccountFold fold = AccountFold.Empty.Apply(
            Logged.Message(
                """
                {"type":"group","messageId":"m","userId":"boss","groupId":"acme",
                 "traits":{"domain":"acme.example","name":"Acme","ownerId":"ann","revenue":7}}
                """
            ),
            new LogPlace(0, 1)
        ) with
        {
            Opportunities =
            [
                Deal(
                    "d-1",
                    new OpportunityFacts
                    {
                        Stage = "won",
                        AmountText = "10.5",
                        Currency = "EUR",
                        IsClosed = true,
                        IsWon = true,
                    }
                ),
                Deal("d-2", new OpportunityFacts { Stage = "new", AmountText = "9" }),
                Deal("d-3", new OpportunityFacts { IsDeleted = true }),
            ],
        };

        (string[] all, string[] deals) = Rows(fold, VisibleFields.Everything);
        (string[] some, string[] noDeals) = Rows(fold, Fields("company.name company.domains", FieldSets.Companies));
        (string[] nothing, _) = Rows(fold, Fields("company.name", FieldSets.Accounts));

        Assert.Equal(["acme|parent|Acme|[\"acme.example\"]|ann||{…}|1|False"], all);
        Assert.Equal(["acme|crm|d-1||won|won|1050|EUR||||08:00", "acme|crm|d-2||open|new|||9|||08:00"], deals);
        Assert.Equal(["acme|parent|Acme|[\"acme.example\"]|||{…}||False"], some);
        Assert.Empty(noDeals);
        Assert.Empty(nothing);
    }

    [Fact]
    public void Policy_IsInForceUntilTheNextOne()
    {
        var first = new PolicyEntry(1, "v1", "", s_at, "file", PolicyAction.File, "built-in");
        var second = new PolicyEntry(2, "v2", "", s_at.AddHours(1), "ops", PolicyAction.RollBack, "v1")
        {
            RollBackTo = 0,
        };
        var rows = new MirrorRows(PolicyRows.Table);

        PolicyRows.Add(rows, "routing", second, next: null);
        PolicyRows.Add(rows, "routing", first, second);

        Assert.Equal(
            ["routing|2|v2|09:00||rollBack|ops||v1|0", "routing|1|v1|08:00|09:00|file|file||built-in|"],
            Texts(rows)
        );
    }

    [Fact]
    public void Tables_HaveNamesAndColumnsOfTheirOwn_AndKeysThatAreColumns()
    {
        Assert.Equal(MirrorTables.All.Length, MirrorTables.All.Select(table => table.Name).Distinct().Count());
        Assert.All(
            MirrorTables.All,
            table =>
            {
                string[] columns = [.. table.Columns.Select(column => column.Name)];
                Assert.Equal(columns.Length, columns.Distinct().Count());
                Assert.Empty(table.Key.Except(columns));
                Assert.True(table.LoadedAt is null || columns.Contains(table.LoadedAt));
            }
        );
    }

    private static (MirrorRows Leads, MirrorRows Stages, MirrorRows Decisions) Rows(LeadFile file, VisibleFields fields)
    {
        (MirrorRows leads, MirrorRows stages, MirrorRows decisions) = (
            new MirrorRows(SalesRows.Leads),
            new MirrorRows(SalesRows.Stages),
            new MirrorRows(SalesRows.Decisions)
        );
        SalesRows.Add(leads, stages, decisions, file, Lifecycle(), Scoring(), fields);
        return (leads, stages, decisions);
    }

    private static (string[] Accounts, string[] Deals) Rows(AccountFold fold, VisibleFields fields)
    {
        (MirrorRows accounts, MirrorRows deals) = (
            new MirrorRows(AccountRows.Accounts),
            new MirrorRows(AccountRows.Opportunities)
        );
        AccountRows.Add(accounts, deals, "acme", "parent", fold, MastershipPolicy.Latest, fields);
        return ([.. Texts(accounts)], [.. Texts(deals)]);
    }

    /// <summary>A line for each row; of times the hours, of objects that there is one.</summary>
    private static IEnumerable<string> Texts(MirrorRows rows) =>
        Enumerable
            .Range(0, rows.Count)
            .Select(row =>
                string.Join('|', rows.Table.Columns.Select((_, column) => TextOf(rows.Column(column)[row])))
            );

    private static string TextOf(MirrorValue value) =>
        value.Time is { } time ? time.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)
        : value.Text is { } text ? (text.StartsWith('{') ? "{…}" : text)
        : value.Number is { } number ? $"{number}"
        : value.Flag is { } flag ? $"{flag}"
        : "";

    private static VisibleFields Fields(string publicFields, FieldSets sees) =>
        Tables(Of($"public: {publicFields}", ("desk", Role("public=allow", sees))))
            .Decide(RoleSet.Of(Rules.Access.Roles.None, ["desk"], []), Purpose.Unstated)
            .Value!.Fields;

    private static Opportunity Deal(string id, OpportunityFacts facts) =>
        new("crm", id, s_at, new Arrival(s_at, new LogPlace(0, 1)), facts);

    private static LifecyclePolicy Lifecycle() =>
        new([.. (string[])["lead", "mql"]], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty, [], []);

    private static ScoringPolicy Scoring() =>
        new ScoringPolicyKind().ReadFile("groups: {fit: {max: 100}}\nrules: []\n", SmallYaml.Instance).Body!.Base;
}
