using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>When each source last sent something.</summary>
public sealed record SourceActivityState
{
    public ImmutableSortedDictionary<string, DateTimeOffset> LastAt { get; init; } =
        ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);
}

/// <summary><c>{"lastAt":{"web":"2026-11-27T09:00:00.000Z"}}</c></summary>
public sealed class SourceActivityStateCodec : IStateCodec<SourceActivityState>
{
    public void Write(Utf8JsonWriter writer, SourceActivityState state)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("lastAt"u8);
        foreach ((string source, DateTimeOffset at) in state.LastAt)
        {
            writer.WriteString(source, Rfc3339.Text(at));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public SourceActivityState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new SourceActivityState
        {
            LastAt = document
                .RootElement.GetProperty("lastAt"u8)
                .EnumerateObject()
                .ToImmutableSortedDictionary(
                    one => one.Name,
                    one => one.Value.GetDateTimeOffset(),
                    StringComparer.Ordinal
                ),
        };
    }
}

/// <inheritdoc cref="ISourceActivityGrain"/>
/// <remarks>
/// Sources are keys and services of the policy, so there are few. Keys come and go, and a key's name may be anything: over
/// <see cref="SourcesMax"/> those are forgotten that sent longest ago.
/// </remarks>
[GrainType("source-activity")]
public sealed class SourceActivityGrain(
    [PersistentState(GrainKeys.SourceActivityState, GrainKeys.Storage)] IPersistentState<SourceActivityState> stored
) : Grain, ISourceActivityGrain
{
    public const int SourcesMax = 1_000;

    private ImmutableSortedDictionary<string, DateTimeOffset> LastAt => stored.State.LastAt;

    public async Task Note(ImmutableArray<SourceSent> sent)
    {
        ImmutableSortedDictionary<string, DateTimeOffset> after = LastAt;
        foreach (SourceSent one in sent)
        {
            if (!after.TryGetValue(one.Source, out DateTimeOffset known) || known < one.At)
            {
                after = after.SetItem(one.Source, one.At);
            }
        }

        if (after.Count > SourcesMax)
        {
            after = after
                .OrderByDescending(one => one.Value)
                .ThenBy(one => one.Key, StringComparer.Ordinal)
                .Take(SourcesMax)
                .ToImmutableSortedDictionary(StringComparer.Ordinal);
        }

        if (!ReferenceEquals(after, LastAt))
        {
            await stored.SaveOrTakeBack(new SourceActivityState { LastAt = after }, this);
        }
    }

    public Task<ImmutableArray<SourceSent>> Get() =>
        Task.FromResult<ImmutableArray<SourceSent>>([.. LastAt.Select(one => new SourceSent(one.Key, one.Value))]);
}
