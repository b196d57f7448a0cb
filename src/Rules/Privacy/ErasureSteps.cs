using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Privacy;

/// <summary>Where a request stands. Most phases are an erasure's.</summary>
public enum ErasurePhase
{
    /// <summary>Whom the identifiers lead to is to be found out, at first and after each change.</summary>
    Resolve = 1,

    /// <summary>An officer must say who is meant.</summary>
    Decide = 2,

    /// <summary>The identifiers are to be suppressed on every node.</summary>
    Suppress = 3,

    /// <summary>What came before the suppression is to be applied.</summary>
    Drain = 4,

    /// <summary>The customers are to be emptied.</summary>
    EraseCustomers = 5,

    /// <summary>The identifiers are to become nobody's.</summary>
    EraseIdentifiers = 6,

    /// <summary>The next pass over the log and all that was made of it is to take the rest out.</summary>
    Scrub = 7,

    /// <summary>The same pass is to see to it that nothing is left in the files of the store. Nothing here names the person any more.</summary>
    Seal = 8,

    /// <summary>All is done.</summary>
    Done = 9,

    /// <summary>Of a request that changes something of the customers: it is known who they are, and it is to be done to them.</summary>
    Apply = 10,

    /// <summary>Of a restriction that is done: it is to be lifted.</summary>
    Lift = 11,
}

/// <summary>What an erasure knows. Written down after each step, so that a crash goes on behind it.</summary>
/// <param name="Phase">What is to be done next.</param>
/// <param name="Identifiers">The person's identifiers: first those that were given, then all that her customer holds.</param>
public sealed record ErasureState(ErasurePhase Phase, ImmutableArray<Identifier> Identifiers)
{
    /// <summary>Those of them that are suppressed, and of which nothing is on its way any more.</summary>
    public ImmutableArray<Identifier> Suppressed { get; init; } = [];

    /// <summary>Of the drain: the place in the list of suppressions that every partition must follow.</summary>
    public long Sequence { get; init; }

    /// <summary>An officer has said who is meant.</summary>
    public bool IsDecided { get; init; }

    /// <summary>Whom she has named.</summary>
    public ImmutableArray<string> Decided { get; init; } = [];

    /// <summary>Whom an officer is asked about.</summary>
    public ImmutableArray<PrivacyCandidate> Candidates { get; init; } = [];

    /// <summary>The customers that are erased.</summary>
    public ImmutableArray<string> Customers { get; init; } = [];
}

/// <summary>What a customer answers that is to be erased.</summary>
public enum CustomerErasure
{
    /// <summary>Nothing is left in it.</summary>
    Done = 1,

    /// <summary>It has merged, split or taken something on since: whom the identifiers lead to is to be found out anew.</summary>
    Changed = 2,
}

/// <summary>
/// An erasure, step by step: find the person, suppress her identifiers, wait until nothing of them is on its way, empty her customer,
/// free the identifiers, and have the rest taken out of what is stored. Each step may be repeated.
/// </summary>
/// <remarks>
/// Suppression comes before anything is removed: from then on no message brings an identifier back, and none is lost that was
/// accepted before, because the drain waits until it is applied. A merge that such a message brings about changes whom the
/// identifiers lead to; so they are looked up again until nobody new turns up. That ends, since no new identifier can be added
/// by a message of the suppressed ones.
/// </remarks>
public static class ErasureSteps
{
    /// <summary>An erasure of these identifiers that is about to begin.</summary>
    public static ErasureState Begin(ImmutableArray<Identifier> identifiers) => new(ErasurePhase.Resolve, identifiers);

