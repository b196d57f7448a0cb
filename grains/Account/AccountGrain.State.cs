using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;

namespace Customer360.Grains;

/// <summary>What an account grain stores.</summary>
public sealed record AccountState
{
    /// <summary>Rises with every change.</summary>
    public long Revision { get; set; }

    public AccountFold Fold { get; set; } = AccountFold.Empty;
}

/// <summary><c>{"revision":n,"account":{…}}</c></summary>
public sealed class AccountStateCodec : IStateCodec<AccountState>
{
    public void Write(Utf8JsonWriter writer, AccountState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("revision"u8, state.Revision);
        writer.WritePropertyName("account"u8);
        state.Fold.WriteJson(writer);
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
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return state;
    }
}
