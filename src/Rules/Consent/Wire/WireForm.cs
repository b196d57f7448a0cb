using System.Text.Json;

namespace Customer360.Rules.Consent.Wire;

/// <summary>A form with its readers: of its JSON value, of its text, or of both.</summary>
/// <param name="Name">As a mapping names it.</param>
/// <param name="ReadValue">Null: the form is a text, and a JSON value of it is a JSON string.</param>
/// <param name="ReadText">Null: the form has no text.</param>
internal sealed record WireForm(
    string Name,
    Action<JsonElement, WireEntries>? ReadValue,
    Action<string, WireEntries>? ReadText = null
);