    /// <summary>It is known whom the identifiers lead to.</summary>
    /// <param name="found">Each customer once.</param>
    /// <param name="unlisted">Owners of them that list nothing: nobody is meant by them, and what they have claimed goes.</param>
    public static ErasureState Resolved(
        ErasureState state,
        ImmutableArray<PrivacyCandidate> found,
        ImmutableArray<string> unlisted
    )
    {
        bool isAmbiguous = found.Length > 1 || found.Any(one => one.IsShared);
        if (!state.IsDecided && isAmbiguous && !found.All(one => IsCovered(one, state)))
        {
            return state with { Phase = ErasurePhase.Decide, Candidates = found };
        }

        ImmutableArray<PrivacyCandidate> meant = state.IsDecided ? [.. found.Where(one => IsMeant(one, state))] : found;
        ImmutableArray<Identifier> identifiers =
        [
            .. Own(state, found, meant).Concat(meant.SelectMany(one => one.Identifiers)).Distinct().Order(),
        ];
        return state with
        {
            Phase = identifiers.All(state.Suppressed.Contains) ? ErasurePhase.EraseCustomers : ErasurePhase.Suppress,
            Identifiers = identifiers,
            Candidates = [],
            Customers =
            [
                .. state
                    .Customers.Concat(meant.Select(one => one.CustomerId))
                    .Concat(unlisted)
                    .Distinct(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>
    /// Of a request that only looks: it is known whom the identifiers lead to. Nothing is suppressed, and from now on it names the
    /// customers alone.
    /// </summary>
    public static ErasureState Found(ErasureState state, ImmutableArray<PrivacyCandidate> found)
    {
        if (!state.IsDecided && (found.Length > 1 || found.Any(one => one.IsShared)))
        {
            return state with { Phase = ErasurePhase.Decide, Candidates = found };
        }

        return state with
        {
            Phase = ErasurePhase.Done,
            Identifiers = [],
            Candidates = [],
            Customers =
            [
                .. found
                    .Select(one => one.CustomerId)
                    .Where(one => !state.IsDecided || state.Decided.Contains(one, StringComparer.Ordinal)),
            ],
        };
    }

    /// <summary>
    /// Of a request that changes something: it is known whom the identifiers lead to. What was given stays in it until the change is
    /// made.
    /// </summary>
    public static ErasureState Meant(ErasureState state, ImmutableArray<PrivacyCandidate> found) =>
        Found(state, found) is { Phase: ErasurePhase.Done } known
            ? known with
            {
                Phase = ErasurePhase.Apply,
                Identifiers = state.Identifiers,
            }
            : Found(state, found);

    /// <summary>The change is made.</summary>
    /// <param name="kept">What the request must know to lift it again; none where it can't be lifted.</param>
    public static ErasureState Applied(ErasureState state, ImmutableArray<Identifier> kept) =>
        state with
        {
            Phase = ErasurePhase.Done,
            Identifiers = kept,
        };

    /// <summary>What was done is to be lifted.</summary>
    public static ErasureState Lifting(ErasureState state) => state with { Phase = ErasurePhase.Lift };

    /// <summary>Of a request that is not an erasure under way: some whom it names are erased by another one.</summary>
    public static ErasureState Forgotten(ErasureState state, ImmutableHashSet<Identifier> erased) =>
        state with
        {
            Identifiers = [.. state.Identifiers.Where(one => !erased.Contains(one))],
            Suppressed = [.. state.Suppressed.Where(one => !erased.Contains(one))],
            Candidates =
            [
                .. state.Candidates.Select(candidate =>
                    candidate with
                    {
                        Identifiers = [.. candidate.Identifiers.Where(one => !erased.Contains(one))],
                    }
                ),
            ],
        };

    /// <summary>An officer has said who is meant.</summary>
    /// <param name="customers">Some of the candidates; none: nobody of them, only what was asked for is suppressed.</param>
    public static ErasureState Decided(ErasureState state, ImmutableArray<string> customers) =>
        state with
        {
            Phase = ErasurePhase.Resolve,
            IsDecided = true,
            Decided = customers,
            Customers = [],
        };

    /// <summary>The identifiers are in the list of suppressions.</summary>
    public static ErasureState Suppressed(ErasureState state, long sequence) =>
        state with
        {
            Phase = ErasurePhase.Drain,
            Sequence = sequence,
        };

    /// <summary>Every partition follows the list, and has applied what it stored before.</summary>
    public static ErasureState Drained(ErasureState state) =>
        state with
        {
            Phase = ErasurePhase.Resolve,
            Suppressed = state.Identifiers,
        };

    /// <summary>A customer has answered.</summary>
    /// <param name="answers">One for each of <see cref="ErasureState.Customers"/>.</param>
    public static ErasureState Erased(ErasureState state, ImmutableArray<CustomerErasure> answers) =>
        state with
        {
            Phase = answers.All(answer => answer == CustomerErasure.Done)
                ? ErasurePhase.EraseIdentifiers
                : ErasurePhase.Resolve,
        };

    /// <summary>The identifiers are nobody's.</summary>
    public static ErasureState Freed(ErasureState state) => state with { Phase = ErasurePhase.Scrub };

    /// <summary>A pass that began after the identifiers were freed has taken out all that it found.</summary>
    public static ErasureState Scrubbed(ErasureState state) =>
        state with
        {
            Phase = ErasurePhase.Seal,
            Identifiers = [],
            Suppressed = [],
            Candidates = [],
        };

    /// <summary>That pass has looked through the files.</summary>
    public static ErasureState Sealed(ErasureState state) => state with { Phase = ErasurePhase.Done };

    /// <summary>An officer has named the customer, or one that has merged into it since: then it holds what was suppressed.</summary>
    private static bool IsMeant(PrivacyCandidate one, ErasureState state) =>
        state.Decided.Contains(one.CustomerId, StringComparer.Ordinal)
        || state.Customers.Contains(one.CustomerId, StringComparer.Ordinal)
        || one.Identifiers.Any(identifier => state.Suppressed.Contains(identifier));

    private static bool IsCovered(PrivacyCandidate one, ErasureState state) =>
        state.Customers.Contains(one.CustomerId, StringComparer.Ordinal)
        || one.Identifiers.All(identifier => state.Suppressed.Contains(identifier));

    /// <summary>What was given leads to others, too, whom the officer did not name: theirs stay theirs.</summary>
    private static IEnumerable<Identifier> Own(
        ErasureState state,
        ImmutableArray<PrivacyCandidate> found,
        ImmutableArray<PrivacyCandidate> meant
    ) =>
        state.Identifiers.Where(identifier =>
            !found.Any(one => !meant.Contains(one) && one.Identifiers.Contains(identifier))
        );
}
