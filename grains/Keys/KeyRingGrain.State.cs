using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Keys;

namespace Customer360.Grains;

/// <summary>The row of all keys.</summary>
public sealed class KeyRingState
{
    public KeyRing Ring { get; set; } = KeyRing.Empty;
}

/// <inheritdoc cref="KeyRingJson"/>
public sealed class KeyRingStateCodec : IStateCodec<KeyRingState>
{
    public void Write(Utf8JsonWriter writer, KeyRingState state) => KeyRingJson.Write(writer, state.Ring);

    public KeyRingState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new KeyRingState { Ring = KeyRingJson.Read(document.RootElement) };
    }
}
