using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Accounts;

/// <summary>What an account shows of what its sources say.</summary>
public static class AccountTraits
{
    /// <summary>The traits that the mastership policy chooses, by name: a JSON object in UTF-8.</summary>
    public static byte[] Json(AccountFold fold, MastershipPolicy mastership)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        foreach (Trait trait in new TraitWinners(new ProfileFold { Traits = fold.Traits }, mastership))
        {
            writer.WritePropertyName(trait.Name);
            writer.WriteRawValue(trait.ValueJson.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
