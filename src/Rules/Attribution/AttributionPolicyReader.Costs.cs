using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

internal sealed partial class AttributionPolicyReader
{
    private const int CostsMax = 5_000;
    private const int CostDaysMax = 366;

    /// <summary><c>costs: [{from, to?, channel, campaign?, amount, currency}]</c></summary>
    private ImmutableArray<ChannelCost> Costs(ConfigSection root, ImmutableArray<ChannelRule> channels)
    {
        HashSet<string> names = [.. ChannelGroups.Names, .. channels.Select(one => one.Channel)];
        var costs = ImmutableArray.CreateBuilder<ChannelCost>();
        foreach ((ConfigNode node, string path) in Items(root, "costs", CostsMax))
        {
            var section = new ConfigSection(
                path,
                node,
                file.Faults,
                "from",
                "to",
                "channel",
                "campaign",
                "amount",
                "currency"
            );
            DateOnly? from = DayOf(section, "from");
            DateOnly? to = section.Find("to") is null ? from : DayOf(section, "to");
            if (to < from || to?.DayNumber - from?.DayNumber >= CostDaysMax)
            {
                section.Fault("to", "It must be a day of the year behind 'from': 2026-01-31.");
            }

            string? channel = section.RequiredText("channel");
            if (channel is not null && !names.Contains(channel))
            {
                section.Fault(
                    "channel",
                    "There is no such channel: it is one of 'channels', or one of the built-in ones."
                );
            }

            string? currency = section.RequiredText("currency");
            MoneyValue money = default;
            if (
                currency is null
                || !FactValue.IsCurrency(currency)
                || !MoneyValue.TryParse(section.RequiredText("amount"), isMinor: false, currency, out money)
                || money.Minor < 0
            )
            {
                section.Fault(
                    "amount",
                    "It must be an amount that is not negative, with a currency of ISO 4217: 1200.00 and EUR."
                );
            }

            if (from is { } first && to is { } last && channel is not null)
            {
                costs.Add(
                    new ChannelCost(
                        first,
                        last,
                        channel,
                        OptionalText(section, "campaign"),
                        money.Minor,
                        money.Currency
                    )
                );
            }
        }

        return costs.DrainToImmutable();
    }

    private static DateOnly? DayOf(ConfigSection section, string name)
    {
        if (
            DateOnly.TryParseExact(
                section.RequiredText(name),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
        )
        {
            return day;
        }

        section.Fault(name, "It must be a day: 2026-01-31.");
        return null;
    }
}
