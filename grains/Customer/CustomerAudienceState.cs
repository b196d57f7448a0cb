using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>
/// What a customer stores of audiences: <c>{"standings":{…},"remindAt"?,"carried"?:{…},"carriedBy"?,"released"?:{"d_…":{…}},"told"?:{…}}</c>.
/// Immutable.
/// </summary>
public sealed record CustomerAudienceState
{
    public static CustomerAudienceState Empty { get; } = new();

    /// <summary>In which it is.</summary>
    public AudienceStandings Standings { get; init; } = AudienceStandings.Empty;

    /// <summary>For when a reminder is registered; null: none is.</summary>
    public DateTimeOffset? RemindAt { get; init; }

    /// <summary>The standings of whom it has taken in, or was taken from, until it is decided what it is in itself.</summary>
    public AudienceStandings? Carried { get; init; }

    /// <summary>The merge or split that brought them.</summary>
    public string? CarriedBy { get; init; }

    /// <summary>By split: what it was in when it gave identifiers away, until the other customer has confirmed that it has them.</summary>
    public ImmutableSortedDictionary<string, AudienceStandings> Released { get; init; } =
        ImmutableSortedDictionary<string, AudienceStandings>.Empty;

    /// <summary>What the lead and the account have told: they are kept elsewhere.</summary>
    public FactSet Told { get; init; } = FactSet.Empty;

    public bool IsEmpty =>
        Standings.IsEmpty && RemindAt is null && Carried is null && Released.IsEmpty && Told.Values.Count == 0;

    /// <summary>Without what was told, where that mentions somebody who is erased: it is told again. The same where it does not.</summary>
    public CustomerAudienceState Forget(ErasureTargets targets) =>
        Told.Values.Values.Any(value => targets.AreMentionedIn(value.ToString(), member: default))
            ? this with
            {
                Told = FactSet.Empty,
            }
            : this;

    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("standings"u8);
        Standings.WriteJson(writer);
        if (RemindAt is { } remind)
        {
            writer.WriteNumber("remindAt"u8, remind.UtcTicks);
        }

        if (Carried is not null)
        {
            writer.WritePropertyName("carried"u8);
            Carried.WriteJson(writer);
            writer.WriteString("carriedBy"u8, CarriedBy);
        }

        if (!Released.IsEmpty)
        {
            writer.WriteStartObject("released"u8);
            foreach ((string splitId, AudienceStandings standings) in Released)
            {
                writer.WritePropertyName(splitId);
                standings.WriteJson(writer);
            }

            writer.WriteEndObject();
        }

        if (Told.Values.Count > 0)
        {
            writer.WritePropertyName("told"u8);
            FactJson.Write(writer, Told);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteJson"/> wrote; the reader stands on the object's start.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static CustomerAudienceState ReadJson(ref Utf8JsonReader reader)
    {
        CustomerAudienceState state = Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "standings":
                    state = state with { Standings = AudienceStandings.ReadJson(ref reader) };
                    break;
                case "remindAt":
                    state = state with { RemindAt = new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero) };
                    break;
                case "carried":
                    state = state with { Carried = AudienceStandings.ReadJson(ref reader) };
                    break;
                case "carriedBy":
                    state = state with { CarriedBy = reader.GetString() };
                    break;
                case "released":
                    state = state with { Released = ReadReleased(ref reader) };
                    break;
                case "told":
                    state = state with { Told = ReadTold(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return state;
    }

    private static ImmutableSortedDictionary<string, AudienceStandings> ReadReleased(ref Utf8JsonReader reader)
    {
        var released = ImmutableSortedDictionary.CreateBuilder<string, AudienceStandings>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string splitId = reader.GetString()!;
            reader.Read();
            released[splitId] = AudienceStandings.ReadJson(ref reader);
        }

        return released.ToImmutable();
    }

    private static FactSet ReadTold(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return FactJson.ReadSet(document.RootElement) ?? throw new JsonException("Not facts.");
    }
}
