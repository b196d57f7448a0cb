using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Warehouse;

/// <summary>From when to when an identifier was a customer's.</summary>
/// <param name="To">Null: it is still.</param>
/// <param name="Began">The decision that made it the customer's; null: none is known.</param>
/// <param name="Ended">The decision that took it away.</param>
public sealed record HeldIdentifier(
    Identifier Identifier,
    DateTimeOffset From,
    DateTimeOffset? To,
    DecisionRecord? Began,
    DecisionRecord? Ended
);

/// <summary>
/// Which identifiers a customer had when, worked out from its own decisions alone: what a merge brings and a split takes away stands in
/// their records.
/// </summary>
/// <remarks>
/// A decision has the time of the message that caused it, and messages come late. So what a customer holds now is asked, too: of what it
/// holds the last interval is open, of nothing else, and an interval that would end before it begins is empty.
/// </remarks>
public static class IdentityHistory
{
    /// <param name="customerId">The customer.</param>
    /// <param name="decisions">Its decisions, in any order.</param>
    /// <param name="held">What it holds now.</param>
    public static ImmutableArray<HeldIdentifier> Of(
        string customerId,
        IEnumerable<DecisionRecord> decisions,
        IReadOnlyCollection<ProfilePlace> held
    )
    {
        var open = new Dictionary<Identifier, HeldIdentifier>();
        var taken = new Dictionary<Identifier, DecisionRecord>();
        var done = ImmutableArray.CreateBuilder<HeldIdentifier>();
        foreach (DecisionRecord decision in decisions.OrderBy(HistoryPlace.Of))
        {
            (IReadOnlyCollection<Identifier> gained, IReadOnlyCollection<Identifier> lost) = ChangeOf(
                customerId,
                decision,
                open.Keys
            );
            foreach (Identifier identifier in gained)
            {
                open.TryAdd(identifier, new HeldIdentifier(identifier, decision.At, null, decision, null));
            }

            foreach (Identifier identifier in lost)
            {
                taken[identifier] = decision;
                if (open.Remove(identifier, out HeldIdentifier? one))
                {
                    done.Add(Closed(one, decision));
                }
            }
        }

        HashSet<Identifier> now = [.. held.Select(one => one.Identifier)];
        foreach (HeldIdentifier one in open.Values)
        {
            done.Add(now.Contains(one.Identifier) ? one : Closed(one, taken.GetValueOrDefault(one.Identifier)));
        }

        done.AddRange(
            held.Where(one => !open.ContainsKey(one.Identifier))
                .Select(one => new HeldIdentifier(one.Identifier, one.Since, null, null, null))
        );
        return
        [
            .. done.OrderBy(one => one.Identifier)
                .ThenBy(one => one.From)
                .ThenBy(one => one.To ?? DateTimeOffset.MaxValue),
        ];
    }

    private static HeldIdentifier Closed(HeldIdentifier one, DecisionRecord? by) =>
        one with
        {
            To = by is null || by.At < one.From ? one.From : by.At,
            Ended = by,
        };

    private static (IReadOnlyCollection<Identifier> Gained, IReadOnlyCollection<Identifier> Lost) ChangeOf(
        string customerId,
        DecisionRecord decision,
        IReadOnlyCollection<Identifier> open
    )
    {
        bool isOther = decision.OtherCustomerId == customerId;
        ImmutableArray<Identifier> named = DecisionPayload.Read(decision.Payload).Identifiers;
        return decision.Kind switch
        {
            DecisionKinds.Created or DecisionKinds.Linked => (named, []),
            // Also what the record does not name: a merge leaves nothing behind.
            DecisionKinds.Merged => isOther ? ([], [.. open.Union(named)]) : (named, []),
            DecisionKinds.Split => isOther ? (named, []) : ([], named),
            DecisionKinds.Unlinked => ([], named),
            _ => ([], []),
        };
    }
}

/// <summary>An identifier that a customer holds now.</summary>
/// <param name="Since">When it was linked.</param>
public readonly record struct ProfilePlace(Identifier Identifier, DateTimeOffset Since);
