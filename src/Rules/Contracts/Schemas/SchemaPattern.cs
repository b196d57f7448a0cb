using System.Text;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// Regular expressions of JSON Schema are those of ECMA 262, searched for anywhere in a text. Here they run in linear time only:
/// a pattern for which .NET's non-backtracking engine is not enough is refused.
/// </summary>
internal static class SchemaPattern
{
    private static readonly Dictionary<string, string> s_properties = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Uppercase_Letter"] = "Lu",
        ["Lowercase_Letter"] = "Ll",
        ["Titlecase_Letter"] = "Lt",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Symbol"] = "S",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Other"] = "C",
    };

    /// <summary>The pattern, compiled; null, and why, where it is refused.</summary>
    public static Regex? TryCompile(string pattern, out string? refusal)
    {
        refusal = null;
        if (pattern.Length > SchemaLimits.PatternCharactersMax)
        {
            refusal = $"The pattern has over {SchemaLimits.PatternCharactersMax} characters.";
            return null;
        }

        try
        {
            return new Regex(ToNet(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            // Look-arounds, back references, or a repetition that would make millions of states.
            refusal =
                "The pattern can't be searched for in linear time (look-around, back reference or large repetition).";
        }
        catch (ArgumentException)
        {
            refusal = "It is no pattern.";
        }

        return null;
    }

    /// <summary>The same in .NET's words, where the two differ: digits, word characters, the end, line ends, names of properties.</summary>
    private static string ToNet(string pattern)
    {
        var net = new StringBuilder(pattern.Length + 16);
        bool isInClass = false;
        for (int index = 0; index < pattern.Length; index++)
        {
            char one = pattern[index];
            if (one == '\\' && index + 1 < pattern.Length)
            {
                index = TakeEscape(pattern, index + 1, isInClass, net);
                continue;
            }

            switch (one)
            {
                case '[' when isInClass:
                    net.Append("\\[");
                    break;
                case '[':
                    isInClass = true;
                    net.Append(one);
                    break;
                case ']':
                    isInClass = false;
                    net.Append(one);
                    break;
                case '$' when !isInClass:
                    net.Append("\\z");
                    break;
                case '.' when !isInClass:
                    net.Append("[^\\n\\r\\u2028\\u2029]");
                    break;
                default:
                    net.Append(one);
                    break;
            }
        }

        return net.ToString();
    }

    /// <summary>Answers the place of the escape's last character.</summary>
    private static int TakeEscape(string pattern, int index, bool isInClass, StringBuilder net)
    {
        char one = pattern[index];
        string? net26 = one switch
        {
            'd' => isInClass ? "0-9" : "[0-9]",
            'D' when !isInClass => "[^0-9]",
            'w' => isInClass ? "A-Za-z0-9_" : "[A-Za-z0-9_]",
            'W' when !isInClass => "[^A-Za-z0-9_]",
            '/' => "/",
            '-' => "\\-",
            _ => null,
        };
        if (net26 is not null)
        {
            net.Append(net26);
            return index;
        }

        int end = one is 'p' or 'P' ? pattern.IndexOf('}', index) : -1;
        if (end > index + 2 && pattern[index + 1] == '{')
        {
            string name = pattern[(index + 2)..end];
            name = name.StartsWith("General_Category=", StringComparison.Ordinal)
                ? name["General_Category=".Length..]
                : name;
            net.Append('\\').Append(one).Append('{').Append(s_properties.GetValueOrDefault(name, name)).Append('}');
            return end;
        }

        net.Append('\\').Append(one);
        return index;
    }
}
