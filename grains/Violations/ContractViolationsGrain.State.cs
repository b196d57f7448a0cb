using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>The violations of a source.</summary>
public sealed record ContractViolationsState
{
    public ViolationTally Tally { get; init; } = ViolationTally.Empty;
}

/// <summary><c>{"countedTo":{"3":17},"counts":[{"contract","path","kind","count","firstAt","lastAt"}]}</c></summary>
public sealed class ContractViolationsStateCodec : IStateCodec<ContractViolationsState>
{
    public void Write(Utf8JsonWriter writer, ContractViolationsState state)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("countedTo"u8);
        foreach ((int partition, long position) in state.Tally.CountedTo)
        {
            writer.WriteNumber(partition.ToString(CultureInfo.InvariantCulture), position);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("counts"u8);
        foreach ((ViolationKey key, ViolationCount count) in state.Tally.Counts)
        {
            writer.WriteStartObject();
            writer.WriteString("contract"u8, key.Contract);
            writer.WriteString("path"u8, key.Path);
            writer.WriteString("kind"u8, key.Kind);
            writer.WriteNumber("count"u8, count.Count);
            writer.WriteString("firstAt"u8, Rfc3339.Text(count.FirstAt));
            writer.WriteString("lastAt"u8, Rfc3339.Text(count.LastAt));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public ContractViolationsState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        return new ContractViolationsState
        {
            Tally = new ViolationTally(
                root.GetProperty("countedTo"u8)
                    .EnumerateObject()
                    .ToImmutableSortedDictionary(
                        one => int.Parse(one.Name, CultureInfo.InvariantCulture),
                        one => one.Value.GetInt64()
                    ),
                root.GetProperty("counts"u8)
                    .EnumerateArray()
                    .ToImmutableSortedDictionary(
                        one => new ViolationKey(TextOf(one, "contract"), TextOf(one, "path"), TextOf(one, "kind")),
                        one => new ViolationCount(
                            one.GetProperty("count"u8).GetInt64(),
                            one.GetProperty("firstAt"u8).GetDateTimeOffset(),
                            one.GetProperty("lastAt"u8).GetDateTimeOffset()
                        )
                    )
            ),
        };
    }

    private static string TextOf(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
