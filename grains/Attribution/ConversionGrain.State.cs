using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;

namespace Customer360.Grains;

/// <summary>What a conversion's grain stores.</summary>
public sealed record ConversionState
{
    /// <summary>Null before it has begun.</summary>
    public ConversionFile? File { get; init; }
}

/// <inheritdoc cref="ConversionFileJson"/>
public sealed class ConversionStateCodec : IStateCodec<ConversionState>
{
    public void Write(Utf8JsonWriter writer, ConversionState state) => ConversionFileJson.Write(writer, state.File!);

    public ConversionState Read(ref Utf8JsonReader reader) => new() { File = ConversionFileJson.Read(ref reader) };
}

/// <summary>Which conversions a customer takes part in.</summary>
public sealed record CustomerConversionsState
{
    /// <summary>By id.</summary>
    public ImmutableSortedSet<string> Conversions { get; init; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

/// <summary><c>{"conversions":["v_…"]}</c></summary>
public sealed class CustomerConversionsStateCodec : IStateCodec<CustomerConversionsState>
{
    public void Write(Utf8JsonWriter writer, CustomerConversionsState state)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("conversions"u8);
        foreach (string id in state.Conversions)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public CustomerConversionsState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new CustomerConversionsState
        {
            Conversions = document
                .RootElement.GetProperty("conversions"u8)
                .EnumerateArray()
                .Select(one => one.GetString()!)
                .ToImmutableSortedSet(StringComparer.Ordinal),
        };
    }
}

/// <summary>How far everything is credited by the policy in force.</summary>
public sealed record AttributionState
{
    /// <summary>
    /// The policies by which everything is credited, attribution's and, behind a blank, consent's; empty: none yet. An older release wrote
    /// attribution's alone.
    /// </summary>
    public string Version { get; init; } = "";

    /// <summary>The policies by which everything is being credited anew; null: nothing is.</summary>
    public string? Next { get; init; }

    /// <summary>The last conversion that was looked at for that.</summary>
    public string After { get; init; } = "";

    /// <summary>Up to here whatever uses a grant that has ended was credited anew; null: nothing was looked at yet.</summary>
    public DateTimeOffset? LapsedUntil { get; init; }
}

/// <summary><c>{"version":"…","next"?:"…","after"?:"v_…","lapsedUntil"?:"…"}</c></summary>
public sealed class AttributionStateCodec : IStateCodec<AttributionState>
{
    public void Write(Utf8JsonWriter writer, AttributionState state)
    {
        writer.WriteStartObject();
        writer.WriteString("version"u8, state.Version);
        if (state.Next is not null)
        {
            writer.WriteString("next"u8, state.Next);
            writer.WriteString("after"u8, state.After);
        }

        if (state.LapsedUntil is { } until)
        {
            writer.WriteString("lapsedUntil"u8, until);
        }

        writer.WriteEndObject();
    }

    public AttributionState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        return new AttributionState
        {
            Version = root.GetProperty("version"u8).GetString()!,
            Next = root.TryGetProperty("next"u8, out JsonElement next) ? next.GetString() : null,
            After = root.TryGetProperty("after"u8, out JsonElement after) ? after.GetString()! : "",
            LapsedUntil = root.TryGetProperty("lapsedUntil"u8, out JsonElement until)
                ? until.GetDateTimeOffset()
                : null,
        };
    }
}
