using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Customer360.Grains;

/// <summary>The grains' metrics (meter and activity source <c>Customer360.Grains</c>). No tag holds a person's data.</summary>
internal static class GridInstruments
{
    public const string Name = "Customer360.Grains";

    private static readonly Meter s_meter = new(Name);

    public static readonly ActivitySource Activities = new(Name);

    /// <summary>Messages made durable.</summary>
    public static readonly Counter<long> MessagesStored = s_meter.CreateCounter<long>(
        "customer360.intake.stored",
        "{message}"
    );

    /// <summary>Messages recognised as repeats.</summary>
    public static readonly Counter<long> MessagesDuplicate = s_meter.CreateCounter<long>(
        "customer360.intake.duplicate",
        "{message}"
    );

    /// <summary>Messages that were not taken in, because their person must not be taken in again.</summary>
    public static readonly Counter<long> MessagesSuppressed = s_meter.CreateCounter<long>(
        "customer360.intake.suppressed",
        "{message}"
    );

    /// <summary>Messages whose profile shows them.</summary>
    public static readonly Counter<long> MessagesApplied = s_meter.CreateCounter<long>(
        "customer360.intake.applied",
        "{message}"
    );

    /// <summary>From the receipt of the oldest message of a handover to its profile showing it.</summary>
    public static readonly Histogram<double> IntakeLag = s_meter.CreateHistogram<double>("customer360.intake.lag", "s");

    /// <summary>Handovers that failed and are tried again.</summary>
    public static readonly Counter<long> HandoversRetried = s_meter.CreateCounter<long>(
        "customer360.intake.retried",
        "{handover}"
    );

    /// <summary>Messages that could not be applied and were set aside.</summary>
    public static readonly Counter<long> MessagesQuarantined = s_meter.CreateCounter<long>(
        "customer360.intake.quarantined",
        "{message}"
    );

    /// <summary>Customers merged into older ones.</summary>
    public static readonly Counter<long> Merges = s_meter.CreateCounter<long>("customer360.customer.merges", "{merge}");

    /// <summary>Splits done, merges taken back among them.</summary>
    public static readonly Counter<long> Splits = s_meter.CreateCounter<long>("customer360.customer.splits", "{split}");

    /// <summary>Changes of membership in audiences, by <c>change</c>: <c>entered</c>, <c>left</c> or <c>carried</c>.</summary>
    public static readonly Counter<long> AudienceChanges = s_meter.CreateCounter<long>(
        "customer360.audience.changes",
        "{change}"
    );

    /// <summary>Customers created.</summary>
    public static readonly Counter<long> CustomersCreated = s_meter.CreateCounter<long>(
        "customer360.customer.created",
        "{customer}"
    );

    /// <summary>Identifiers that came with too many anchors.</summary>
    public static readonly Counter<long> IdentifiersQuarantined = s_meter.CreateCounter<long>(
        "customer360.identity.quarantined",
        "{identifier}"
    );

    /// <summary>Identifiers left out by a decision.</summary>
    public static readonly Counter<long> IdentifiersDemoted = s_meter.CreateCounter<long>(
        "customer360.identity.demoted",
        "{identifier}"
    );
}
