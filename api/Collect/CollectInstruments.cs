using System.Diagnostics.Metrics;
using Customer360.Api.Problems;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Collect;

/// <summary>Metrics of the collect endpoints (meter <c>Customer360.Api</c>). No tag holds a person's data.</summary>
internal static class CollectInstruments
{
    public const string Name = "Customer360.Api";

    private static readonly Meter s_meter = new(Name);

    /// <summary>Calls that were asked to come again because this process had too much under way.</summary>
    public static readonly Counter<long> Throttled = s_meter.CreateCounter<long>(
        "customer360.collect.throttled",
        "{request}"
    );

    private static readonly Counter<long> s_rejected = s_meter.CreateCounter<long>(
        "customer360.collect.rejected",
        "{message}"
    );

    private static readonly Counter<long> s_leftOut = s_meter.CreateCounter<long>(
        "customer360.collect.left_out",
        "{part}"
    );

    private static readonly Counter<long> s_reduced = s_meter.CreateCounter<long>(
        "customer360.collect.reduced_by_consent",
        "{message}"
    );

    /// <summary>
    /// Counts what was not taken, by reason: messages by their refusal's code, a call that was refused as a whole as one; and
    /// the parts, identifiers among them, that were left out of messages that were taken.
    /// </summary>
    public static void Count(in Outcome<CollectResult> result)
    {
        if (!result.Succeeded)
        {
            // Who is asked to come again has lost nothing.
            if (result.Refusal is not (TooBusy or Unavailable))
            {
                s_rejected.Add(1, Reason(result.Refusal.Code));
            }

            return;
        }

        foreach (CollectReceipt receipt in result.Value.Receipts)
        {
            if (receipt.Refusal is { } refusal)
            {
                s_rejected.Add(1, Reason(refusal.Code));
            }
        }

        foreach (Envelope? envelope in result.Value.Envelopes)
        {
            if (envelope is not null)
            {
                Count(envelope);
            }
        }
    }

    private static void Count(Envelope envelope)
    {
        foreach (LeftOutPart part in envelope.LeftOut)
        {
            s_leftOut.Add(1, Reason(part.Reason));
        }

        foreach (BlockedIdentifier blocked in envelope.Blocked)
        {
            s_leftOut.Add(1, Reason(blocked.Reason));
        }

        if (envelope.Consent is { Boundary: var boundary and not CollectBoundary.Stored })
        {
            s_reduced.Add(1, Reason(boundary == CollectBoundary.Dropped ? "dropped" : "without_personal"));
        }
    }

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
