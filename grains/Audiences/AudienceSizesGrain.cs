using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>What the grain of the sizes stores: <c>{"begun":true,"audiences":{"name":[[ticks,members]]}}</c>.</summary>
public sealed record AudienceSizesState
{
    public bool HasBegun { get; init; }

    /// <summary>By audience; each the oldest first.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<SizeSample>> Audiences { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<SizeSample>>.Empty;
}

/// <inheritdoc cref="AudienceSizesState"/>
public sealed class AudienceSizesStateCodec : IStateCodec<AudienceSizesState>
{
    public void Write(Utf8JsonWriter writer, AudienceSizesState state)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("begun"u8, state.HasBegun);
        writer.WriteStartObject("audiences"u8);
        foreach ((string audience, ImmutableArray<SizeSample> samples) in state.Audiences)
        {
            writer.WriteStartArray(audience);
            foreach (SizeSample sample in samples)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(sample.At.UtcTicks);
                writer.WriteNumberValue(sample.Members);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public AudienceSizesState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        return new AudienceSizesState
        {
            HasBegun = root.GetProperty("begun"u8).GetBoolean(),
            Audiences = root.GetProperty("audiences"u8)
                .EnumerateObject()
                .ToImmutableSortedDictionary(
                    one => one.Name,
                    one =>
                        one.Value.EnumerateArray()
                            .Select(sample => new SizeSample(
                                new DateTimeOffset(sample[0].GetInt64(), TimeSpan.Zero),
                                sample[1].GetInt64()
                            ))
                            .ToImmutableArray(),
                    StringComparer.Ordinal
                ),
        };
    }
}

/// <inheritdoc cref="IAudienceSizesGrain"/>
/// <remarks>A size that was not noted because nobody was there is missing for that hour: what is shown is what was counted.</remarks>
[GrainType("audience-sizes")]
public sealed class AudienceSizesGrain(
    [PersistentState(GrainKeys.AudienceSizesState, GrainKeys.Storage)] IPersistentState<AudienceSizesState> stored,
    IAudienceList list,
    IPolicy<AudiencePolicy> audiences,
    TimeProvider time
) : Grain, IAudienceSizesGrain, IRemindable
{
    private const string Reminder = "sizes";
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    public async Task Begin()
    {
        if (!stored.State.HasBegun)
        {
            await this.RegisterOrUpdateReminder(Reminder, s_hour, s_hour);
            await Note();
        }
    }

    public Task<ImmutableArray<AudienceSample>> Get(string audience) =>
        Task.FromResult<ImmutableArray<AudienceSample>>([
            .. stored
                .State.Audiences.GetValueOrDefault(audience, [])
                .Select(sample => new AudienceSample(sample.At, sample.Members)),
        ]);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Note();

    /// <summary>Of audiences that there are, also of those that nobody is in; those that are gone are forgotten.</summary>
    private async Task Note()
    {
        ImmutableArray<AudienceSize> sizes = await list.ReadSizesAsync(CancellationToken.None);
        DateTimeOffset at = time.GetUtcNow();
        AudienceSizesState before = stored.State;
        await stored.SaveOrTakeBack(
            new AudienceSizesState
            {
                HasBegun = true,
                Audiences = audiences.Current.Audiences.ToImmutableSortedDictionary(
                    audience => audience.Name,
                    audience =>
                        SizeHistory.Add(
                            before.Audiences.GetValueOrDefault(audience.Name, []),
                            new SizeSample(
                                at,
                                sizes.FirstOrDefault(size => size.Audience == audience.Name)?.Members ?? 0
                            )
                        ),
                    StringComparer.Ordinal
                ),
            },
            this
        );
    }
}
