using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Reads how a customer came to be: a page of its decisions and of those of the customers that merged into it. From the decision
/// log alone, so it may run beside anything.
/// </summary>
/// <remarks>
/// A merged customer's decisions may have any times, since a time is the message's: so all are looked through for each page, and
/// only the page is kept. Merges are few; what makes a history long is read a thousand at a time.
/// </remarks>
internal sealed class CustomerHistory(IDecisionLog decisionLog)
{
    private const int PageDecisions = 1_000;

    /// <summary>Decisions that one question looks through at the most.</summary>
    private const int DecisionsMax = 100_000;

    /// <summary>Merged customers whose decisions one question looks through at the most.</summary>
    private const int MergedCustomersMax = 1_000;

    public async Task<DecisionsReply> Read(
        string customerId,
        DecisionsRequest request,
        CancellationToken cancellationToken
    )
    {
        var page = new HistoryPage(request.After, request.Limit);
        HashSet<string> known = new(StringComparer.Ordinal) { customerId };
        Queue<string> open = new([customerId]);
        int left = DecisionsMax;
        bool isTruncated = false;
        while (open.TryDequeue(out string? next) && left > 0)
        {
            DecisionCursor? after = null;
            bool more = true;
            while (more && left > 0)
            {
                ImmutableArray<DecisionRecord> decisions = await decisionLog.ReadAsync(
                    next,
                    after,
                    PageDecisions,
                    cancellationToken
                );
                left -= decisions.Length;
                foreach (DecisionRecord decision in decisions)
                {
                    Offer(page, decision, request);
                    if (MergedAway(decision, next) is { } merged && known.Add(merged))
                    {
                        isTruncated |= known.Count > MergedCustomersMax;
                        if (known.Count <= MergedCustomersMax)
                        {
                            open.Enqueue(merged);
                        }
                    }
                }

                more = decisions.Length == PageDecisions;
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

    private static void Offer(HistoryPage page, DecisionRecord decision, DecisionsRequest request)
    {
        if (request.Naming.IsEmpty || DecisionPayload.Read(decision.Payload).Mentions(request.Naming))
        {
            page.Offer(decision);
        }
    }

    private static string? MergedAway(DecisionRecord decision, string survivor) =>
        decision.Kind == DecisionKinds.Merged && decision.CustomerId == survivor ? decision.OtherCustomerId : null;
}
