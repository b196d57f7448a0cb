using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>What an account grain stores.</summary>
public sealed record AccountState
{
    /// <summary>Rises with every change.</summary>
    public long Revision { get; set; }

    public AccountFold Fold { get; set; } = AccountFold.Empty;

    /// <summary>Domains whose grains know that this account states them; sorted.</summary>
    public ImmutableArray<string> ToldDomains { get; set; } = [];

    /// <summary>Whose company it is part of.</summary>
    public IdentifierPlace Place { get; set; } = new(null, 0, []);

    /// <summary>The group id by whose company it is known since a merge; null: its own.</summary>
    /// <param name="groupId">Its own group id.</param>
    public string? PartOf(string groupId) =>
        Place.Owner is { } owner && CompanyId.GroupIn(owner) is { } company && company != groupId ? company : null;
}

/// <summary><c>{"revision":n,"account":{…},"domains"?:[…],"company"?:{"owner","since":n,"takings":{"company":n}}}</c></summary>
public sealed class AccountStateCodec : IStateCodec<AccountState>
{
    public void Write(Utf8JsonWriter writer, AccountState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("revision"u8, state.Revision);
        writer.WritePropertyName("account"u8);
        state.Fold.WriteJson(writer);
        if (!state.ToldDomains.IsEmpty)
        {
            writer.WriteStartArray("domains"u8);
            foreach (string domain in state.ToldDomains)
            {
                writer.WriteStringValue(domain);
            }

            writer.WriteEndArray();
        }

        if (state.Place.Owner is { } owner)
        {
            writer.WriteStartObject("company"u8);
            writer.WriteString("owner"u8, owner);
            writer.WriteNumber("since"u8, state.Place.Since);
            writer.WriteStartObject("takings"u8);
            foreach (IdentifierTaking taking in state.Place.Takings)
            {
                writer.WriteNumber(taking.By, taking.Revision);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    public AccountState Read(ref Utf8JsonReader reader)
    {
        var state = new AccountState();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("revision"u8))
            {
                reader.Read();
                state.Revision = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("account"u8))
            {
                reader.Read();
                state.Fold = AccountFold.ReadJson(ref reader);
            }
            else if (reader.ValueTextEquals("company"u8))
            {
                reader.Read();
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                state.Place = ReadPlace(document.RootElement);
            }
            else if (reader.ValueTextEquals("domains"u8))
            {
                reader.Read();
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                state.ToldDomains = [.. document.RootElement.EnumerateArray().Select(domain => domain.GetString()!)];
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return state;
    }

    /// <summary>The account alone, to be joined with others.</summary>
    internal static byte[] WriteFold(AccountFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WriteJson(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A stored state.</summary>
    internal static AccountState ReadStored(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return new AccountStateCodec().Read(ref reader);
    }

    internal static AccountFold ReadFold(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return AccountFold.ReadJson(ref reader);
    }

    private static IdentifierPlace ReadPlace(JsonElement place) =>
        new(
            place.GetProperty("owner"u8).GetString(),
            place.GetProperty("since"u8).GetInt64(),
            [
                .. place
                    .GetProperty("takings"u8)
                    .EnumerateObject()
                    .Select(taking => new IdentifierTaking(taking.Name, taking.Value.GetInt64())),
            ]
        );
}
