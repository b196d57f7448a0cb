using System.Diagnostics.Metrics;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;

namespace Customer360.Api.Webhooks;

/// <summary>Metrics of webhooks. No tag holds a person's data.</summary>
internal static class WebhookInstruments
{
    private static readonly Meter s_meter = new(Collect.CollectInstruments.Name);

    private static readonly Counter<long> s_records = s_meter.CreateCounter<long>(
        "customer360.webhooks.records",
        "{record}"
    );

    private static readonly Counter<long> s_setAside = s_meter.CreateCounter<long>(
        "customer360.webhooks.set_aside",
        "{part}"
    );

    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>(
        "customer360.webhooks.refused",
        "{request}"
    );

    private static readonly Counter<long> s_reads = s_meter.CreateCounter<long>(
        "customer360.webhooks.reads",
        "{request}"
    );

    private static readonly Counter<long> s_readMessages = s_meter.CreateCounter<long>(
        "customer360.webhooks.read_messages",
        "{message}"
    );

    private static readonly Counter<long> s_readFailures = s_meter.CreateCounter<long>(
        "customer360.webhooks.read_failures",
        "{failure}"
    );

    /// <summary>Counts what was taken and passed over, and what was set aside with its reason.</summary>
    public static void Count(string source, WebhookReceipt receipt, WebhookIntake.Left left)
    {
        s_records.Add(receipt.Taken, Of(source), new("outcome", "taken"));
        s_records.Add(receipt.Skipped, Of(source), new("outcome", "skipped"));
        foreach (SetAsidePart part in left.Parts.Values)
        {
            s_setAside.Add(1, Of(source), new("reason", part.Reason));
        }
    }

    /// <summary>Counts a request that was not its source's own.</summary>
    public static void CountRefused(string source, string reason) =>
        s_refused.Add(1, Of(source), new("reason", reason));

    /// <summary>Counts messages of records that were read from a CRM.</summary>
    public static void CountRead(string source, int stored, int refused)
    {
        s_readMessages.Add(stored, Of(source), new("outcome", "stored"));
        s_readMessages.Add(refused, Of(source), new("outcome", "refused"));
    }

    /// <summary>Counts what a step of the reading came to.</summary>
    public static void CountReads(string source, ReadReport report)
    {
        s_reads.Add(report.Finished.Length, Of(source));
        if (report.Failure is { } failure)
        {
            s_readFailures.Add(1, Of(source), new("reason", ReadFaultNames.Of(failure.Fault)));
        }
    }

    private static KeyValuePair<string, object?> Of(string source) => new("source", source);
}
