using System.Collections.Immutable;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <summary>Rates that count from a day on.</summary>
/// <param name="From">From its beginning in UTC, until the next.</param>
/// <param name="Rates">By currency: what one unit of it is worth in the reporting currency.</param>
public sealed record DatedRates(DateOnly From, ImmutableSortedDictionary<string, decimal> Rates);

/// <summary>Turns amounts into the currency of reports, by the rate of the day of the conversion.</summary>
/// <param name="Reporting">ISO 4217; null: nothing is turned into anything.</param>
/// <param name="Dated">By day, rising.</param>
public sealed record CurrencyRates(string? Reporting, ImmutableArray<DatedRates> Dated)
{
    public static CurrencyRates None { get; } = new(null, []);

    /// <summary>
    /// Whole minor units of the reporting currency, rounded half to even; null where there is no rate of the day. A rate that is missing is
    /// never zero, and never another day's that came later.
    /// </summary>
    public long? Convert(MoneyValue money, DateTimeOffset at)
    {
        if (Reporting is null)
        {
            return null;
        }

        if (money.Currency == Reporting)
        {
            return money.Minor;
        }

        DateOnly day = DateOnly.FromDateTime(at.UtcDateTime);
        DatedRates? rates = Dated.LastOrDefault(one => one.From <= day);
        if (rates is null || !rates.Rates.TryGetValue(money.Currency, out decimal rate))
        {
            return null;
        }

        decimal minor = money.Minor * rate;
        for (int digits = MoneyValue.DigitsOf(Reporting) - MoneyValue.DigitsOf(money.Currency); digits != 0; )
        {
            (minor, digits) = digits > 0 ? (minor * 10, digits - 1) : (minor / 10, digits + 1);
        }

        minor = decimal.Round(minor, MidpointRounding.ToEven);
        return minor is < long.MinValue or > long.MaxValue ? null : (long)minor;
    }
}
