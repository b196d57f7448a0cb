using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Leads;

/// <summary>What is known of a lead's person when it is looked at.</summary>
/// <param name="Facts">By the names of <see cref="LeadFacts"/> and of routing.</param>
/// <param name="Contributions">What gave points.</param>
/// <param name="Histories">What was said of the stages of its doubles.</param>
/// <param name="Cause">What made somebody look: a message, a reminder. The same cause gives the same entries.</param>
public sealed record LeadLook(
    string CustomerId,
    FactSet Facts,
    ImmutableArray<ScoreContribution> Contributions,
    LifecycleHistory Histories,
    string Cause
)
{
    /// <summary><c>{"customer","cause","facts":{…},"points":[{"rule","at","cause"}],"stages":[…]}</c></summary>
    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("customer"u8, CustomerId);
            writer.WriteString("cause"u8, Cause);
            writer.WritePropertyName("facts"u8);
            FactJson.Write(writer, Facts);
            writer.WritePropertyName("points"u8);
            JsonSerializer.Serialize(writer, Contributions);
            writer.WritePropertyName("stages"u8);
            JsonSerializer.Serialize(writer, Histories.Entries);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static LeadLook Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return new LeadLook(
            root.GetProperty("customer"u8).GetString()!,
            FactJson.ReadSet(root.GetProperty("facts"u8)) ?? throw new JsonException("A look has no facts."),
            root.GetProperty("points"u8).Deserialize<ImmutableArray<ScoreContribution>>(),
            new LifecycleHistory(root.GetProperty("stages"u8).Deserialize<ImmutableArray<StageEntry>>()),
            root.GetProperty("cause"u8).GetString()!
        );
    }
}
