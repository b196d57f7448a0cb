using System.Collections.Immutable;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Simulation.Checkers;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Tests;

/// <summary>Each checker says no to a grid that breaks its invariant. A checker that can't say no would find every promise kept.</summary>
public sealed class CheckerTests
{
    private static readonly Message s_message = new(
        "m1",
        ["user_id:u1"],
        IsPublic: false,
        IsIdentify: false,
        "event",
        "plan 1",
        0
    );

    [Fact]
    public void CountedOnce_WhenAMessageIsNotInTheLog_SaysSo() =>
        Breaks("1 counted once", () => CountedOnce.Check(Grid(), ["m1"]));

    [Fact]
    public void CountedOnce_WhenAMessageIsInNoProfile_SaysSo() =>
        Breaks("1 counted once", () => CountedOnce.Check(Grid() with { Log = [Row()] }, ["m1"]));

    [Fact]
    public void OneOwner_WhenTwoListAnIdentifier_SaysSo() =>
        Breaks(
            "2 one owner",
            () =>
                OneOwner.Check(
                    Grid(Customer("c_1", "user_id:u1"), Customer("c_2", "user_id:u1")),
                    new PlainModel([], [])
                )
        );

    [Fact]
    public void OneOwner_WhenTheOwnerDoesNotListIt_SaysSo() =>
        Breaks(
            "2 one owner",
            () =>
                OneOwner.Check(
                    Grid(Customer("c_1")) with
                    {
                        Owners = ImmutableSortedDictionary<string, string>.Empty.Add("user_id:u1", "c_1"),
                    },
                    new PlainModel([], [])
                )
        );

    [Fact]
    public void OneOwner_WhenStubsLeadInACircle_SaysSo() =>
        Breaks(
            "2 one owner",
            () =>
                OneOwner.Check(
                    Grid(Customer("c_1") with { MovedTo = "c_2" }, Customer("c_2") with { MovedTo = "c_1" }),
                    new PlainModel([], [])
                )
        );

    [Fact]
    public void ProfileIsFold_WhenAProfileSaysLessThanItsMessages_SaysSo() =>
        Breaks(
            "3 profile is fold",
            () => ProfileIsFold.Check(Grid(Customer("c_1", "user_id:u1")), new PlainModel([s_message], []))
        );

    [Fact]
    public void ConsentIsJoin_WhenAProfileGrantsWhatNobodyGranted_SaysSo() =>
        Breaks(
            "5 consent",
            () =>
                ConsentIsJoin.Check(
                    Grid(Customer("c_1", "user_id:u1")),
                    new PlainModel([s_message with { Second = 3 }], []),
                    new Marks()
                )
        );

    [Fact]
    public void OnShelf_WhenItsActivationHasEnded_SaysSo() =>
        Breaks("shelf", () => OnShelf.CheckActivation(null, Shown("user_id:u1")));

    [Fact]
    public void OnShelf_WhenItsActivationListsLess_SaysSo() =>
        Breaks(
            "shelf",
            () =>
                OnShelf.CheckActivation(
                    Tuple.Create(
                        new CustomerIdentity(null, Customer("c_1", "user_id:u1").Facts),
                        new EntriesReply(null, [])
                    ),
                    Shown("user_id:u1", "email:e@x.example")
                )
        );

    [Theory]
    [InlineData("""{"status":"sealed","absorbed":[],"merge":{"into":"c_0","mergeId":"d_1"}}""")]
    [InlineData("""{"status":"retired","absorbed":[],"movedTo":"c_0"}""")]
    [InlineData("""{"status":"live","absorbed":[],"split":{}}""")]
    public void OnShelf_WhenItsCustomerIsNotItself_SaysSo(string state)
    {
        Disk disk = Stored("c_1", state);

        Breaks("shelf", () => OnShelf.CheckStored(disk, Identifier.Parse("user_id:u1"), Shown("user_id:u1"), NotStale));
    }

    [Theory]
    [InlineData("""{"status":"live","absorbed":[]}""")]
    [InlineData("""{"status":"retired","absorbed":[],"movedTo":"c_0"}""")]
    [InlineData("""{"status":"sealed","absorbed":[],"merge":{"into":"c_1","mergeId":"not absorbed"}}""")]
    public void OnShelf_WhenTheOwnerLeadsElsewhere_SaysSo(string ownersState)
    {
        Disk disk = Stored("c_1", """{"status":"live","absorbed":["d_1"]}""");
        disk.Write("customer", "c_0", """{"status":"live","absorbed":[]}"""u8.ToArray(), 0);
        disk.Write("customer", "c_2", Encoding.UTF8.GetBytes(ownersState), 0);
        disk.Write("identifier", "user_id:u1", """{"owner":"c_2"}"""u8.ToArray(), 0);

        Breaks("shelf", () => OnShelf.CheckStored(disk, Identifier.Parse("user_id:u1"), Shown("user_id:u1"), NotStale));
    }

