using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>Who owns an identifier.</summary>
public sealed class IdentifierState
{
    public string? Owner { get; set; }
}

/// <summary><c>{"owner":"c_…"}</c></summary>
public sealed class IdentifierStateCodec : IStateCodec<IdentifierState>
{
    public void Write(Utf8JsonWriter writer, IdentifierState state)
    {
        writer.WriteStartObject();
        writer.WriteString("owner"u8, state.Owner);
        writer.WriteEndObject();
    }

    public IdentifierState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new IdentifierState { Owner = document.RootElement.GetProperty("owner"u8).GetString() };
    }
}
