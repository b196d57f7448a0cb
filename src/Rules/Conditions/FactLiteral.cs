using System.Globalization;
using System.Text;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;

namespace Customer360.Rules.Conditions;

/// <summary>
/// Values as policy files write them. What is between quotes is a text; otherwise <c>true</c>, <c>12.5</c> and a time with its
/// offset are what they look like, and <c>{minor: 1000, currency: EUR}</c> is money. A fact whose kind is known has it whatever
/// its value looks like, so that a postcode <c>01069</c> stays a text.
/// </summary>
internal static class FactLiteral
{
    /// <summary>Items of a list at most.</summary>
    public const int ItemsMax = 1_000;

    private const int TextLengthMax = 1_000;

    /// <summary>The value; null, and a fault, where it is not of the kind.</summary>
    /// <param name="kind"><see cref="FactKind.Missing"/>: any.</param>
    public static FactValue? Read(ConfigNode node, FactKind kind, string path, List<ConfigFault> faults)
    {
        FactValue? value = node.Kind switch
        {
            ConfigKind.Map => Money(node),
            ConfigKind.List => List(node),
            _ => Plain(node, kind),
        };
        if (value is not null && (kind == FactKind.Missing || kind == value.Kind || value.Kind == FactKind.Withheld))
        {
            return value;
        }

        faults.Add(new ConfigFault(node.Line, path, $"It must be {NameOf(kind)}."));
        return null;
    }

    /// <summary>How a kind is called in a sentence.</summary>
    public static string NameOf(FactKind kind) =>
        kind switch
        {
            FactKind.Text => "a text",
            FactKind.Number => "a number",
            FactKind.Money => "money: {minor: 1000, currency: EUR}",
            FactKind.Flag => "true or false",
            FactKind.Instant => "a time with its offset: 2026-11-27T08:00:00Z",
            FactKind.List => "a list of plain values",
            _ => "a plain value, a list of them, or money: {minor: 1000, currency: EUR}",
        };

    private static FactValue? Plain(ConfigNode node, FactKind kind)
    {
        if (node.IsNothing || node.Text.Length > TextLengthMax)
        {
            return null;
        }

        if (kind == FactKind.Text || node.IsQuoted)
        {
            return kind == FactKind.Instant ? InstantOf(node.Text) : FactValue.Of(node.Text);
        }

        if (node.Text is "true" or "false")
        {
            return FactValue.Of(node.Text == "true");
        }

        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(node.Text, Plain, CultureInfo.InvariantCulture, out decimal number))
        {
            return FactValue.Of(number);
        }

        return InstantOf(node.Text) ?? FactValue.Of(node.Text);
    }

    private static FactValue? InstantOf(string text) =>
        text.Length > "2026-11-27".Length
        && text[^1] is 'Z' or (>= '0' and <= '9')
        && text.Contains('T', StringComparison.Ordinal)
        && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset instant)
            ? FactValue.Of(instant)
            : null;

    private static FactValue? List(ConfigNode node)
    {
        if (node.Items.Length > ItemsMax)
        {
            return null;
        }

        FactValue?[] items =
        [
            .. node.Items.Select(item =>
                item.Kind switch
                {
                    ConfigKind.Map => Money(item),
                    ConfigKind.Text => Plain(item, FactKind.Missing),
                    _ => null,
                }
            ),
        ];
        return Array.TrueForAll(items, item => item is { IsKnown: true })
            ? FactValue.Of(items.Select(item => item!))
            : null;
    }

    private static FactValue? Money(ConfigNode node)
    {
        string? minor = TextOf(node, "minor");
        string? currency = TextOf(node, "currency");
        if (node.Members.Length == 1 && TextOf(node, "withheld") == "true")
        {
            return FactValue.Withheld;
        }

        return
            node.Members.Length == 2
            && currency is not null
            && FactValue.IsCurrency(currency)
            && long.TryParse(minor, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long units)
            ? FactValue.Money(units, currency)
            : null;
    }

    private static string? TextOf(ConfigNode map, string name) =>
        map.Members.FirstOrDefault(member => member.Name == name).Value is { Kind: ConfigKind.Text } value
            ? value.Text
            : null;
}
