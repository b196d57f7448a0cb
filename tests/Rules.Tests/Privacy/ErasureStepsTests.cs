using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Tests.Privacy;

/// <summary>In which order an erasure goes, and when it asks.</summary>
public sealed class ErasureStepsTests
{
    private static readonly Identifier s_email = Identifier.Create("email", "jane@x.com");
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a1");
    private static readonly Identifier s_user = Identifier.Create("user_id", "u1");
    private static readonly Identifier s_bob = Identifier.Create("email", "bob@x.com");

    [Fact]
    public void Steps_WhenOnePersonIsFound_SuppressAllThatSheHoldsBeforeAnythingIsRemoved()
    {
        ErasureState state = ErasureSteps.Begin([s_email]);

        state = ErasureSteps.Resolved(state, [Customer("c_1", s_email, s_device)], []);
        Assert.Equal(ErasurePhase.Suppress, state.Phase);
        Assert.Equal<Identifier>([s_device, s_email], state.Identifiers);

        state = ErasureSteps.Drained(ErasureSteps.Suppressed(state, 7));
        Assert.Equal(ErasurePhase.Resolve, state.Phase);

        state = ErasureSteps.Resolved(state, [Customer("c_1", s_email, s_device)], []);
        Assert.Equal(ErasurePhase.EraseCustomers, state.Phase);
        state = ErasureSteps.Freed(ErasureSteps.Erased(state, [CustomerErasure.Done]));
        Assert.Equal((ErasurePhase.Scrub, 2), (state.Phase, state.Identifiers.Length));

        state = ErasureSteps.Scrubbed(state);
        Assert.Equal((ErasurePhase.Seal, 0, 0), (state.Phase, state.Identifiers.Length, state.Suppressed.Length));
        Assert.Equal<string>(["c_1"], state.Customers);
        Assert.Equal(ErasurePhase.Done, ErasureSteps.Sealed(state).Phase);
    }

    [Fact]
    public void Resolved_WhenAMessageOnItsWayHasMergedHer_SuppressesWhatCameWithIt()
    {
        ErasureState state = Suppressed(Customer("c_2", s_email));

        state = ErasureSteps.Resolved(state, [Customer("c_1", s_email, s_user)], []);

        Assert.Equal(ErasurePhase.Suppress, state.Phase);
        Assert.Equal<string>(["c_2", "c_1"], state.Customers);
        Assert.Contains(s_user, state.Identifiers);
    }

    [Fact]
    public void Resolved_WhenNobodyIsFound_SuppressesWhatWasGiven()
    {
        ErasureState state = ErasureSteps.Resolved(ErasureSteps.Begin([s_email]), [], []);

        Assert.Equal((ErasurePhase.Suppress, 0), (state.Phase, state.Customers.Length));
        Assert.Equal<Identifier>([s_email], state.Identifiers);
    }

    [Fact]
    public void Resolved_WhenTwoPeopleAreFound_AsksAndSuppressesNothing()
    {
        ErasureState state = ErasureSteps.Resolved(
            ErasureSteps.Begin([s_email, s_bob]),
            [Customer("c_1", s_email, s_device), Customer("c_2", s_bob)],
            []
        );

        Assert.Equal((ErasurePhase.Decide, 2), (state.Phase, state.Candidates.Length));
        Assert.Empty(state.Suppressed);
    }

    [Fact]
    public void Resolved_WhenTheIdentifierIsShared_Asks() =>
        Assert.Equal(
            ErasurePhase.Decide,
            ErasureSteps
                .Resolved(ErasureSteps.Begin([s_device]), [Customer("c_1", s_device) with { IsShared = true }], [])
                .Phase
        );

    [Fact]
    public void Decided_WhenOneIsNamed_LeavesTheOtherAlone()
    {
        ImmutableArray<PrivacyCandidate> found = [Customer("c_1", s_email, s_device), Customer("c_2", s_bob)];
        ErasureState state = ErasureSteps.Resolved(ErasureSteps.Begin([s_email, s_bob]), found, []);

        state = ErasureSteps.Resolved(ErasureSteps.Decided(state, ["c_1"]), found, []);

        Assert.Equal<Identifier>([s_device, s_email], state.Identifiers);
        Assert.Equal<string>(["c_1"], state.Customers);
    }

    [Fact]
    public void Decided_WhenNobodyIsNamed_ErasesNobody()
    {
        ImmutableArray<PrivacyCandidate> found = [Customer("c_1", s_email), Customer("c_2", s_bob)];
        ErasureState state = ErasureSteps.Resolved(ErasureSteps.Begin([s_email, s_bob, s_user]), found, []);

        state = ErasureSteps.Resolved(ErasureSteps.Decided(state, []), found, []);

        Assert.Equal<Identifier>([s_user], state.Identifiers);
        Assert.Empty(state.Customers);
    }

    [Fact]
    public void Erased_WhenACustomerHasChanged_LooksAgain() =>
        Assert.Equal(
            ErasurePhase.Resolve,
            ErasureSteps
                .Erased(Suppressed(Customer("c_1", s_email)), [CustomerErasure.Done, CustomerErasure.Changed])
                .Phase
        );

    private static ErasureState Suppressed(PrivacyCandidate customer) =>
        ErasureSteps.Drained(
            ErasureSteps.Suppressed(ErasureSteps.Resolved(ErasureSteps.Begin([s_email]), [customer], []), 1)
        );

    [Fact]
    public void Resolved_WithAnOwnerThatListsNothing_ErasesItAndAsksNobody()
    {
        ErasureState state = ErasureSteps.Resolved(
            ErasureSteps.Begin([s_email]),
            [Customer("c_1", s_email)],
            ["c_unlisted"]
        );

        Assert.Equal(ErasurePhase.Suppress, state.Phase);
        Assert.Equal(["c_1", "c_unlisted"], state.Customers.AsEnumerable());
        Assert.Equal([s_email], state.Identifiers.AsEnumerable());
    }

    private static PrivacyCandidate Customer(string id, params ImmutableArray<Identifier> identifiers) =>
        new(id, identifiers, IsShared: false);
}
