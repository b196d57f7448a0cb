using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>Since when there is a mirror in a folder.</summary>
public sealed record MirrorState
{
    /// <summary>UTC; null: there is none.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary><c>{"since"}</c></summary>
public sealed class MirrorStateCodec : IStateCodec<MirrorState>
{
    public void Write(Utf8JsonWriter writer, MirrorState state)
    {
        writer.WriteStartObject();
        if (state.Since is { } since)
        {
            writer.WriteString("since"u8, since);
        }

        writer.WriteEndObject();
    }

    public MirrorState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new MirrorState
        {
            Since = document.RootElement.TryGetProperty("since"u8, out JsonElement since)
                ? since.GetDateTimeOffset()
                : null,
        };
    }
}

/// <inheritdoc cref="IMirrorGrain"/>
[GrainType("mirror")]
public sealed class MirrorGrain(
    [PersistentState(GrainKeys.MirrorState, GrainKeys.Storage)] IPersistentState<MirrorState> stored,
    TimeProvider time
) : Grain, IMirrorGrain
{
    public Task Began() =>
        stored.State.Since is null
            ? stored.SaveOrTakeBack(new MirrorState { Since = time.GetUtcNow() }, this)
            : Task.CompletedTask;

    public Task<bool> HasBegun() => Task.FromResult(stored.State.Since is not null);
}