    [Theory]
    [InlineData("""{"status":"retired","absorbed":[],"movedTo":"c_1"}""")]
    [InlineData("""{"status":"sealed","absorbed":[],"merge":{"into":"c_1","mergeId":"d_1"}}""")]
    public void OnShelf_WhenTheOwnerLeadsToIt_SaysNothing(string ownersState)
    {
        Disk disk = Stored("c_1", """{"status":"live","absorbed":["d_1"]}""");
        disk.Write("customer", "c_2", Encoding.UTF8.GetBytes(ownersState), 0);
        disk.Write("identifier", "user_id:u1", """{"owner":"c_2"}"""u8.ToArray(), 0);

        OnShelf.CheckStored(disk, Identifier.Parse("user_id:u1"), Shown("user_id:u1"), NotStale);
    }

    [Fact]
    public void OnShelf_WhenItsActivationHasHeardNoYes_SaysSo() =>
        Breaks("shelf", () => OnShelf.CheckConsent(null, Shown("user_id:u1") with { Consent = Profiling }));

    [Fact]
    public void ShownToRoles_OfEverybody_BreaksNothing()
    {
        ShownToRoles.Check(Shown("user_id:u1", "email:e@x.example"));
        ShownToRoles.Check(Shown("user_id:u1", "email:e@x.example") with { Consent = Profiling });
    }

    private static ConsentView Profiling =>
        ConsentView.Of([
            new ConsentStanding(
                Message.PersonPurpose,
                ConsentStatus.Granted,
                "segment",
                "web",
                new ConsentWord(DateTimeOffset.UnixEpoch, "m1", "1")
            ),
        ]);

    private static bool NotStale(string customer) => false;

    [Fact]
    public void KeptApart_WhenACustomerHasTwoUserIds_SaysSo() =>
        Breaks("4 kept apart", () => new KeptApart().Check(Grid(Customer("c_1", "user_id:u1", "user_id:u2"))));

    [Fact]
    public void KeptApart_WhenASeparationIsForgotten_SaysSo()
    {
        var checker = new KeptApart();
        SeenCustomer separated = Customer("c_1", "user_id:u1");
        var separation = new Separation(
            "s_1",
            [Identifier.Parse("user_id:u1")],
            [Identifier.Parse("email:e@x.example")]
        );
        checker.Check(Grid(separated with { Facts = separated.Facts with { Separations = [separation] } }));

        Breaks("4 kept apart", () => checker.Check(Grid(Customer("c_1", "user_id:u1", "email:e@x.example"))));
    }

    [Fact]
    public void Explained_WhenNoDecisionSaysHow_SaysSo() =>
        Breaks("6 explained", () => new Explained().Check(Grid(Customer("c_1", "user_id:u1")), new Journal()));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClaimsJoinNobody_WhenAPublicMessageMergesTwoKnownCustomers_SaysSo(bool isPublic)
    {
        var journal = new Journal();
        journal.Acknowledge(s_message with { Id = "m2", Identifiers = ["email:e@x.example"] });
        journal.Send(s_message with { IsPublic = isPublic });
        var checker = new ClaimsJoinNobody();
        AtRest before = Grid(Customer("c_1", "user_id:u1"), Customer("c_2", "email:e@x.example"));
        checker.Check(before, journal);
        AtRest after = Grid(Customer("c_1", "user_id:u1", "email:e@x.example")) with
        {
            Decisions =
            [
                new DecisionRecord("d_1", "merged", "c_1", "c_2", default, """{"messageId":"m1"}"""u8.ToArray()),
            ],
        };

        if (isPublic)
        {
            Breaks("claims join nobody", () => checker.Check(after, journal));
        }
        else
        {
            checker.Check(after, journal);
        }
    }

    [Fact]
    public void PolicySteps_WhenEachChangeHasItsRecord_AreTaken() =>
        PolicySteps.Check(Grid() with { PolicyDecisions = [Step(2, "b"), Step(1, "a")], Rules = InForce(2, "b") });

    [Fact]
    public void PolicySteps_WhenAChangeHasNoRecord_SaysSo() =>
        Breaks(
            "6 policy steps",
            () => PolicySteps.Check(Grid() with { PolicyDecisions = [Step(1, "a")], Rules = InForce(2, "b") })
        );

