using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Events;

/// <summary>The region that a message belongs to.</summary>
internal static class MessageRegion
{
    /// <summary>
    /// Its source's, else what its <c>context.region</c> says, as it says it, else the default one; null where the rules
    /// have no regions. Then nothing is looked for.
    /// </summary>
    public static string? Of(ReadOnlySpan<byte> message, in MessageFields fields, string source, Regions? regions)
    {
        if (regions is null)
        {
            return null;
        }

        if (regions.OfSource(source) is { } confined)
        {
            return confined;
        }

        JsonSlice said = MessageIdentifiers.Member(message, fields.Context, "region"u8);
        return said.Type switch
        {
            JsonTokenType.None or JsonTokenType.Null => regions.Default,
            JsonTokenType.String => JsonText.Read(said.ContentOf(message)),
            _ => "",
        };
    }
}
