using System.Text.Encodings.Web;
using System.Text.Json;

namespace Customer360.Rules.Outcomes;

/// <summary>
/// How answers are written: letters as they are, <c>O'Neil</c> and <c>José</c>, where JSON allows it. .NET's own default writes
/// <c>O\u0027Neil</c>, for JSON that somebody pastes into a page; answers are JSON, say so, and forbid to take them for
/// anything else.
/// </summary>
public static class AnswerJson
{
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static JsonWriterOptions Options { get; } = new() { Encoder = Encoder };
}
