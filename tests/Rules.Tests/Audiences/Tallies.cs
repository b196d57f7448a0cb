using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Tallies;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>Events at times that collide, and tallies of them.</summary>
internal static class Tallies
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Up to 200 events within 40 days, on few times and with few words, each at a place of its own.</summary>
    public static Gen<Moment[]> Moments { get; } =
        Gen.Choose(0, 200)
            .SelectMany(_ => Gen.Choose(0, int.MaxValue), (count, seed) => (count, seed))
            .Select(made =>
            {
                var random = new Random(made.seed);
                return Enumerable
                    .Range(0, made.count)
                    .Select(place =>
                        Moment.Of(
                            Start.AddHours(random.Next(0, 24 * 40)),
                            new LogPlace(place % 3, place),
                            random.Next(-3, 100) / 4m,
                            random.Next(4) == 0 ? null : $"word {random.Next(3)}"
                        )
                    )
                    .ToArray();
            });

    public static Tally? Of(IEnumerable<Moment> moments) =>
        moments.Aggregate((Tally?)null, (tally, moment) => tally?.With(moment) ?? Tally.Of("s", moment));

    public static Tally? Join(Tally? left, Tally? right) =>
        left is null ? right
        : right is null ? left
        : Tally.Join(left, right);

    /// <summary>The bytes as they are stored.</summary>
    public static string Json(Tally? tally)
    {
        var entry = new ProfileEntry(
            Identifier.Parse("user_id:u"),
            new LinkEvidence("m", "web", Start, "v"),
            1,
            ProfileFold.Empty
        )
        {
            Tallies = new EntryTallies("selection", 1, tally is null ? [] : [tally]),
        };
        return Json(ProfileMap.Of([entry]));
    }

    public static string Json(ProfileMap map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        ProfileMapJson.Write(writer, map);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ProfileMap Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return ProfileMapJson.Read(ref reader);
    }
}
