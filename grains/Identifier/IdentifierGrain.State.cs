using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>Who owns an identifier, and how many come with it.</summary>
public sealed record IdentifierState
{
    public string? Owner { get; set; }

    /// <inheritdoc cref="IdentifierPlace.Since"/>
    public long Since { get; set; }

    /// <inheritdoc cref="IdentifierPlace.Takings"/>
    public ImmutableArray<IdentifierTaking> Takings { get; set; } = [];

    /// <summary>Whose it is, and how it came there.</summary>
    public IdentifierPlace Place
    {
        get => new(Owner, Since, Takings);
        init => (Owner, Since, Takings) = value;
    }

    /// <summary>The anchors that it is tied to, as hashes, rising; at most its degree's limit. None while quarantined.</summary>
    public ImmutableArray<ulong> Ties { get; set; } = [];

    public QuarantineUnderWay? Quarantine { get; set; }

    /// <summary>How often it was released from quarantine; so each quarantine has records of its own.</summary>
    public int Releases { get; set; }

    /// <summary>A person released it: other rules do not quarantine it again for what came before.</summary>
    public bool IsReleased { get; set; }
}

/// <summary>
/// <c>{"owner":"c_…","since"?:n,"takings"?:{"c_…":n},"ties"?:[n,…],"quarantine"?:{"at","degree","messageId","source","ruleVersion"},"releases"?:n,"released"?:true}</c>
/// </summary>
public sealed class IdentifierStateCodec : IStateCodec<IdentifierState>
{
    public void Write(Utf8JsonWriter writer, IdentifierState state)
    {
        writer.WriteStartObject();
        writer.WriteString("owner"u8, state.Owner);
        if (state.Since > 0)
        {
            writer.WriteNumber("since"u8, state.Since);
        }

        if (!state.Takings.IsEmpty)
        {
            writer.WriteStartObject("takings"u8);
            foreach (IdentifierTaking taking in state.Takings)
            {
                writer.WriteNumber(taking.By, taking.Revision);
            }

            writer.WriteEndObject();
        }

        if (!state.Ties.IsEmpty)
        {
            writer.WriteStartArray("ties"u8);
            foreach (ulong tie in state.Ties)
            {
                writer.WriteNumberValue(tie);
            }

            writer.WriteEndArray();
        }

        if (state.Quarantine is { } quarantine)
        {
            writer.WriteStartObject("quarantine"u8);
            writer.WriteString("at"u8, quarantine.At);
            writer.WriteNumber("degree"u8, quarantine.Degree);
            writer.WriteString("messageId"u8, quarantine.MessageId);
            writer.WriteString("source"u8, quarantine.Source);
            writer.WriteString("ruleVersion"u8, quarantine.RuleVersion);
            writer.WriteEndObject();
        }

        if (state.Releases > 0)
        {
            writer.WriteNumber("releases"u8, state.Releases);
        }

        if (state.IsReleased)
        {
            writer.WriteBoolean("released"u8, true);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a stored state.</summary>
    public static IdentifierState Read(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return new IdentifierStateCodec().Read(ref reader);
    }

    /// <remarks>Read as it streams by, without a document: a dry run reads a million of them.</remarks>
    public IdentifierState Read(ref Utf8JsonReader reader)
    {
        var state = new IdentifierState();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("owner"u8))
            {
                reader.Read();
                state.Owner = reader.GetString();
            }
            else if (reader.ValueTextEquals("since"u8))
            {
                reader.Read();
                state.Since = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("takings"u8))
            {
                reader.Read();
                state.Takings = ReadTakings(ref reader);
            }
            else if (reader.ValueTextEquals("ties"u8))
            {
                reader.Read();
                state.Ties = ReadTies(ref reader);
            }
            else if (reader.ValueTextEquals("quarantine"u8))
            {
                reader.Read();
                using JsonDocument quarantine = JsonDocument.ParseValue(ref reader);
                state.Quarantine = ReadQuarantine(quarantine.RootElement);
            }
            else if (reader.ValueTextEquals("releases"u8))
            {
                reader.Read();
                state.Releases = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("released"u8))
            {
                reader.Read();
                state.IsReleased = reader.GetBoolean();
            }
            else
            {
                reader.Skip();
            }
        }

        return state;
    }

    private static ImmutableArray<IdentifierTaking> ReadTakings(ref Utf8JsonReader reader)
    {
        var takings = ImmutableArray.CreateBuilder<IdentifierTaking>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string by = reader.GetString()!;
            reader.Read();
            takings.Add(new IdentifierTaking(by, reader.GetInt64()));
        }

        return takings.DrainToImmutable();
    }

    private static ImmutableArray<ulong> ReadTies(ref Utf8JsonReader reader)
    {
        var ties = ImmutableArray.CreateBuilder<ulong>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            ties.Add(reader.GetUInt64());
        }

        return ties.DrainToImmutable();
    }

    private static QuarantineUnderWay ReadQuarantine(JsonElement quarantine) =>
        new(
            quarantine.GetProperty("at"u8).GetDateTimeOffset(),
            quarantine.GetProperty("degree"u8).GetInt32(),
            quarantine.GetProperty("messageId"u8).GetString()!,
            quarantine.GetProperty("source"u8).GetString()!,
            quarantine.GetProperty("ruleVersion"u8).GetString()!
        );
}
