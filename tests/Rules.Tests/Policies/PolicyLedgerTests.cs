using Customer360.Rules.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Policies;

/// <summary>Who may put what in force, and that a command which comes twice is carried out once.</summary>
public sealed class PolicyLedgerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly PolicyTerms s_two = new(NeedsFourEyes: false, "v0", "t0");
    private static readonly PolicyTerms s_four = s_two with { NeedsFourEyes = true };

    [Fact]
    public void Submit_WhereTheKindNeedsFourEyes_IsOnlyAProposal()
    {
        PolicyDecision decision = new PolicyLedger().Submit(Put("v1", "ann"), s_four);

        Assert.Equal(new PolicyProposal("v1", "t1", s_now, "ann", "v0"), decision.Proposed);
        Assert.Null(decision.Ledger.Current);
        Assert.Equal(PolicyStepKind.Proposed, Assert.Single(decision.Ledger.Unrecorded).Kind);
    }

    [Fact]
    public void Submit_WhenTheProposalComesAgain_IsTheSameProposal()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(Put("v1", "ann"), s_four).Ledger;

        PolicyDecision again = ledger.Submit(Put("v1", "bob"), s_four);

        Assert.Same(ledger, again.Ledger);
        Assert.Equal("ann", again.Proposed!.By);
    }

    [Fact]
    public void Propose_OfAKindWithoutFourEyes_WaitsForSomebodyElse()
    {
        PolicyDecision proposed = new PolicyLedger().Propose(Put("v1", "agent"), s_two);

        Assert.Equal(new PolicyProposal("v1", "t1", s_now, "agent", "v0"), proposed.Proposed);
        Assert.Null(proposed.Ledger.Current);
        Assert.Equal(
            PolicyObjection.OwnProposal,
            proposed.Ledger.Approve(Approval("v1", "v0", "agent"), s_two).Objection
        );
        PolicyLedger approved = proposed.Ledger.Approve(Approval("v1", "v0", "ann"), s_two).Ledger;
        Assert.Equal(
            ("v1", "agent", "ann"),
            (approved.Current!.Version, approved.Current.By, approved.Current.ApprovedBy)
        );
        Assert.Same(approved, approved.Propose(Put("v1", "agent"), s_two).Ledger);
    }

    [Fact]
    public void Approve_WhenByAnother_PutsItInForceUnderBothNames()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(Put("v1", "ann"), s_four).Ledger;

        PolicyLedger approved = ledger.Approve(Approval("v1", "v0", "bob"), s_four).Ledger;

        PolicyEntry entry = approved.Current!;
        Assert.Equal(("v1", "ann", "bob", "v0"), (entry.Version, entry.By, entry.ApprovedBy, entry.Replaces));
        Assert.Equal(PolicyAction.Approved, entry.Action);
        Assert.Empty(approved.Proposals);
        Assert.Same(approved, approved.Approve(Approval("v1", "v0", "bob"), s_four).Ledger);
    }

    [Theory]
    [InlineData("v1", "v0", "ann", PolicyObjection.OwnProposal)]
    [InlineData("v1", "v9", "bob", PolicyObjection.Replaced)]
    [InlineData("v9", "v0", "bob", PolicyObjection.NotProposed)]
    public void Approve_WhenItMayNot_ChangesNothing(
        string version,
        string replaces,
        string by,
        PolicyObjection expected
    )
    {
        PolicyLedger ledger = new PolicyLedger().Submit(Put("v1", "ann"), s_four).Ledger;

        PolicyDecision decision = ledger.Approve(Approval(version, replaces, by), s_four);

        Assert.Equal(expected, decision.Objection);
        Assert.Same(ledger, decision.Ledger);
    }

    /// <summary>Two proposals in place of one version: when one is approved, nobody approves the other by mistake.</summary>
    [Fact]
    public void Approve_WhenAnotherProposalWasApprovedFirst_IsRefused()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(Put("v1", "ann"), s_four).Ledger;
        ledger = ledger.Submit(Put("v2", "ann"), s_four).Ledger;
        ledger = ledger.Approve(Approval("v2", "v0", "bob"), s_four).Ledger;

        PolicyDecision late = ledger.Approve(Approval("v1", "v0", "cyd"), s_four);
        PolicyDecision again = ledger.Approve(Approval("v1", "v2", "cyd"), s_four);

        Assert.Equal(PolicyObjection.Replaced, late.Objection);
        Assert.Equal(PolicyObjection.NotProposed, again.Objection);
        Assert.Equal("v1", ledger.Unrecorded[^1].Version);
        Assert.Equal(PolicyStepKind.Dropped, ledger.Unrecorded[^1].Kind);
    }

    [Fact]
    public void RollBack_WhereTheKindNeedsFourEyes_StandsUnderTheApprovalThatItHad()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(Put("v1", "ann"), s_four).Ledger;
        ledger = ledger.Approve(Approval("v1", "v0", "bob"), s_four).Ledger;
        ledger = ledger.Submit(Put("v2", "ann"), s_four).Ledger;
        ledger = ledger.Approve(Approval("v2", "v1", "cyd"), s_four).Ledger;

        PolicyLedger back = ledger.RollBack(Back("v1", "ann"), s_four).Ledger;

        PolicyEntry entry = back.Current!;
        Assert.Equal((3, "v1", "bob", 1), (entry.Number, entry.Version, entry.ApprovedBy, entry.RollBackTo));
        Assert.Same(back, back.RollBack(Back("v1", "ann"), s_four).Ledger);
        Assert.Equal(PolicyObjection.NeverInForce, back.RollBack(Back("v9", "ann"), s_four).Objection);
        Assert.Equal("t0", back.RollBack(Back("v0", "ann"), s_four).Ledger.Current!.TextId);
    }

    [Fact]
    public void Submit_WhenAFileWasHadBefore_ChangesNothing()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(File("v1"), s_two).Ledger;
        ledger = ledger.Submit(Put("v2", "ann"), s_two).Ledger;

        Assert.Same(ledger, ledger.Submit(File("v1"), s_two).Ledger);
        Assert.Equal("v3", ledger.Submit(File("v3"), s_two).Ledger.Current!.Version);
    }

    /// <summary>The history forgets its oldest entries; the file that a node starts with is remembered.</summary>
    [Fact]
    public void Submit_WhenTheFileHasLeftTheHistory_ChangesNothing()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(File("v1"), s_two).Ledger;
        for (int index = 2; index <= PolicyLedger.EntriesMax + 1; index++)
        {
            ledger = ledger.Submit(Put($"v{index}", "ann"), s_two).Ledger with { Unrecorded = [] };
        }

        Assert.Null(ledger.Find("v1"));
        Assert.Equal(PolicyLedger.EntriesMax, ledger.Entries.Length);
        Assert.Same(ledger, ledger.Submit(File("v1"), s_two).Ledger);
    }

    [Fact]
    public void Submit_WhenAFileIsTheFirst_IsInForceEvenUnderFourEyes()
    {
        PolicyLedger ledger = new PolicyLedger().Submit(File("v1"), s_four).Ledger;

        Assert.Equal("v1", ledger.Current!.Version);
        Assert.Equal("v2", ledger.Submit(File("v2"), s_four).Proposed!.Version);
    }

    [Fact]
    public void Submit_WhereTheKindNeedsFourEyes_LetsNoJobRoundIt() =>
        Assert.Equal(
            PolicyObjection.ApprovalNeeded,
            new PolicyLedger().Submit(Put("v1", "ann") with { Action = PolicyAction.CutOver }, s_four).Objection
        );

    [Fact]
    public void Submit_WhenThereAreTooManyProposals_IsRefused()
    {
        PolicyLedger ledger = new();
        for (int index = 1; index <= PolicyLedger.ProposalsMax; index++)
        {
            ledger = ledger.Submit(Put($"v{index}", "ann"), s_four).Ledger;
        }

        Assert.Equal(PolicyObjection.TooManyProposals, ledger.Submit(Put("v99", "ann"), s_four).Objection);
    }

    [Fact]
    public void Follow_WhenARelaseUnderstandsItOtherwise_BeginsAnEpoch()
    {
        PolicyLedger empty = new PolicyLedger().Follow("r1", "v0", hasData: false, s_now, s_two);
        Assert.Null(empty.Current);

        PolicyLedger builtIn = empty.Follow("r2", "v0", hasData: true, s_now, s_two);
        Assert.Equal((1, 1, PolicyAction.BuiltIn), (builtIn.Number, builtIn.Epoch, builtIn.Current!.Action));

        PolicyLedger own = builtIn
            .Submit(Put("v1", "ann"), s_two)
            .Ledger.Follow("r3", "v1", hasData: true, s_now, s_two);
        Assert.Equal((3, "v1", PolicyAction.Release), (own.Epoch, own.Current!.Version, own.Current.Action));
        Assert.Equal("r3", own.Current.Release);
        Assert.Same(own, own.Follow("r3", "v1", hasData: true, s_now, s_two));
    }

    /// <summary>
    /// Whatever commands come, in whatever order, each of them twice: numbers rise by one, an epoch never falls, every entry
    /// of a kind that needs four eyes has two names or is the first file, and each change has its step.
    /// </summary>
    [Fact]
    public void Commands_InAnyOrder_KeepWhatALedgerPromises() =>
        Prop.ForAll<int>(seed =>
            {
                var random = new System.Random(seed);
                PolicyTerms terms = random.Next(2) == 0 ? s_two : s_four;
                PolicyLedger ledger = new();
                for (int count = 0; count < 40; count++)
                {
                    PolicyLedger before = ledger;
                    Func<PolicyLedger, PolicyLedger> command = Command(random, ledger, terms);
                    ledger = command(before);
                    Assert.Same(ledger, command(ledger));
                    Assert.InRange(ledger.Number - before.Number, 0, 1);
                    Assert.True(ledger.Epoch >= before.Epoch);
                    Assert.Equal(ledger.Steps - before.Steps > 0, !ReferenceEquals(ledger, before));
                    Assert.All(ledger.Proposals, one => Assert.Equal(ledger.Current?.Version ?? "v0", one.Replaces));
                }

                foreach (PolicyEntry entry in ledger.Entries.Where(_ => terms.NeedsFourEyes))
                {
                    bool isFirstFile = entry is { Number: 1, Action: PolicyAction.File };
                    bool isBack = entry.Action == PolicyAction.RollBack;
                    Assert.True(isFirstFile || isBack || (entry.ApprovedBy is { } other && other != entry.By));
                }
            })
            .QuickCheckThrowOnFailure();

    private static Func<PolicyLedger, PolicyLedger> Command(System.Random random, PolicyLedger now, PolicyTerms terms)
    {
        string version = $"v{random.Next(4)}";
        string by = random.Next(2) == 0 ? "ann" : "bob";
        string inForce = random.Next(3) == 0 ? "v9" : now.Current?.Version ?? "v0";
        bool keeps = random.Next(2) == 0;
        return random.Next(5) switch
        {
            0 => ledger => ledger.Submit(File(version), terms).Ledger,
            1 => ledger => ledger.Approve(Approval(version, inForce, by), terms).Ledger,
            2 => ledger => ledger.RollBack(Back(version, by), terms).Ledger,
            _ => ledger => ledger.Submit(Put(version, by) with { KeepsGround = keeps }, terms).Ledger,
        };
    }

    private static PolicySubmission Put(string version, string by) =>
        new(version, version.Replace('v', 't'), s_now, by, PolicyAction.Put, [], KeepsGround: true);

    private static PolicySubmission File(string version) => Put(version, "file") with { Action = PolicyAction.File };

    private static PolicyApproval Approval(string version, string replaces, string by) =>
        new(version, replaces, s_now, by, [], KeepsGround: true);

    private static PolicyRollBack Back(string version, string by) =>
        new(version, version, s_now, by, [], KeepsGround: true);
}
