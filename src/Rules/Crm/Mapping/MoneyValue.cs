using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>An amount of money, exact: whole minor units of its currency (cents), and the currency (ISO 4217).</summary>
public readonly record struct MoneyValue(long Minor, string Currency)
{
    private const int DigitsUsual = 2;

    /// <summary>
    /// Minor units of an amount at most, a hundred million million: what is more is a mistake, or meant to harm. Ninety thousand of them
    /// can still be added up.
    /// </summary>
    public const long MinorMax = 100_000_000_000_000;

    private static readonly string[] s_withoutMinor =
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ];

    private static readonly string[] s_withThreeDigits = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>Digits behind the point of a currency: 2 of most, none of the yen, 3 of the Kuwaiti dinar.</summary>
    public static int DigitsOf(string currency) =>
        s_withoutMinor.Contains(currency, StringComparer.Ordinal) ? 0
        : s_withThreeDigits.Contains(currency, StringComparer.Ordinal) ? 3
        : DigitsUsual;

    /// <summary>Reads an amount. False where it is none, too much, or has parts that the currency does not: nothing is rounded.</summary>
    /// <param name="amount">Digits with a point: <c>199.00</c>; or as Java writes large ones: <c>1.25E7</c>.</param>
    /// <param name="isMinor">True: the amount counts minor units. False: units.</param>
    /// <param name="currency">Three letters, in whatever case.</param>
    public static bool TryParse(
        string? amount,
        bool isMinor,
        [NotNullWhen(true)] string? currency,
        out MoneyValue money
    )
    {
        money = default;
        if (
            currency is not { Length: 3 }
            || !currency.All(char.IsAsciiLetter)
            || !decimal.TryParse(
                amount,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out decimal value
            )
        )
        {
            return false;
        }

        string name = currency.ToUpperInvariant();
        for (int digit = isMinor ? 0 : DigitsOf(name); digit > 0 && Math.Abs(value) < long.MaxValue; digit--)
        {
            value *= 10;
        }

        if (value != decimal.Truncate(value) || value is < -MinorMax or > MinorMax)
        {
            return false;
        }

        money = new MoneyValue((long)value, name);
        return true;
    }
}
