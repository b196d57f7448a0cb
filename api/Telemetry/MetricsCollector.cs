using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace Customer360.Api.Telemetry;

/// <summary>Adds up, within the process, what the meters below report from its start on.</summary>
internal sealed class MetricsCollector : IDisposable
{
    /// <summary>The meters that are read; a star stands for any ending.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    ["Customer360.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    // The engine watches every grain call one by one while somebody listens to these: twice the cost of a profile read.
    private static readonly FrozenSet<string> s_ofEveryGrainCall = new[]
    {
        "customer360.engine.call.duration",
        "customer360.engine.calls",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _collecting = new();

    /// <param name="grainCalls">True: what is reported for every grain call, too.</param>
    public MetricsCollector(bool grainCalls)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsRead(instrument.Meter.Name) && (grainCalls || !s_ofEveryGrainCall.Contains(instrument.Name)))
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, MetricFamily.Of));
            }
        };
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
        _listener.Start();
    }

    /// <summary>What has been reported so far, by name; instruments that are asked (gauges) are asked now.</summary>
    public IReadOnlyList<MetricSnapshot> Collect()
    {
        lock (_collecting)
        {
            foreach (MetricFamily family in _families.Values)
            {
                family.ForgetObserved();
            }

            _listener.RecordObservableInstruments();
            return
            [
                .. _families
                    .Values.Select(family => family.Snapshot())
                    .OrderBy(one => one.Name, StringComparer.Ordinal),
            ];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Listen<T>()
        where T : struct, INumber<T> =>
        _listener.SetMeasurementEventCallback<T>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(double.CreateChecked(value), tags)
        );

    private static bool IsRead(string meter)
    {
        foreach (string name in Meters)
        {
            bool matches = name.EndsWith('*')
                ? meter.AsSpan().StartsWith(name.AsSpan(0, name.Length - 1), StringComparison.Ordinal)
                : string.Equals(meter, name, StringComparison.Ordinal);
            if (matches)
            {
                return true;
            }
        }

        return false;
    }
}
