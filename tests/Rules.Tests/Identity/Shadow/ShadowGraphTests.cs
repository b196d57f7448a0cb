using System.Collections.Immutable;
using System.Text;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Identity.Shadow;

/// <summary>The shadow graph comes to what IdentityDecision comes to, applied message by message.</summary>
public sealed class ShadowGraphTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    private static readonly IdentityRules s_rules = new(
        [
            new("user_id", 1, 1, LimitWindow.Ever, Normalisation.Exact),
            new("email", 2, 2, LimitWindow.Weekly, Normalisation.Exact),
            new("device", 3, 3, LimitWindow.Ever, Normalisation.Exact),
        ],
        "US"
    );

    /// <summary>Where limits allow nearly everything, so that trust, kind and region are what decides.</summary>
    private static readonly IdentityRules s_wideRules = new(
        [
            new("user_id", 1, 4, LimitWindow.Ever, Normalisation.Exact)
            {
                Trust = IdentifierTrust.Verified,
                CrossRegion = true,
            },
            new("email", 2, 3, LimitWindow.Ever, Normalisation.Exact),
            new("device", 3, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Device },
            new("household", 4, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Account },
        ],
        "US",
        regions: new Regions("us", ["us", "eu"], new Dictionary<string, string>())
    );

    private static readonly Gen<Step[]> s_wideRuns = (
        from values in Gen.Choose(0, 11).NonEmptyListOf()
        from household in Gen.Choose(0, 5)
        from region in Gen.Elements("us", "eu")
        from isClaimed in Gen.Elements(true, false)
        select new Step(
            [
                .. values
                    .Take(4)
                    .Select(ValueOf)
                    .Concat(household < 2 ? [Identifier.Create("household", $"{household}")] : [])
                    .Select(one => Identifier.Create(s_wideRules.TypeIn(one.Type, region), one.Value))
                    .Distinct()
                    .OrderBy(one => s_wideRules.Find(one.Type)!.Priority),
            ],
            0,
            0,
            isClaimed
        )
    )
        .ListOf()
        .Select(steps => steps.ToArray());

    /// <summary>Few values, so that they meet; days between messages, so that windows end.</summary>
    private static readonly Gen<Step> s_step =
        from values in Gen.Choose(0, 11).NonEmptyListOf()
        from days in Gen.Choose(0, 4)
        from partition in Gen.Choose(0, 2)
        select new Step(
            [.. values.Take(4).Select(ValueOf).Distinct().OrderBy(one => s_rules.Find(one.Type)!.Priority)],
            days,
            partition,
            IsClaimed: false
        );

    private static readonly Gen<(Step[] Steps, Separation[] Separations)> s_runs =
        from steps in s_step.ListOf()
        from pairs in Gen.Choose(0, 11).Two().ListOf()
        select (
            steps.ToArray(),
            pairs
                .Take(2)
                .Where(pair => pair.Item1 != pair.Item2)
                .Select((pair, number) => new Separation($"s_{number}", [ValueOf(pair.Item1)], [ValueOf(pair.Item2)]))
                .ToArray()
        );

    [Fact]
    public void Add_WhenMessagesAreRandom_AgreesWithIdentityDecision() =>
        Prop.ForAll(
                s_runs.ToArbitrary(),
                run =>
                {
                    var shadow = new ShadowGraph(s_rules, run.Separations);
                    var model = new Model(s_rules, run.Separations);
                    DateTimeOffset at = s_start;
                    for (int index = 0; index < run.Steps.Length; index++)
                    {
                        Step step = run.Steps[index];
                        at = at.AddDays(step.Days).AddMilliseconds(index % 2);
                        var place = new LogPlace(step.Partition, index + 1);
                        shadow.Add(at, place, at, [.. step.Identifiers.Select(shadow.NumberOf)]);
                        model.Add(at, place, at, step.Identifiers);
                        if (Describe(shadow) != model.Describe())
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .Check(s_many);

    [Fact]
    public void Add_WhenTrustKindAndRegionDecide_AgreesWithIdentityDecision() =>
        Prop.ForAll(
                s_wideRuns.ToArbitrary(),
                steps =>
                {
                    var shadow = new ShadowGraph(s_wideRules, []);
                    var model = new Model(s_wideRules, []);
                    for (int index = 0; index < steps.Length; index++)
                    {
                        DateTimeOffset at = s_start.AddMilliseconds(index % 2);
                        var place = new LogPlace(0, index + 1);
                        int[] numbers = [.. steps[index].Identifiers.Select(shadow.NumberOf)];
                        shadow.Add(at, place, at, numbers, steps[index].IsClaimed);
                        model.Add(at, place, at, steps[index].Identifiers, steps[index].IsClaimed);
                        if (Describe(shadow) != model.Describe())
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .Check(s_many);

    [Theory]
    [InlineData("trust", "email:4", "user_id:0", "user_id:1")]
    [InlineData("device", "device:8", "email:4", "email:5")]
    public void BecauseOf_WhenAMergeIsNotVouchedFor_NamesTrustOrKind(
        string because,
        string between,
        string one,
        string other
    )
    {
        var shadow = new ShadowGraph(s_wideRules, []);
        Add(shadow, 0, Identifier.Parse(one));
        Add(shadow, 1, Identifier.Parse(other), Identifier.Parse(between));

        Add(shadow, 2, Identifier.Parse(one), Identifier.Parse(between));

        Assert.Equal(because, shadow.BecauseOf(Assert.Single(shadow.Refusals)));
        Assert.Equal(2, shadow.CustomerCount);
    }

    /// <summary>A trusted message that came meanwhile makes an address known that a claim has brought.</summary>
    [Fact]
    public void BecauseOf_WhenAPublicSourceClaimsIt_NamesTheSource()
    {
        var shadow = new ShadowGraph(s_wideRules, []);
        Claim(shadow, 0, "email:4");
        Claim(shadow, 1, "email:5");
        Add(shadow, 2, Identifier.Parse("email:4"));
        Add(shadow, 3, Identifier.Parse("email:5"));

        Claim(shadow, 4, "email:4", "email:5");

        Assert.Equal("public_source", shadow.BecauseOf(Assert.Single(shadow.Refusals)));
        Assert.Equal(2, shadow.CustomerCount);

        static void Claim(ShadowGraph shadow, int number, params string[] identifiers) =>
            shadow.Add(
                s_start.AddSeconds(number),
                new LogPlace(0, number + 1),
                s_start.AddSeconds(number),
                [.. identifiers.Select(one => shadow.NumberOf(Identifier.Parse(one)))],
                isClaimed: true
            );
    }

    [Fact]
    public void Add_WhenACustomerGrowsLarge_CountsAsASmallOne()
    {
        var rules = new IdentityRules([new("a", 1, 100, LimitWindow.Ever, Normalisation.Exact)], "US");
        var shadow = new ShadowGraph(rules, []);
        for (int index = 1; index < 300; index++)
        {
            Add(shadow, index, Identifier.Create("a", "0"), Identifier.Create("a", $"{index}"));
        }

        Assert.Equal(100, shadow.SizeOf(shadow.CustomerOf(shadow.Find(Identifier.Create("a", "0")))));
        Assert.Equal(200, shadow.Refusals.Count);
        Assert.Equal("limit:a", shadow.BecauseOf(shadow.Refusals[0]));
    }

    [Fact]
    public void Add_WhenTwoLargeCustomersMeet_HoldsEverythingOfBoth()
    {
        var rules = new IdentityRules([new("a", 1, 1_000, LimitWindow.Ever, Normalisation.Exact)], "US");
        var shadow = new ShadowGraph(rules, []);
        for (int index = 0; index < 200; index++)
        {
            Add(shadow, index, Identifier.Create("a", $"{index % 2}"), Identifier.Create("a", $"{index + 10}"));
        }

        Assert.Equal(2, shadow.CustomerCount);
        Add(shadow, 200, Identifier.Create("a", "0"), Identifier.Create("a", "1"));

        Assert.Equal(1, shadow.CustomerCount);
        Assert.Equal(202, shadow.SizeOf(shadow.CustomerOf(0)));
        Assert.Equal(201, shadow.Edges.Count);
        Assert.Equal(CustomerId.From(s_start, 0, 1), shadow.CustomerIdOf(shadow.CustomerOf(0)));
    }

    [Fact]
    public void Read_WhenTheRulesDiffer_FindsTheIdentifiersInTheMessage()
    {
        byte[] envelope = Encoding.UTF8.GetBytes(
            """{"messageId":"m","type":"identify","source":"s","timestamp":"2026-11-22T10:00:00Z","receivedAt":"2026-11-22T10:00:01Z","identifiers":[{"type":"user_id","value":"Jane"}],"message":{"userId":"Jane","traits":{"email":"J@x.com"},"context":{"externalIds":[{"id":"7","type":"loyalty","collection":"users","encoding":"none"}]}}}"""
        );
        var rules = new IdentityRules(
            [
                new("loyalty", 1, 1, LimitWindow.Ever, Normalisation.Exact),
                new("user_id", 2, 1, LimitWindow.Ever, Normalisation.LowerCase),
            ],
            "US"
        );

        LoggedIdentity read = LoggedIdentifiers.Read(envelope, rules, new LibPhoneNumbers());

        Assert.Equal(["loyalty:7", "user_id:jane"], read.Identifiers.Select(one => one.ToString()));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 1, TimeSpan.Zero), read.ReceivedAt);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), read.Timestamp);
    }

    internal static void Add(ShadowGraph shadow, int number, params Identifier[] identifiers) =>
        shadow.Add(
            s_start.AddSeconds(number),
            new LogPlace(0, number + 1),
            s_start.AddSeconds(number),
            [.. identifiers.Select(shadow.NumberOf)]
        );

    private static Identifier ValueOf(int number) =>
        Identifier.Create(
            number < 4 ? "user_id"
                : number < 8 ? "email"
                : "device",
            $"{number}"
        );

    private static string Describe(ShadowGraph shadow) =>
        Lines(
            Enumerable
                .Range(0, shadow.IdentifierCount)
                .Where(number => shadow.CustomerOf(number) >= 0)
                .GroupBy(shadow.CustomerOf)
                .Select(group => (shadow.CustomerIdOf(group.Key), group.Select(shadow.IdentifierOf)))
        );

    private static string Lines(IEnumerable<(string Id, IEnumerable<Identifier> Held)> customers) =>
        string.Join(
            '\n',
            customers.Select(one => $"{one.Id} {string.Join(' ', one.Held.Order())}").Order(StringComparer.Ordinal)
        );

    public sealed record Step(ImmutableArray<Identifier> Identifiers, int Days, int Partition, bool IsClaimed);

    /// <summary>What the grains do with the decisions, on plain dictionaries.</summary>
    private sealed class Model(IdentityRules rules, Separation[] separations)
    {
        private readonly Dictionary<Identifier, string> _owners = [];
        private readonly Dictionary<string, Dictionary<Identifier, DateTimeOffset>> _customers = [];
        private readonly HashSet<Identifier> _claimedLinks = [];
        private readonly HashSet<Identifier> _claimed = [];
        private int _made;

        public void Add(
            DateTimeOffset receivedAt,
            LogPlace place,
            DateTimeOffset at,
            ImmutableArray<Identifier> identifiers,
            bool isClaimed = false
        )
        {
            Identifier[] before = [.. _owners.Keys];
            Decide(receivedAt, place, at, identifiers, isClaimed);
            IEnumerable<Identifier> linked = _owners.Keys.Except(before);
            if (isClaimed)
            {
                _claimedLinks.UnionWith(linked);
                _claimed.UnionWith(_claimedLinks.Except(before));
            }
            else
            {
                // It is folded under its anchor.
                _claimed.Remove(identifiers[0]);
            }
        }

        private void Decide(
            DateTimeOffset receivedAt,
            LogPlace place,
            DateTimeOffset at,
            ImmutableArray<Identifier> identifiers,
            bool isClaimed
        )
        {
            // The number behind the id keeps apart what one message makes, in the order of making.
            foreach (Identifier identifier in identifiers)
            {
                if (
                    !_owners.ContainsKey(identifier)
                    && separations.Any(one => one.One.Contains(identifier) || one.Other.Contains(identifier))
                )
                {
                    Hold(NewId(receivedAt, place), identifier, at);
                }
            }

            while (true)
            {
                var decision = IdentityDecision.Decide(
                    [
                        .. identifiers.Select(one => new OwnedIdentifier(
                            one,
                            _owners.TryGetValue(one, out string? id) ? FactsOf(id) : null
                        )
                        {
                            IsClaimed = isClaimed,
                        }),
                    ],
                    at,
                    rules
                );
                switch (decision)
                {
                    case IdentityDecision.Create create:
                        HoldAll(NewId(receivedAt, place), create.Identifiers, at);
                        return;
                    case IdentityDecision.Link link:
                        HoldAll(link.CustomerId, link.Identifiers, at);
                        return;
                    case IdentityDecision.Merge merge:
                        foreach (string younger in merge.Younger)
                        {
                            foreach ((Identifier identifier, DateTimeOffset linkedAt) in _customers[younger])
                            {
                                _customers[merge.Oldest].Add(identifier, linkedAt);
                                _owners[identifier] = merge.Oldest;
                            }

                            _customers.Remove(younger);
                        }

                        break;
                }
            }
        }

        public string Describe() => Lines(_customers.Select(one => (one.Key[..27], one.Value.Keys.AsEnumerable())));

        private string NewId(DateTimeOffset receivedAt, LogPlace place) =>
            $"{CustomerId.From(receivedAt, place.Partition, place.Position)}{_made++:d6}";

        private CustomerFacts FactsOf(string id) =>
            new(
                id,
                [
                    .. _customers[id]
                        .Select(one => new HeldIdentifier(one.Key, one.Value)
                        {
                            IsLinkClaimed = _claimedLinks.Contains(one.Key),
                            IsClaimed = _claimed.Contains(one.Key),
                        }),
                ]
            )
            {
                Separations = Separations.About([.. separations], _customers[id].Keys),
            };

        private void HoldAll(string id, ImmutableArray<Identifier> identifiers, DateTimeOffset at)
        {
            foreach (Identifier identifier in identifiers.Where(one => !_owners.ContainsKey(one)))
            {
                Hold(id, identifier, at);
            }
        }

        private void Hold(string id, Identifier identifier, DateTimeOffset at)
        {
            _customers.TryAdd(id, []);
            _customers[id].Add(identifier, at);
            _owners.Add(identifier, id);
        }
    }
}
