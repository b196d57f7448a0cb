using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>Where a value stands in canonical JSON. The default is "not there".</summary>
internal readonly record struct JsonSlice(int Start, int Length, JsonTokenType Type)
{
    /// <summary>There and not <c>null</c>: SDKs write <c>null</c> for "none".</summary>
    public bool IsPresent => Length > 0 && Type != JsonTokenType.Null;

    public bool IsObject => Type == JsonTokenType.StartObject;

    /// <summary>
    /// A text, or a number taken as the text that it was written with: real senders send numeric ids.
    /// </summary>
    public bool IsTextOrNumber => Type is JsonTokenType.String or JsonTokenType.Number;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => json.Slice(Start, Length);

    /// <summary>The bytes between the quotes of a string, or those of a number.</summary>
    public ReadOnlySpan<byte> ContentOf(ReadOnlySpan<byte> json) =>
        Type == JsonTokenType.String ? json.Slice(Start + 1, Length - 2) : Of(json);
}
