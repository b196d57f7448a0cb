using System.Text;

namespace Customer360.Rules.Events;

/// <summary>
/// The one form of a JSON string: only the quote, the backslash and control characters are escaped, each with its
/// shortest escape. So <c>"\u00e9"</c> of one SDK and <c>"é"</c> of another are the same bytes.
/// </summary>
internal static class JsonText
{
    /// <summary>
    /// Brings the content of a string (between its quotes; valid JSON and valid UTF-8) to its one form, which is never
    /// longer. False where it held U+0000, which PostgreSQL stores in no text and which is left out, or half of a surrogate
    /// pair, which no UTF-8 can hold and which is replaced by U+FFFD.
    /// </summary>
    public static bool TryCanonicalize(ReadOnlySpan<byte> content, Span<byte> output, out int written)
    {
        written = 0;
        bool isWhole = true;
        while (true)
        {
            int plain = content.IndexOf((byte)'\\');
            if (plain < 0)
            {
                content.CopyTo(output[written..]);
                written += content.Length;
                return isWhole;
            }

            content[..plain].CopyTo(output[written..]);
            written += plain;
            content = content[plain..];
            int used = WriteUnescaped(content, output[written..], out int produced, ref isWhole);
            written += produced;
            content = content[used..];
        }
    }

    /// <summary>
    /// True where each escape in valid JSON is the quote's, the backslash's or a control character's own letter: then each is
    /// in its one form.
    /// </summary>
    public static bool HasOnlyLetterEscapes(ReadOnlySpan<byte> json)
    {
        int found;
        while ((found = json.IndexOf((byte)'\\')) >= 0)
        {
            if (json[found + 1] is (byte)'u' or (byte)'/')
            {
                return false;
            }

            json = json[(found + 2)..];
        }

        return true;
    }

    /// <summary>Reads canonical content (between the quotes) as a text.</summary>
    public static string Read(ReadOnlySpan<byte> content)
    {
        if (content.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(content);
        }

        var text = new StringBuilder(content.Length);
        while (content.Length > 0)
        {
            int plain = content.IndexOf((byte)'\\');
            if (plain < 0)
            {
                plain = content.Length;
            }

            text.Append(Encoding.UTF8.GetString(content[..plain]));
            content = content[plain..];
            if (content.Length > 0)
            {
                bool isUnicode = content[1] == (byte)'u';
                text.Append(isUnicode ? (char)Hex(content[2..6]) : (char)Plain(content[1]));
                content = content[(isUnicode ? 6 : 2)..];
            }
        }

        return text.ToString();
    }

    /// <summary>Writes a character that can't stand for itself in a JSON string; at most 6 bytes.</summary>
    public static int WriteEscape(int character, Span<byte> output)
    {
        output[0] = (byte)'\\';
        byte letter = character switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => (byte)'u',
        };
        output[1] = letter;
        if (letter != (byte)'u')
        {
            return 2;
        }

        output[2] = (byte)'0';
        output[3] = (byte)'0';
        output[4] = (byte)('0' + (character >> 4));
        output[5] = "0123456789abcdef"u8[character & 15];
        return 6;
    }

    /// <summary>
    /// Reads one escape (it begins with the backslash) and writes what it stands for; returns the bytes used.
    /// </summary>
    private static int WriteUnescaped(ReadOnlySpan<byte> escape, Span<byte> output, out int produced, ref bool isWhole)
    {
        produced = 0;
        if (escape[1] != (byte)'u')
        {
            produced = WriteCharacter(Plain(escape[1]), output);
            return 2;
        }

        int code = Hex(escape[2..6]);
        if (code == 0)
        {
            isWhole = false;
            return 6;
        }

        if (!char.IsSurrogate((char)code))
        {
            produced = WriteCharacter(code, output);
            return 6;
        }

        bool isPair =
            char.IsHighSurrogate((char)code)
            && escape.Length >= 12
            && escape[6] == (byte)'\\'
            && escape[7] == (byte)'u';
        int low = isPair ? Hex(escape[8..12]) : 0;
        if (!isPair || !char.IsLowSurrogate((char)low))
        {
            isWhole = false;
            produced = Rune.ReplacementChar.EncodeToUtf8(output);
            return 6;
        }

        produced = new Rune((char)code, (char)low).EncodeToUtf8(output);
        return 12;
    }

    private static int WriteCharacter(int code, Span<byte> output) =>
        code is < 0x20 or '"' or '\\' ? WriteEscape(code, output) : new Rune(code).EncodeToUtf8(output);

    private static int Plain(byte letter) =>
        letter switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => letter,
        };

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        int code = 0;
        foreach (byte digit in digits)
        {
            int value = digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
            code = (code << 4) | value;
        }

        return code;
    }
}
