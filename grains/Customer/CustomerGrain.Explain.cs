using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What readers ask a customer about how it came to be.</summary>
public sealed partial class CustomerGrain
{
    private const int DecisionsPage = 1_000;

    /// <summary>Decisions that one question looks through at the most.</summary>
    private const int DecisionsMax = 100_000;

    /// <summary>Merged customers whose decisions one question looks through at the most.</summary>
    private const int MergedCustomersMax = 1_000;

    /// <remarks>
    /// A merged customer's decisions may have any times, since a time is the message's: so all are looked through for
    /// each page, and only the page is kept. Merges are few; what makes a history long is read a thousand at a time.
    /// </remarks>
    public async Task<DecisionsReply> GetDecisions(DecisionsRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new DecisionsReply(movedTo, [], HasMore: false, IsTruncated: false);
        }

        var page = new HistoryPage(request.After, request.Limit);
        HashSet<string> known = new(StringComparer.Ordinal) { Id };
        Queue<string> open = new([Id]);
        int left = DecisionsMax;
        bool isTruncated = false;
        while (open.TryDequeue(out string? customerId) && left > 0)
        {
            DecisionCursor? after = null;
            bool more = true;
            while (more && left > 0)
            {
                ImmutableArray<DecisionRecord> decisions = await decisionLog.ReadAsync(
                    customerId,
                    after,
                    DecisionsPage,
                    CancellationToken.None
                );
                left -= decisions.Length;
                foreach (DecisionRecord decision in decisions)
                {
                    if (request.Naming.IsEmpty || DecisionPayload.Names(decision.Payload, request.Naming))
                    {
                        page.Offer(decision);
                    }

                    if (
                        decision is { Kind: DecisionKinds.Merged, OtherCustomerId: { } merged }
                        && decision.CustomerId == customerId
                        && known.Add(merged)
                    )
                    {
                        isTruncated |= known.Count > MergedCustomersMax;
                        if (known.Count <= MergedCustomersMax)
                        {
                            open.Enqueue(merged);
                        }
                    }
                }

                more = decisions.Length == DecisionsPage;
                after = more ? new DecisionCursor(decisions[^1].At, decisions[^1].Id) : after;
            }

            isTruncated |= more;
        }

        return new DecisionsReply(
            null,
            [.. page.Decisions.Select(RecordedDecision.Of)],
            page.HasMore,
            isTruncated || open.Count > 0
        );
    }

    public Task<StandingReply> GetStanding(Identifier identifier) =>
        Task.FromResult(
            new StandingReply(
                State.MovedTo,
                State.Map.TryGet(identifier, out ProfileEntry? entry) ? entry.AppliedTo : 0
            )
        );
}
