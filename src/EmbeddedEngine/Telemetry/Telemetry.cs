using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Traces and metrics under the name "Customer360.Engine". While nobody listens a call pays two reads of a flag.
/// </summary>
internal static class Telemetry
{
    public const string Name = "Customer360.Engine";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter s_meter = new(Name);

    /// <summary>Calls that grains have answered, by method and outcome.</summary>
    public static readonly Histogram<double> CallDuration = s_meter.CreateHistogram<double>(
        "customer360.engine.call.duration",
        "s",
        "Time from the beginning of a call's turn to its end."
    );

    public static readonly Counter<long> Calls = s_meter.CreateCounter<long>(
        "customer360.engine.calls",
        "{call}",
        "Calls that grains have ended."
    );

    public static readonly Counter<long> Timeouts = s_meter.CreateCounter<long>(
        "customer360.engine.timeouts",
        "{call}",
        "Calls that were not answered in time."
    );

    /// <summary>True if calls have to be watched one by one.</summary>
    public static bool IsMeasuring => CallDuration.Enabled || Calls.Enabled;

    /// <summary>Reports the gauges of an engine for as long as somebody holds the result.</summary>
    public static void Observe(GrainEngine engine)
    {
        // The meter lives as long as the process; the engine must not, so it is only referenced weakly.
        var weak = new WeakReference<GrainEngine>(engine);
        s_meter.CreateObservableGauge(
            "customer360.engine.activations",
            () => weak.TryGetTarget(out var target) ? target.Directory.Count : 0,
            "{activation}",
            "Activations in memory."
        );
        s_meter.CreateObservableGauge(
            "customer360.engine.queue.length",
            () => weak.TryGetTarget(out var target) ? target.QueueLength() : 0,
            "{request}",
            "Requests that wait in mailboxes."
        );
    }
}
