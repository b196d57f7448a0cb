using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Grains.Tests.Identity;

/// <summary>How the file of any rules is laid out does not matter, and no file makes the reader fail.</summary>
public sealed class IdentityRulesProperties
{
    private static readonly string[] s_types = ["user_id", "email", "anonymous_id", "ios.id", "crm-id", "x1"];

    [Fact]
    public void Version_WhenTheFileIsShuffled_IsTheSame() =>
        Prop.ForAll<int>(seed =>
            {
                Dictionary<string, string> types = RandomTypes(new Random(seed));
                IdentityRules one = Read(types, new Random(seed + 1));
                IdentityRules other = Read(types, new Random(seed + 2));
                return one.Version == other.Version
                    && IdentityRulesJson.Write(one).AsSpan().SequenceEqual(IdentityRulesJson.Write(other));
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_WhenAFileIsDamagedAnywhere_AnswersRulesOrFaults() =>
        Prop.ForAll<int>(seed =>
            {
                var random = new Random(seed);
                var text = new StringBuilder(Policies.BuiltInRules);
                for (int count = random.Next(1, 4); count > 0; count--)
                {
                    text[random.Next(text.Length)] = "\n\t :{}[]'\"&*!|>#%-?,a0\u0000é"[random.Next(23)];
                }

                PolicyReading<IdentityRules> reading = Policies.ReadRules(text.ToString());
                Assert.True((reading.Body is null) != reading.Faults.IsEmpty, text.ToString());
                Assert.All(
                    reading.Faults,
                    fault => Assert.True(fault is { Line: >= 0, Rule.Length: > 0, Message.Length: > 0 }, $"{fault}")
                );
            })
            .QuickCheckThrowOnFailure();

    private static IdentityRules Read(Dictionary<string, string> types, Random random)
    {
        KeyValuePair<string, string>[] order = [.. types];
        random.Shuffle(order);
        var yaml = new StringBuilder("identifiers:\n");
        foreach ((string type, string members) in order)
        {
            string[] lines = members.Split('\n');
            random.Shuffle(lines);
            yaml.Append(CultureInfo.InvariantCulture, $"  {type}:\n    {string.Join("\n    ", lines)}\n");
        }

        yaml = random.Next(2) == 0 ? yaml.Append("defaultRegion: FR\n") : yaml.Insert(0, "defaultRegion: FR\n");
        PolicyReading<IdentityRules> reading = Policies.ReadRules(yaml.ToString());
        Assert.True(reading.Body is not null, string.Join('\n', reading.Faults));
        return reading.Body.Base;
    }

    private static Dictionary<string, string> RandomTypes(Random random)
    {
        string[] types = [.. s_types];
        random.Shuffle(types);
        return types
            .Take(random.Next(1, types.Length + 1))
            .Select((type, index) => (Type: type, Priority: index * 3 + 1))
            .ToDictionary(
                one => one.Type,
                one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"""
                        priority: {one.Priority}
                        limit: {random.Next(1, 9)}
                        window: {Word<LimitWindow>(random)}
                        normalisation: exact
                        trust: {Word<IdentifierTrust>(random)}
                        kind: {(random.Next(2) == 0 ? "person" : "device")}
                        crossRegion: {(random.Next(2) == 0 ? "true" : "false")}
                        """
                    ),
                StringComparer.Ordinal
            );
    }

    private static string Word<T>(Random random)
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        return JsonNamingPolicy.CamelCase.ConvertName(values[random.Next(values.Length)].ToString());
    }
}
