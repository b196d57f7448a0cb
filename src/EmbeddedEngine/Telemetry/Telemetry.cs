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
    private static readonly List<WeakReference<GrainEngine>> s_engines = [];
    private static ObservableGauge<int>? s_activations;
    private static ObservableGauge<int>? s_queueLength;

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

    /// <summary>Reports the gauges of an engine for as long as it lives. A process that makes many reports their sum.</summary>
    public static void Observe(GrainEngine engine)
    {
        lock (s_engines)
        {
            // The meter lives as long as the process; the engine must not, so it is only referenced weakly.
            s_engines.RemoveAll(static weak => !weak.TryGetTarget(out _));
            s_engines.Add(new WeakReference<GrainEngine>(engine));
            s_activations ??= s_meter.CreateObservableGauge(
                "customer360.engine.activations",
                static () => SumOf(static one => one.Directory.Count),
                "{activation}",
                "Activations in memory."
            );
            s_queueLength ??= s_meter.CreateObservableGauge(
                "customer360.engine.queue.length",
                static () => SumOf(static one => one.QueueLength()),
                "{request}",
                "Requests that wait in mailboxes."
            );
        }
    }

    private static int SumOf(Func<GrainEngine, int> count)
    {
        lock (s_engines)
        {
            return s_engines.Sum(weak => weak.TryGetTarget(out var engine) ? count(engine) : 0);
        }
    }
}
