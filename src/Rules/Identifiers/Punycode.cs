using System.Globalization;
using System.Text;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// Domain labels that are written in ASCII (RFC 3492) as people read them: <c>xn--mnchen-3ya</c> is <c>münchen</c>. In
/// whatever id they stand: an address, a company's domain, an address that serves as a user id.
/// </summary>
/// <remarks>
/// Ours, because the platform's <see cref="System.Globalization.IdnMapping"/> refuses such labels in invariant globalization.
/// </remarks>
internal static class Punycode
{
    private const string Prefix = "xn--";
    private const int Base = 36;
    private const int ThresholdMin = 1;
    private const int ThresholdMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int BiasFirst = 72;
    private const int CodeFirst = 0x80;

    // The full stops of East Asian keyboards divide labels too (RFC 3490, section 3.1).
    private const string OtherStops = "\u3002\uFF0E\uFF61";

    /// <summary>The text with every character that divides labels as a dot.</summary>
    public static string WithPlainStops(string text) =>
        text.AsSpan().ContainsAny(OtherStops) ? string.Join('.', text.Split(OtherStops.ToCharArray())) : text;

    /// <summary>The text with its encoded labels decoded; what is no encoding of a label stays as it is.</summary>
    public static string ToUnicode(string text)
    {
        int start = text.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        int copied = 0;
        while (start >= 0)
        {
            int end = start;
            while (end < text.Length && IsOfLabel(text[end]))
            {
                end++;
            }

            bool isWhole = (start == 0 || Divides(text[start - 1])) && (end == text.Length || Divides(text[end]));
            if (isWhole && LabelOf(text[start..end].ToLowerInvariant()) is { } label)
            {
                decoded.Append(text, copied, start - copied).Append(label);
                copied = end;
            }

            start = text.IndexOf(Prefix, end, StringComparison.OrdinalIgnoreCase);
        }

        return decoded.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Null where it is no encoding, not the one that the label has, or of what is no label.</summary>
    private static string? LabelOf(string encoded)
    {
        if (
            Decode(encoded[Prefix.Length..]) is not { } label
            || System.Text.Ascii.IsValid(label)
            || Prefix + Encode(label) != encoded
        )
        {
            return null;
        }

        string lower = UnicodeComposition.Compose(label.ToLowerInvariant());
        bool isLabel =
            VisibleText.Of(lower) == lower
            && !lower.Contains(Prefix, StringComparison.Ordinal)
            && !lower.AsSpan().ContainsAny(OtherStops)
            && Rune.GetUnicodeCategory(Rune.GetRuneAt(lower, 0))
                is not (
                    UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark
                );
        return isLabel ? lower : null;
    }

    /// <summary>What stands beside a label: a dot, an @, a slash.</summary>
    private static bool Divides(char letter) =>
        char.IsAscii(letter) ? !IsOfLabel(letter) : OtherStops.Contains(letter, StringComparison.Ordinal);

    private static bool IsOfLabel(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '-';

    private static string? Encode(string label)
    {
        int[] codes = [.. label.EnumerateRunes().Select(rune => rune.Value)];
        var output = new StringBuilder();
        foreach (int code in codes.Where(code => code < CodeFirst))
        {
            output.Append((char)code);
        }

        int basic = output.Length;
        int handled = basic;
        if (basic > 0)
        {
            output.Append('-');
        }

        int next = CodeFirst;
        int bias = BiasFirst;
        long delta = 0;
        while (handled < codes.Length)
        {
            int smallest = codes.Where(code => code >= next).Min();
            delta += (long)(smallest - next) * (handled + 1);
            next = smallest;
            foreach (int code in codes)
            {
                delta += code < next ? 1 : 0;
                if (delta > int.MaxValue)
                {
                    return null;
                }

                if (code == next)
                {
                    WriteDelta(output, (int)delta, bias);
                    bias = Adapt((int)delta, handled + 1, isFirst: handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            next++;
        }

        return output.ToString();
    }

    private static string? Decode(string encoded)
    {
        int dash = encoded.LastIndexOf('-');
        List<int> codes = [.. encoded.Take(Math.Max(dash, 0)).Select(letter => (int)letter)];
        int next = CodeFirst;
        int bias = BiasFirst;
        long index = 0;
        int at = dash < 0 ? 0 : dash + 1;
        while (at < encoded.Length)
        {
            long before = index;
            long weight = 1;
            for (int place = Base; ; place += Base)
            {
                int digit = at < encoded.Length ? DigitOf(encoded[at++]) : -1;
                index += digit * weight;
                if (digit < 0 || index > int.MaxValue)
                {
                    return null;
                }

                int threshold = ThresholdOf(place, bias);
                if (digit < threshold)
                {
                    break;
                }

                weight *= Base - threshold;
            }

            int count = codes.Count + 1;
            bias = Adapt((int)(index - before), count, isFirst: before == 0);
            next += (int)(index / count);
            if (!Rune.IsValid(next))
            {
                return null;
            }

            codes.Insert((int)(index % count), next);
            index = (index % count) + 1;
        }

        return string.Concat(codes.Select(char.ConvertFromUtf32));
    }

    private static void WriteDelta(StringBuilder output, int delta, int bias)
    {
        int rest = delta;
        for (int place = Base; ; place += Base)
        {
            int threshold = ThresholdOf(place, bias);
            if (rest < threshold)
            {
                output.Append(LetterOf(rest));
                return;
            }

            output.Append(LetterOf(threshold + ((rest - threshold) % (Base - threshold))));
            rest = (rest - threshold) / (Base - threshold);
        }
    }

    private static int Adapt(int delta, int count, bool isFirst)
    {
        int rest = isFirst ? delta / Damp : delta / 2;
        rest += rest / count;
        int steps = 0;
        while (rest > (Base - ThresholdMin) * ThresholdMax / 2)
        {
            rest /= Base - ThresholdMin;
            steps += Base;
        }

        return steps + ((Base - ThresholdMin + 1) * rest / (rest + Skew));
    }

    private static int ThresholdOf(int place, int bias) => Math.Clamp(place - bias, ThresholdMin, ThresholdMax);

    private static char LetterOf(int digit) => (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);

    private static int DigitOf(char letter) =>
        letter switch
        {
            >= 'a' and <= 'z' => letter - 'a',
            >= '0' and <= '9' => letter - '0' + 26,
            _ => -1,
        };
}
