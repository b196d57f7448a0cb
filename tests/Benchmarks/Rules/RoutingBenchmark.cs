using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Customer360.Rules.Conditions;
using Customer360.Rules.Routing;
using Customer360.Silo.Policies;

namespace Customer360.Benchmarks.Rules;

/// <summary>
/// The decision who gets a lead, on one thread, by the rules of a company of sixty territories; and how far from their shares the people
/// of a pool ever are.
/// </summary>
internal static class RoutingBenchmark
{
    private const int RuleCount = 200;
    private const int LeadCount = 4_096;
    private const int PoolLeads = 100_000;
    private const int PoolPeople = 40;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);
    private static readonly string[] s_sources = ["demo", "web", "webinar", "ads", "partner"];
    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        var random = new Random(14);
        Decide("the first rule that counts, by 200 rules", Policy(random, RuleCount), random);
        Decide("the same by ten rules", Policy(random, 10), random);
        Deal(random);
    }

    private static void Decide(string what, RoutingPolicy policy, Random random)
    {
        var team = new TeamState(
            new SalesTeam([.. Enumerable.Range(0, PoolPeople).Select(Person)]),
            new Dictionary<string, int>(StringComparer.Ordinal)
        );
        FactSet[] leads = [.. Enumerable.Range(0, LeadCount).Select(_ => Lead(random))];
        var pools = new Dictionary<string, PoolLedger>(StringComparer.Ordinal);
        int assigned = 0;
        Round(leads.Length * 8);
        assigned = 0;
        long start = Stopwatch.GetTimestamp();
        long decided = 0;
        while (Stopwatch.GetElapsedTime(start) < s_time)
        {
            Round(leads.Length);
            decided += leads.Length;
        }

        double perSecond = decided / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Report.Line(
            $"decision on a lead: {what}",
            string.Create(CultureInfo.InvariantCulture, $"{perSecond:N0}/s on one thread"),
            string.Create(CultureInfo.InvariantCulture, $"{100.0 * assigned / decided:N0} % went to a person"),
            "",
            "200,000/s"
        );

        void Round(int count)
        {
            for (int number = 0; number < count; number++)
            {
                RoutingDecision decision = Router.Decide(policy, leads[number % leads.Length], team, pools, s_noon);
                assigned += decision.PersonId is null ? 0 : 1;
            }
        }
    }

    /// <summary>Counted apart from the ledger: how many turns each person is from the share after each lead.</summary>
    private static void Deal(Random random)
    {
        ImmutableArray<PoolShare> people =
        [
            .. Enumerable.Range(0, PoolPeople).Select(number => new PoolShare(Name(number), random.Next(1, 38))),
        ];
        long weight = people.Sum(one => one.Weight);
        var got = people.ToDictionary(one => one.PersonId, _ => 0L, StringComparer.Ordinal);
        PoolLedger ledger = PoolLedger.Empty;
        double furthest = 0;
        long start = Stopwatch.GetTimestamp();
        for (int lead = 1; lead <= PoolLeads; lead++)
        {
            string id = lead.ToString(CultureInfo.InvariantCulture);
            (PoolLedger dealt, PoolTurn turn, _) = ledger.Take(id, people, isWhole: true);
            ledger = dealt.Settle(id);
            got[turn.PersonId]++;
            foreach (PoolShare one in people)
            {
                double share = (double)one.Weight / weight * lead;
                furthest = Math.Max(furthest, Math.Abs(share - got[one.PersonId]));
            }
        }

        Report.Line(
            "100,000 leads through one pool of 40 unequal people",
            string.Create(CultureInfo.InvariantCulture, $"never further than {furthest:N3} turns from the share"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{PoolLeads / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} turns/s"
            ),
            "",
            "every prefix within one turn"
        );
    }

    private static RoutingPolicy Policy(Random random, int rules)
    {
        var text = new StringBuilder("owner: {team: ops, contact: ops}\nqueues: [triage]\npools:\n");
        for (int pool = 0; pool < 5; pool++)
        {
            IEnumerable<string> members = Enumerable.Range(0, 8).Select(one => Name((pool * 8) + one));
            text.Append(CultureInfo.InvariantCulture, $"  pool{pool}: {{members: [{string.Join(", ", members)}]}}\n");
        }

        text.Append("answers: {otherwise: {queue: triage}}\nsla: {minutes: 480}\nrules:\n");
        for (int rule = 0; rule < rules; rule++)
        {
            string territory = $"t{random.Next(60)}";
            string source = s_sources[random.Next(s_sources.Length)];
            int score = random.Next(1, 80);
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                  - name: rule-{{rule}}
                    if: {all: [{fact: territory, equals: {{territory}}}, {fact: source, in: [demo, {{source}}]}, {fact: score, atLeast: {{score}}}]}
                    then: {pool: pool{{random.Next(5)}}}
                    examples: [{facts: {territory: elsewhere}, fires: false}]

                """
            );
        }

        var reading = PolicyServices.KnownKinds().Read<RoutingPolicy>(text.ToString());
        return reading.IsValid
            ? reading.Body!.Base
            : throw new InvalidOperationException(string.Join('\n', reading.Faults.Take(5)));
    }

    private static FactSet Lead(Random random) =>
        new(
            new Dictionary<string, FactValue>(StringComparer.Ordinal)
            {
                ["territory"] = FactValue.Of($"t{random.Next(60)}"),
                ["source"] = FactValue.Of(s_sources[random.Next(s_sources.Length)]),
                ["score"] = FactValue.Of(random.Next(100)),
                ["productInterest"] = FactValue.OfTexts("grid", "api"),
                ["segment"] = FactValue.Of("mid"),
            }.Where(_ => random.Next(8) > 0)
        );

    private static SalesPerson Person(int number) =>
        new(Name(number), WorkingCalendar.Always)
        {
            Territories = Enumerable.Range(0, 60).Select(one => $"t{one}").ToFrozenSet(StringComparer.Ordinal),
        };

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"p{number:000}");
}
