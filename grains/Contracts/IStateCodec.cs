using System.Text.Json;

namespace Customer360.Grains.Contracts;

/// <summary>How a kind of grain state is stored: JSON that people can read and SQL can query.</summary>
public interface IStateCodec<TState>
{
    void Write(Utf8JsonWriter writer, TState state);

    /// <summary>Reads what <see cref="Write"/> wrote, now or in an earlier version.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    TState Read(ref Utf8JsonReader reader);
}
