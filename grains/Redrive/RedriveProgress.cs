using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>Where a re-drive stands, and what it came to so far.</summary>
/// <param name="Partition">Of the last message that was looked at.</param>
/// <param name="Position">Of it.</param>
/// <param name="Matched">How many the filter meant.</param>
/// <param name="Released">How many of them left the quarantine, or would.</param>
/// <param name="Gone">How many of them nobody may know any more.</param>
/// <param name="Violating">How many of them stay.</param>
/// <param name="Violations">What those do not keep; the commonest first.</param>
public sealed record RedriveProgress(
    int Partition,
    long Position,
    long Matched,
    long Released,
    long Gone,
    long Violating,
    ImmutableArray<RedriveViolation> Violations
)
{
    /// <summary>Kinds that are told apart.</summary>
    private const int ViolationsMax = 100;

    public static RedriveProgress None { get; } = new(-1, 0, 0, 0, 0, 0, []);

    /// <summary>It stays where it is: only what left the quarantine counts, all others are asked for again.</summary>
    public RedriveProgress Partly(RedriveReply reply) =>
        this with
        {
            Matched = Matched + reply.Released + reply.Gone,
            Released = Released + reply.Released,
            Gone = Gone + reply.Gone,
        };

    /// <summary>It went on to that place.</summary>
    public RedriveProgress With(int partition, long position, RedriveReply reply) =>
        new(
            partition,
            position,
            Matched + reply.Matched,
            Released + reply.Released,
            Gone + reply.Gone,
            Violating + reply.Violations.Sum(one => one.Count),
            [
                .. Violations
                    .Concat(reply.Violations)
                    .GroupBy(one => (one.Source, one.Place))
                    .Select(group => new RedriveViolation(
                        group.Key.Source,
                        group.Key.Place,
                        group.Sum(one => one.Count)
                    ))
                    .OrderByDescending(one => one.Count)
                    .Take(ViolationsMax),
            ]
        );
}

/// <summary><c>"redrive":{"partition","position","matched","released","gone","violating","violations":[{"source","contract","path","kind","count"}]}</c></summary>
internal static class RedriveProgressJson
{
    public static void Write(Utf8JsonWriter writer, RedriveProgress redrive)
    {
        writer.WriteStartObject("redrive"u8);
        writer.WriteNumber("partition"u8, redrive.Partition);
        writer.WriteNumber("position"u8, redrive.Position);
        WriteCounts(writer, redrive);
        writer.WriteEndObject();
    }

    public static void WriteCounts(Utf8JsonWriter writer, RedriveProgress redrive)
    {
        writer.WriteNumber("matched"u8, redrive.Matched);
        writer.WriteNumber("released"u8, redrive.Released);
        writer.WriteNumber("gone"u8, redrive.Gone);
        writer.WriteNumber("violating"u8, redrive.Violating);
        writer.WriteStartArray("violations"u8);
        foreach (RedriveViolation one in redrive.Violations)
        {
            writer.WriteStartObject();
            writer.WriteString("source"u8, one.Source);
            writer.WriteString("contract"u8, one.Place.Contract);
            writer.WriteString("path"u8, one.Place.Path);
            writer.WriteString("kind"u8, one.Place.Kind);
            writer.WriteNumber("count"u8, one.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static RedriveProgress Read(JsonElement redrive) =>
        new(
            redrive.GetProperty("partition"u8).GetInt32(),
            redrive.GetProperty("position"u8).GetInt64(),
            redrive.GetProperty("matched"u8).GetInt64(),
            redrive.GetProperty("released"u8).GetInt64(),
            redrive.GetProperty("gone"u8).GetInt64(),
            redrive.GetProperty("violating"u8).GetInt64(),
            [
                .. redrive
                    .GetProperty("violations"u8)
                    .EnumerateArray()
                    .Select(one => new RedriveViolation(
                        one.GetProperty("source"u8).GetString()!,
                        new ViolationPlace(
                            one.GetProperty("contract"u8).GetString()!,
                            one.GetProperty("path"u8).GetString()!,
                            one.GetProperty("kind"u8).GetString()!
                        ),
                        one.GetProperty("count"u8).GetInt64()
                    )),
            ]
        );
}

/// <summary><c>"filter":{"source"?,"contract"?,"kind"?}</c></summary>
internal static class RedriveFilterJson
{
    public static void Write(Utf8JsonWriter writer, RedriveFilter filter)
    {
        writer.WriteStartObject("filter"u8);
        writer.WriteString("source"u8, filter.Source);
        writer.WriteString("contract"u8, filter.Contract);
        writer.WriteString("kind"u8, filter.Kind);
        writer.WriteEndObject();
    }

    public static RedriveFilter Read(JsonElement filter) =>
        new(filter.TextOrNull("source"u8), filter.TextOrNull("contract"u8), filter.TextOrNull("kind"u8));
}
