using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Customer360.Api.Telemetry;

/// <summary>Prometheus' text exposition format, version 0.0.4; names as OpenTelemetry's mapping to Prometheus has them.</summary>
internal static class PrometheusText
{
    public static string Write(IEnumerable<MetricSnapshot> metrics)
    {
        var text = new StringBuilder();

        // Two instruments may bear one name; the format allows one heading a name, so their series stand together.
        foreach (IGrouping<string, MetricSnapshot> family in metrics.GroupBy(NameOf, StringComparer.Ordinal))
        {
            if (family.Any(metric => !metric.Series.IsEmpty))
            {
                WriteFamily(text, family.Key, [.. family]);
            }
        }

        return text.ToString();
    }

    private static void WriteFamily(StringBuilder text, string name, ImmutableArray<MetricSnapshot> metrics)
    {
        MetricSnapshot first = metrics[0];
        if (!string.IsNullOrEmpty(first.Description))
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(first.Description)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(first.Kind)).Append('\n');
        foreach (MetricSnapshot metric in metrics.Where(metric => metric.Kind == first.Kind))
        {
            foreach (MetricSeriesSnapshot series in metric.Series)
            {
                if (metric.Kind == MetricKind.Histogram)
                {
                    WriteHistogram(text, name, metric.Boundaries, series);
                }
                else
                {
                    WriteSample(text, name, series.Tags, le: null, series.Value);
                }
            }
        }
    }

    private static void WriteHistogram(
        StringBuilder text,
        string name,
        ImmutableArray<double> boundaries,
        MetricSeriesSnapshot series
    )
    {
        long upTo = 0;
        for (int bucket = 0; bucket < series.Buckets.Length; bucket++)
        {
            upTo += series.Buckets[bucket];
            string le = bucket < boundaries.Length ? Number(boundaries[bucket]) : "+Inf";
            WriteSample(text, $"{name}_bucket", series.Tags, le, upTo);
        }

        WriteSample(text, $"{name}_sum", series.Tags, le: null, series.Value);
        WriteSample(text, $"{name}_count", series.Tags, le: null, series.Count);
    }

    private static void WriteSample(
        StringBuilder text,
        string name,
        ImmutableArray<KeyValuePair<string, string>> tags,
        string? le,
        double value
    )
    {
        text.Append(name);
        if (!tags.IsEmpty || le is not null)
        {
            text.Append('{');
            string separator = string.Empty;
            foreach ((string key, string tag) in tags)
            {
                text.Append(separator).Append(Sanitize(key)).Append("=\"").Append(EscapeTag(tag)).Append('"');
                separator = ",";
            }

            if (le is not null)
            {
                text.Append(separator).Append("le=\"").Append(le).Append('"');
            }

            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string NameOf(MetricSnapshot metric)
    {
        string unit = metric.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ => string.Empty,
        };
        string name = Sanitize(metric.Name);
        string withUnit = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return metric.Kind == MetricKind.Counter && !withUnit.EndsWith("_total", StringComparison.Ordinal)
            ? $"{withUnit}_total"
            : withUnit;
    }

    private static string TypeOf(MetricKind kind) =>
        kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        };

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Sanitize(string name)
    {
        char[] letters = name.ToCharArray();
        for (int index = 0; index < letters.Length; index++)
        {
            bool allowed = char.IsAsciiLetter(letters[index]) || (index > 0 && char.IsAsciiDigit(letters[index]));
            letters[index] = allowed ? letters[index] : '_';
        }

        return new string(letters);
    }

    private static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeTag(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
