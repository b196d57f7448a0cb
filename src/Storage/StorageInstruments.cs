using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Customer360.Storage;

/// <summary>What storage measures and traces. Costs next to nothing while nobody listens.</summary>
internal static class StorageInstruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Customer360.Storage";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter s_meter = new(Name);

    public static readonly Counter<long> Commits = s_meter.CreateCounter<long>(
        "customer360.storage.commits",
        "{commit}",
        "Transactions that were committed."
    );

    public static readonly Histogram<double> CommitDuration = s_meter.CreateHistogram<double>(
        "customer360.storage.commit.duration",
        "s",
        "How long a transaction took, from taking up its requests to the commit."
    );

    public static readonly Histogram<int> CommitRows = s_meter.CreateHistogram<int>(
        "customer360.storage.commit.rows",
        "{row}",
        "Rows that shared one transaction."
    );

    public static readonly Histogram<int> ReadsPerBatch = s_meter.CreateHistogram<int>(
        "customer360.storage.read.batch",
        "{read}",
        "Single reads that were answered together."
    );

    public static readonly Counter<long> Failures = s_meter.CreateCounter<long>(
        "customer360.storage.failures",
        "{batch}",
        "Batches that failed, by pipeline and code."
    );

    public static readonly Counter<long> Damaged = s_meter.CreateCounter<long>(
        "customer360.storage.damaged",
        "{request}",
        "Requests whose data is damaged, by code. Anything but none needs a person: waiting does not help."
    );

    public static readonly UpDownCounter<int> QueueLength = s_meter.CreateUpDownCounter<int>(
        "customer360.storage.queue.length",
        "{request}",
        "Requests that wait for the next transaction."
    );
}
