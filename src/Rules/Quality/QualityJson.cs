using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Customer360.Rules.Quality;

/// <summary>How a check stands for a source.</summary>
/// <param name="Alert">Null: none stands.</param>
public sealed record QualityStanding(string Source, QualityWatch Watch, StandingAlert? Alert);

/// <summary>What a check keeps.</summary>
/// <param name="Standings">By source.</param>
/// <param name="Told">The last alerts, the oldest first.</param>
public sealed record QualityCheckFile(ImmutableArray<QualityStanding> Standings, ImmutableArray<QualityAlert> Told)
{
    /// <summary>See <see cref="QualityCheck.About"/>; empty: nobody has looked.</summary>
    public string About { get; init; } = "";

    public static QualityCheckFile Empty { get; } = new([], []);
}

/// <summary>The stored and sent forms of what quality keeps.</summary>
public static class QualityJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary><c>{"countedTo":{"3":17},"rows":[{"event","version","numbers":{"messages":2},"firstAt","lastAt"}]}</c></summary>
    public static void Write(Utf8JsonWriter writer, QualityHour hour) =>
        JsonSerializer.Serialize(writer, HourFile.Of(hour), s_options);

    /// <inheritdoc cref="Write(Utf8JsonWriter, QualityHour)"/>
    public static ReadOnlyMemory<byte> Write(QualityHour hour) =>
        JsonSerializer.SerializeToUtf8Bytes(HourFile.Of(hour), s_options);

    public static QualityHour ReadHour(ref Utf8JsonReader reader) =>
        (JsonSerializer.Deserialize<HourFile>(ref reader, s_options) ?? throw Null()).ToHour();

    public static QualityHour ReadHour(ReadOnlyMemory<byte> json) =>
        json.IsEmpty
            ? QualityHour.Empty
            : (JsonSerializer.Deserialize<HourFile>(json.Span, s_options) ?? throw Null()).ToHour();

    /// <summary><c>{"standings":[{"source","watch":{…},"alert":{…}}],"told":[{…}]}</c></summary>
    public static void Write(Utf8JsonWriter writer, QualityCheckFile file) =>
        JsonSerializer.Serialize(writer, file, s_options);

    /// <inheritdoc cref="Write(Utf8JsonWriter, QualityCheckFile)"/>
    public static ReadOnlyMemory<byte> Write(QualityCheckFile file) =>
        JsonSerializer.SerializeToUtf8Bytes(file, s_options);

    public static QualityCheckFile ReadCheck(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize<QualityCheckFile>(ref reader, s_options) ?? throw Null();

    public static QualityCheckFile ReadCheck(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize<QualityCheckFile>(json.Span, s_options) ?? throw Null();

    /// <summary><c>{"sources":[{"source","keptFrom"}],"seen":[{"source","event","firstAt","lastAt"}],"lookedTo","checks":[…]}</c></summary>
    public static void Write(Utf8JsonWriter writer, QualityRoster roster) =>
        JsonSerializer.Serialize(writer, roster, s_options);

    public static QualityRoster ReadRoster(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize<QualityRoster>(ref reader, s_options) ?? throw Null();

    public static ReadOnlyMemory<byte> Write(QualityAlert alert) =>
        JsonSerializer.SerializeToUtf8Bytes(alert, s_options);

    public static QualityAlert ReadAlert(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize<QualityAlert>(json.Span, s_options) ?? throw Null();

    private static JsonException Null() => new("What quality keeps is null.");

    private sealed record RowFile(
        string Event,
        string Version,
        Dictionary<string, long> Numbers,
        DateTimeOffset FirstAt,
        DateTimeOffset LastAt
    );

    private sealed record HourFile(Dictionary<string, long> CountedTo, ImmutableArray<RowFile> Rows)
    {
        /// <summary>Null where nothing came again.</summary>
        public Dictionary<string, RepeatMark>? RepeatsTo { get; init; }

        public static HourFile Of(QualityHour hour) =>
            new(
                hour.CountedTo.ToDictionary(
                    one => one.Key.ToString(CultureInfo.InvariantCulture),
                    one => one.Value,
                    StringComparer.Ordinal
                ),
                [
                    .. hour.Rows.Select(row => new RowFile(
                        row.Key.Event,
                        row.Key.Version,
                        new Dictionary<string, long>(row.Value.Numbers, StringComparer.Ordinal),
                        row.Value.FirstAt!.Value,
                        row.Value.LastAt!.Value
                    )),
                ]
            )
            {
                RepeatsTo = hour.RepeatsTo.IsEmpty
                    ? null
                    : hour.RepeatsTo.ToDictionary(
                        one => one.Key.ToString(CultureInfo.InvariantCulture),
                        one => one.Value,
                        StringComparer.Ordinal
                    ),
            };

        public QualityHour ToHour() =>
            new(
                CountedTo.ToImmutableSortedDictionary(
                    one => int.Parse(one.Key, CultureInfo.InvariantCulture),
                    one => one.Value
                ),
                Rows.ToImmutableSortedDictionary(
                    row => new QualityRow(row.Event, row.Version),
                    row => new QualityCounts(
                        row.Numbers.ToImmutableSortedDictionary(StringComparer.Ordinal),
                        row.FirstAt,
                        row.LastAt
                    )
                )
            )
            {
                RepeatsTo = (RepeatsTo ?? []).ToImmutableSortedDictionary(
                    one => int.Parse(one.Key, CultureInfo.InvariantCulture),
                    one => one.Value
                ),
            };
    }
}
