using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Identity;

/// <summary>In any graph, no decision brings together what a separation or a limit keeps apart.</summary>
public sealed class SeparationProperties
{
    private const int Names = 10;
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1_000);
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_types = ["user_id", "email", "anonymous_id"];
    private static readonly Identifier[] s_names =
    [
        .. Enumerable.Range(0, Names).Select(n => Identifier.Create(s_types[n % s_types.Length], $"n{n}")),
    ];

    /// <summary>A random graph that a seed describes; a failure names the seed.</summary>
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Decide_OfAnyGraph_BringsNothingTogetherThatIsKeptApart() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    Graph graph = Graph.Random(seed);
                    IdentityDecision decision = IdentityDecision.Decide(graph.Message, s_now, graph.Rules);
                    CustomerFacts[] together = OwnersIn(graph, decision);
                    Identifier[] union =
                    [
                        .. together
                            .SelectMany(owner => owner.Held)
                            .Select(held => held.Identifier)
                            .Union(decision.Identifiers),
                    ];
                    return !together.SelectMany(owner => owner.Separations).Any(one => Joins(one, union))
                        && graph.Rules.Identifiers.All(rule => IsKept(rule, together, union));
                }
            )
            .Check(s_many);

    [Fact]
    public void Decide_OfAnyGraph_LeavesOutIdentifiersButNeverTheAnchor() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    Graph graph = Graph.Random(seed);
                    IdentityDecision decision = IdentityDecision.Decide(graph.Message, s_now, graph.Rules);
                    Identifier[] all = [.. graph.Message.Select(one => one.Identifier)];
                    Identifier[] leftOut = [.. decision.Demoted.Select(demoted => demoted.Identifier)];
                    string? home = graph.Message[0].Owner?.CustomerId;
                    return decision.Identifiers[0] == all[0]
                        && decision.Identifiers.SequenceEqual(all.Except(leftOut))
                        && leftOut.Distinct().Count() == leftOut.Length
                        // What the anchor's own customer holds already is never in the way of a separation.
                        && decision
                            .Demoted.Where(demoted => demoted.Reason == DemotionReason.Separation)
                            .All(demoted => home is null || graph.OwnerOf(demoted.Identifier)?.CustomerId != home);
                }
            )
            .Check(s_many);

    [Fact]
    public void Decide_OfAnyGraph_MergesIntoTheOldest() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    Graph graph = Graph.Random(seed);
                    IdentityDecision decision = IdentityDecision.Decide(graph.Message, s_now, graph.Rules);
                    string[] owners =
                    [
                        .. OwnersIn(graph, decision).Select(owner => owner.CustomerId).Order(StringComparer.Ordinal),
                    ];
                    return decision switch
                    {
                        IdentityDecision.Create => owners.Length == 0,
                        IdentityDecision.Link link => owners is [var only] && only == link.CustomerId,
                        IdentityDecision.Merge merge => merge.Oldest == owners[0]
                            && merge.Younger.SequenceEqual(owners.Skip(1).Reverse()),
                        _ => false,
                    };
                }
            )
            .Check(s_many);

    /// <summary>
    /// Each customer keeps only the separations about what it holds. That is enough: after any merges and splits the two
    /// sides of every separation ever made are known to be apart wherever they meet.
    /// </summary>
    [Fact]
    public void Separations_AfterAnyMergesAndSplits_AreKnownWhereverTheirSidesMeet() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    List<CustomerFacts> customers = [Facts(0, s_names, [])];
                    List<Separation> ever = [];
                    for (int step = 1; step <= 12; step++)
                    {
                        if (random.Next(2) == 0)
                        {
                            Split(random, customers, ever, step);
                        }
                        else if (!MergeIfAllowed(random, customers, ever, step))
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .Check(s_many);

    private static void Split(Random random, List<CustomerFacts> customers, List<Separation> ever, int step)
    {
        CustomerFacts customer = customers[random.Next(customers.Count)];
        Identifier[] held = [.. customer.Held.Select(one => one.Identifier)];
        Identifier[] leaving = [.. held.Where(_ => random.Next(2) == 0)];
        if (leaving.Length == 0 || leaving.Length == held.Length)
        {
            return;
        }

        Identifier[] staying = [.. held.Except(leaving)];
        var separation = new Separation($"s_{step:00}", [.. leaving], [.. staying]);
        ever.Add(separation);
        ImmutableArray<Separation> all = [.. customer.Separations, separation];
        customers.Remove(customer);
        customers.Add(Facts(step * 2, leaving, Separations.About(all, leaving)));
        customers.Add(Facts((step * 2) + 1, staying, Separations.About(all, staying)));
    }

    /// <summary>False where the customers' own separations say another thing than all that were ever made.</summary>
    private static bool MergeIfAllowed(Random random, List<CustomerFacts> customers, List<Separation> ever, int step)
    {
        CustomerFacts one = customers[random.Next(customers.Count)];
        CustomerFacts other = customers[random.Next(customers.Count)];
        if (ReferenceEquals(one, other))
        {
            return true;
        }

        HashSet<Identifier> union = [.. one.Held.Concat(other.Held).Select(held => held.Identifier)];
        bool isForbidden = ever.Any(made => Joins(made, union));
        JoinObjection? objection = JoinCheck.OfMerge(one, other, [], s_now, IdentityRules.Default, asksLimits: false);
        if (objection?.Obstacle == JoinObstacle.Separation != isForbidden)
        {
            return false;
        }

        if (!isForbidden)
        {
            customers.Remove(one);
            customers.Remove(other);
            customers.Add(Facts(step * 2, [.. union], Separations.Union(one.Separations, other.Separations)));
        }

        return true;
    }

    private static bool Joins(Separation separation, IReadOnlyCollection<Identifier> union) =>
        separation.One.Any(union.Contains) && separation.Other.Any(union.Contains);

    /// <summary>Within the limit, or nobody's number has risen.</summary>
    private static bool IsKept(IdentifierRule rule, CustomerFacts[] together, Identifier[] union)
    {
        int most = together
            .Select(owner => owner.Held.Count(held => held.Identifier.Type == rule.Type))
            .Append(0)
            .Max();
        int count = union.Count(one => one.Type == rule.Type);
        return count <= rule.Limit || count == most;
    }

    private static CustomerFacts[] OwnersIn(Graph graph, IdentityDecision decision) =>
        [.. decision.Identifiers.Select(graph.OwnerOf).OfType<CustomerFacts>().DistinctBy(owner => owner.CustomerId)];

    private static CustomerFacts Facts(int age, IEnumerable<Identifier> held, ImmutableArray<Separation> separations) =>
        new(CustomerId.From(s_now, 0, age), [.. held.Select(one => new HeldIdentifier(one, s_now))])
        {
            Separations = separations,
        };

    /// <summary>Customers, what is kept apart, the rules, and a message of some of the identifiers.</summary>
    private sealed record Graph(ImmutableArray<OwnedIdentifier> Message, IdentityRules Rules)
    {
        public CustomerFacts? OwnerOf(Identifier identifier) =>
            Message.First(one => one.Identifier == identifier).Owner;

        public static Graph Random(int seed)
        {
            var random = new Random(seed);
            // Identifiers with the number 0 belong to nobody.
            int[] owners = [.. s_names.Select(_ => random.Next(5))];
            Separation[] separations =
            [
                .. Enumerable
                    .Range(0, random.Next(4))
                    .Select(number => Separation(random, number))
                    .Where(made =>
                        !Enumerable
                            .Range(1, 4)
                            .Any(owner => IsHeld(made.One, owners, owner) && IsHeld(made.Other, owners, owner))
                    ),
            ];
            CustomerFacts[] customers =
            [
                .. Enumerable.Range(0, 5).Select(owner => FactsOf(owner, owners, separations)),
            ];
            int[] carried = [.. Enumerable.Range(0, Names).Where(_ => random.Next(2) == 0)];
            carried = carried.Length == 0 ? [0] : carried;
            random.Shuffle(carried);
            return new Graph(
                [
                    .. carried.Select(number => new OwnedIdentifier(
                        s_names[number],
                        owners[number] == 0 ? null : customers[owners[number]]
                    )),
                ],
                new IdentityRules(
                    s_types.Select(
                        (type, index) =>
                            new IdentifierRule(
                                type,
                                index + 1,
                                random.Next(1, 4),
                                LimitWindow.Ever,
                                Normalisation.Exact
                            )
                    ),
                    "US"
                )
            );
        }

        private static CustomerFacts FactsOf(int owner, int[] owners, Separation[] separations)
        {
            Identifier[] held = [.. s_names.Where((_, number) => owners[number] == owner)];
            return Facts(owner, held, Separations.About([.. separations], held));
        }

        private static bool IsHeld(ImmutableArray<Identifier> side, int[] owners, int owner) =>
            side.Any(one => owners[Array.IndexOf(s_names, one)] == owner);

        private static Separation Separation(Random random, int number)
        {
            int[] sides = [.. s_names.Select(_ => random.Next(4))];
            return new Separation(
                $"s_{number}",
                [.. s_names.Where((_, index) => sides[index] == 0)],
                [.. s_names.Where((_, index) => sides[index] == 1)]
            );
        }
    }
}
