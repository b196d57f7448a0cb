using System.Diagnostics.Metrics;
using Customer360.Api.Payloads;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints.Collect;

/// <summary>Metrics of the collect endpoints (meter <c>Customer360.Api</c>). No tag holds a person's data.</summary>
internal static class CollectInstruments
{
    public const string Name = "Customer360.Api";

    private static readonly Meter Meter = new(Name);

    /// <summary>Calls that were asked to come again because this process had too much under way.</summary>
    public static readonly Counter<long> Throttled = Meter.CreateCounter<long>(
        "customer360.collect.throttled",
        "{request}"
    );

    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>(
        "customer360.collect.rejected",
        "{message}"
    );

    /// <summary>Counts the messages that a call refused, by the refusal's code.</summary>
    public static void Count(in Outcome<CollectResult> result)
    {
        if (!result.Succeeded || !Rejected.Enabled)
        {
            return;
        }

        foreach (CollectReceipt receipt in result.Value.Receipts)
        {
            if (receipt.Refusal is { } refusal)
            {
                Rejected.Add(1, new KeyValuePair<string, object?>("reason", refusal.Code));
            }
        }
    }
}
