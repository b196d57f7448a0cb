using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>A part of the list of quarantined identifiers.</summary>
public sealed record QuarantineListState
{
    /// <summary>By type, then value (ordinal).</summary>
    public ImmutableArray<Identifier> Identifiers { get; set; } = [];
}

/// <summary><c>{"identifiers":["type:value",…]}</c></summary>
public sealed class QuarantineListStateCodec : IStateCodec<QuarantineListState>
{
    public void Write(Utf8JsonWriter writer, QuarantineListState state)
    {
        writer.WriteStartObject();
        writer.WriteIdentifiers("identifiers"u8, state.Identifiers);
        writer.WriteEndObject();
    }

    public QuarantineListState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new QuarantineListState { Identifiers = document.RootElement.IdentifiersOf("identifiers"u8) };
    }
}
