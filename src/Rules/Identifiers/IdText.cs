namespace Customer360.Rules.Identifiers;

/// <summary>
/// The one spelling of an id, whatever it is the id of (a person, a device, an account, a message) and wherever it is
/// written or asked for: two values are the same id exactly when their spellings are equal.
/// </summary>
public static class IdText
{
    /// <summary>
    /// The visible text (<see cref="VisibleText"/>) with encoded domain labels decoded (<see cref="Punycode"/>). A whole number
    /// that is written as a decimal, <c>1234.0</c>, loses its zeros. Empty where nothing is to be seen.
    /// </summary>
    /// <remarks>
    /// Spreadsheets and data frames print whole numbers with a zero behind the point, and no numbering tells 1234 from 1234.0.
    /// Nothing else is brought together: texts such as <c>12e3</c>, <c>007</c> or <c>1234.5</c> may be names of their own.
    /// </remarks>
    public static string Of(string text)
    {
        string visible = Punycode.ToUnicode(VisibleText.Of(text));
        int dot = visible.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && IsWholeNumber(visible, dot) ? visible[..dot] : visible;
    }

    /// <summary>The spelling of a value in JSON.</summary>
    /// <param name="content">What stands between a text's quotes, canonical, or a number.</param>
    /// <param name="isNumber">True of a number.</param>
    internal static string Of(ReadOnlySpan<byte> content, bool isNumber) =>
        isNumber ? NumberText.Of(content) : Of(Events.JsonText.Read(content));

    /// <summary>True of a text that can be no id, because a part of it is lost or breaks its line.</summary>
    public static bool IsDamaged(string text)
    {
        ReadOnlySpan<char> characters = text;
        return characters.IndexOfAnyInRange('\u0000', '\u001f') >= 0
            || characters.IndexOfAny("\u0085\u2028\u2029\uFFFD") >= 0;
    }

    private static bool IsWholeNumber(string text, int dot)
    {
        ReadOnlySpan<char> whole = text.AsSpan(0, dot);
        ReadOnlySpan<char> part = text.AsSpan(dot + 1);
        return part.Length > 0
            && part.IndexOfAnyExcept('0') < 0
            && whole.IndexOfAnyExceptInRange('0', '9') < 0
            && (whole[0] != '0' || whole.Length == 1);
    }
}
