using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Silo.Storage;

/// <summary>The codec of states that are not ours (an engine's subscriptions): plain serialization.</summary>
internal sealed class JsonStateCodec<TState> : IStateCodec<TState>
{
    public void Write(Utf8JsonWriter writer, TState state) => JsonSerializer.Serialize(writer, state);

    public TState Read(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize<TState>(ref reader) ?? throw new JsonException("A stored state is null.");
}
