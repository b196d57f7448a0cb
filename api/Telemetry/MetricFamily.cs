using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Customer360.Api.Telemetry;

/// <summary>How a metric's numbers are to be read.</summary>
internal enum MetricKind
{
    Counter = 1,
    Gauge = 2,
    Histogram = 3,
}

/// <summary>One instrument's numbers, by tags.</summary>
/// <remarks>
/// The number of series is bounded: whatever tags come beyond the bound are added up in one more series with the tag
/// <c>overflow</c>. Finding a series allocates nothing.
/// </remarks>
internal sealed class MetricFamily
{
    private const int SeriesMax = 256;

    private static readonly KeyValuePair<string, object?>[] s_overflow = [new("overflow", "true")];

    // The default boundaries of OpenTelemetry, and the same for seconds.
    private static readonly ImmutableArray<double> s_boundaries =
    [
        0,
        5,
        10,
        25,
        50,
        75,
        100,
        250,
        500,
        750,
        1_000,
        2_500,
        5_000,
        7_500,
        10_000,
    ];
    private static readonly ImmutableArray<double> s_boundariesSeconds =
    [
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.25,
        0.5,
        0.75,
        1,
        2.5,
        5,
        7.5,
        10,
    ];

    private readonly Instrument _instrument;
    private readonly MetricKind _kind;
    private readonly bool _isAbsolute;
    private readonly ImmutableArray<double> _boundaries;
    private readonly ConcurrentDictionary<TagSet, MetricSeries> _series = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<TagSet, MetricSeries>.AlternateLookup<
        ReadOnlySpan<KeyValuePair<string, object?>>
    > _lookup;

    private MetricFamily(Instrument instrument, MetricKind kind, bool isAbsolute)
    {
        _instrument = instrument;
        _kind = kind;
        _isAbsolute = isAbsolute;
        _boundaries = kind == MetricKind.Histogram ? BoundariesOf(instrument) : [];
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public static MetricFamily Of(Instrument instrument)
    {
        string type = instrument.GetType().Name;
        bool isGauge = type.StartsWith("Gauge", StringComparison.Ordinal);
        MetricKind kind =
            type.StartsWith("Histogram", StringComparison.Ordinal) ? MetricKind.Histogram
            : isGauge || type.Contains("UpDown", StringComparison.Ordinal) ? MetricKind.Gauge
            : type.StartsWith("ObservableGauge", StringComparison.Ordinal) ? MetricKind.Gauge
            : MetricKind.Counter;
        return new MetricFamily(instrument, kind, isGauge || instrument.IsObservable);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_lookup.TryGetValue(tags, out MetricSeries? series))
        {
            series = Add(_series.Count < SeriesMax ? tags : s_overflow);
        }

        if (_kind == MetricKind.Histogram)
        {
            series.Observe(value);
        }
        else if (_isAbsolute)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Observed numbers hold for one collection: what is not reported again is no more.</summary>
    public void ForgetObserved()
    {
        if (_instrument.IsObservable)
        {
            _series.Clear();
        }
    }

    public MetricSnapshot Snapshot() =>
        new(
            _instrument.Name,
            _instrument.Unit,
            _instrument.Description,
            _kind,
            _boundaries,
            [.. _series.Select(one => one.Value.Snapshot(one.Key))]
        );

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _series.GetOrAdd(TagSet.Of(tags), static (_, boundaries) => new MetricSeries(boundaries), _boundaries);

    private static ImmutableArray<double> BoundariesOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } =>
            [
                .. advised.Select(one => (double)one),
            ],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(one => (double)one)],
            { Unit: "s" } => s_boundariesSeconds,
            _ => s_boundaries,
        };
}
