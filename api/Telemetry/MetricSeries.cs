using System.Collections.Immutable;

namespace Customer360.Api.Telemetry;

/// <summary>The numbers of one instrument under one set of tags. Any thread may report at any time.</summary>
internal sealed class MetricSeries(ImmutableArray<double> boundaries)
{
    private readonly Lock _changing = new();
    private readonly long[] _buckets = boundaries.IsEmpty ? [] : new long[boundaries.Length + 1];
    private double _sum;
    private long _count;

    public void Add(double value)
    {
        lock (_changing)
        {
            _sum += value;
        }
    }

    public void Set(double value)
    {
        lock (_changing)
        {
            _sum = value;
        }
    }

    public void Observe(double value)
    {
        // A bucket holds what is at most its boundary, as Prometheus' "le" says.
        int bucket = boundaries.AsSpan().BinarySearch(value);
        lock (_changing)
        {
            _buckets[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
            _count++;
        }
    }

    public MetricSeriesSnapshot Snapshot(TagSet tags)
    {
        lock (_changing)
        {
            return new MetricSeriesSnapshot(tags.Tags, _sum, _count, [.. _buckets]);
        }
    }
}

/// <param name="Value">The sum or the last value; of a histogram, the sum.</param>
/// <param name="Buckets">Of a histogram: how many were in each bucket, not added up.</param>
internal sealed record MetricSeriesSnapshot(
    ImmutableArray<KeyValuePair<string, string>> Tags,
    double Value,
    long Count,
    ImmutableArray<long> Buckets
);

internal sealed record MetricSnapshot(
    string Name,
    string? Unit,
    string? Description,
    MetricKind Kind,
    ImmutableArray<double> Boundaries,
    ImmutableArray<MetricSeriesSnapshot> Series
);