    [Fact]
    public void PolicySteps_WhenARecordTellsOfAChangeThatWasNot_SaysSo() =>
        Breaks("6 policy steps", () => PolicySteps.Check(Grid() with { PolicyDecisions = [Step(1, "a")] }));

    [Fact]
    public void Audited_WhenEachDecisionHasItsRecord_IsTaken()
    {
        Disk disk = Decided("d_1", "d_2");

        new Audited().Check(disk.Decisions, disk.Audit);
    }

    [Fact]
    public void Audited_WhenADecisionHasNoRecord_SaysSo()
    {
        Disk disk = Decided("d_1", "d_2");

        Breaks("6 audited", () => new Audited().Check(disk.Decisions, [.. disk.Audit.Where(row => row.Number != 2)]));
    }

    [Fact]
    public void Audited_WhenARecordHasNoDecision_SaysSo()
    {
        Disk disk = Decided("d_1", "d_2");

        Breaks("6 audited", () => new Audited().Check([disk.Decisions[0]], disk.Audit));
    }

    [Fact]
    public void Audited_WhenARecordTellsOfAnotherPayload_SaysSo()
    {
        Disk disk = Decided("d_1");

        Breaks(
            "6 audited",
            () => new Audited().Check([disk.Decisions[0] with { Payload = """{"a":1}"""u8.ToArray() }], disk.Audit)
        );
    }

    [Fact]
    public void Audited_WhenAChainIsBroken_SaysSo()
    {
        Disk disk = Decided("d_1");

        Breaks(
            "6 audited",
            () => new Audited().Check(disk.Decisions, [disk.Audit[0] with { Hash = AuditChain.Beginning }])
        );
    }

    [Fact]
    public void Audited_WhenAPolicyIsStoredWithoutItsRecord_SaysSo()
    {
        var audited = new Audited();
        audited.Watch("policy", "identity", """{"steps":1}"""u8.ToArray(), []);

        Breaks("6 audited", () => audited.Check([], []));
    }

    [Fact]
    public void Journal_WhenAVersionGoesBack_SaysSo()
    {
        var journal = new Journal();
        journal.WasRead("c_1", version: 7, atLeast: 0);

        Breaks("version", () => journal.WasRead("c_1", version: 6, journal.VersionOf("c_1")));
    }

    private static void Breaks(string checker, Action check) =>
        Assert.Equal(checker, Assert.Throws<ViolationException>(check).Checker);

    private static AtRest Grid(params SeenCustomer[] customers) =>
        new(
            [],
            [],
            customers
                .SelectMany(customer => OneOwner.Held(customer).Select(held => (held, customer.Id)))
                .DistinctBy(one => one.held)
                .ToImmutableSortedDictionary(one => one.held, one => one.Id, StringComparer.Ordinal),
            customers.ToImmutableSortedDictionary(
                customer => customer.Id,
                customer => customer,
                StringComparer.Ordinal
            ),
            [],
            Rules: null
        );

    private static DecisionRecord Step(long number, string version) =>
        PolicyStepRecord.Of(
            "identity",
            new PolicyStep(number, PolicyStepKind.InForce, default, "admin", version, "", "")
        );

    private static PolicyVersion InForce(long number, string version) =>
        new("identity", number, version, "", default, "admin", PolicyAction.Put, "");

    private static SeenCustomer Customer(string id, params string[] identifiers) =>
        new(
            id,
            null,
            new CustomerFacts(id, [.. identifiers.Select(one => new HeldIdentifier(Identifier.Parse(one), default))]),
            new ProfileView(id, 1, [], ProfileFold.Empty)
        );

    private static LogRow Row() => new(0, 1, "m1", "user_id:u1", default, default);

    private static ProfileView Shown(params string[] identifiers) =>
        new(
            "c_1",
            1,
            [
                .. identifiers.Select(one => new ProfileIdentifier(
                    Identifier.Parse(one),
                    "m1",
                    "web",
                    DateTimeOffset.UnixEpoch,
                    "r1"
                )),
            ],
            ProfileFold.Empty
        );

    private static Disk Decided(params string[] ids)
    {
        var disk = new Disk();
        foreach (string id in ids)
        {
            var decision = new DecisionRecord(id, "linked", "c_1", null, default, "{}"u8.ToArray());
            disk.AppendDecisions([decision], [new AuditRecord(DecisionAudit.Of(decision, Disk.AuditHash)!, default)]);
        }

        return disk;
    }

    private static Disk Stored(string customer, string state)
    {
        var disk = new Disk();
        disk.Write("customer", customer, Encoding.UTF8.GetBytes(state), 0);
        return disk;
    }
}
