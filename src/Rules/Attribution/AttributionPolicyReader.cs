using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Attribution;

/// <summary>Reads <c>attribution.yaml</c>.</summary>
internal sealed class AttributionPolicyReader(PolicyFile file)
{
    private const int ConversionsMax = 50;
    private const int ChannelsMax = 100;
    private const int HostsMax = 500;
    private const int AliasesMax = 2_000;
    private const int RatesMax = 4_000;
    private const int NameLengthMax = 63;
    private const int IdleMinutesMax = 24 * 60;

    private static readonly string[] s_eventMembers = ["event", "updated", "refunded", "cancelled"];

    private static readonly string[] s_conversionMembers =
    [
        "name",
        "owner",
        "event",
        "opportunities",
        "updated",
        "refunded",
        "cancelled",
        "id",
        "amount",
        "currency",
        "assumedCurrency",
        "sources",
        "lookBack",
        "scope",
    ];

    /// <summary>The policy; null after a fault.</summary>
    public AttributionPolicy? Read()
    {
        ConfigSection root = file.Section(
            "purpose",
            "idle",
            "direct",
            "halfLife",
            "ownHosts",
            "continueAfter",
            "aliases",
            "channels",
            "conversions",
            "currency"
        );
        string purpose = root.Find("purpose") is null ? "analytics" : root.RequiredText("purpose") ?? "";
        TimeSpan idle = Durations.Read(root, "idle") ?? TimeSpan.FromMinutes(30);
        if (idle.TotalMinutes > IdleMinutesMax)
        {
            root.Fault("idle", "A visit ends after a day of silence at the latest: 30m.");
        }

        DirectTouches direct = root.Word("direct", DirectTouches.Keep);
        TimeSpan halfLife = Durations.Read(root, "halfLife") ?? JourneyModels.HalfLifeUsual;
        ImmutableArray<string> own = Hosts(root, "ownHosts");
        ImmutableArray<string> continuing = Hosts(root, "continueAfter");
        ImmutableDictionary<string, string> aliases = Aliases(root);
        ImmutableArray<ChannelRule> channels = Channels(root);
        ImmutableArray<ConversionDefinition> conversions = Conversions(root);
        CurrencyRates rates = Rates(root);
        if (file.Faults.Count > 0)
        {
            return null;
        }

        var unnamed = new AttributionPolicy(conversions, "")
        {
            Purpose = purpose,
            Idle = idle,
            Direct = direct,
            Channels = channels,
            Models = new JourneyModels(halfLife),
            Aliases = aliases,
            Rates = rates,
        };
        string version = AttributionPolicyJson.VersionOf(unnamed, own, continuing);
        return new AttributionPolicy(conversions, version)
        {
            Purpose = purpose,
            Idle = idle,
            Direct = direct,
            Channels = channels,
            Models = unnamed.Models,
            Referrers = new Referrers(own, continuing),
            OwnHosts = own,
            ContinuingHosts = continuing,
            Aliases = aliases,
            Rates = rates,
        };
    }

    private static ImmutableArray<string> Hosts(ConfigSection root, string name)
    {
        ImmutableArray<ConfigNode> texts = root.Texts(name);
        if (texts.Length > HostsMax)
        {
            root.Fault(name, $"There may be {HostsMax} at most.");
        }

        foreach (ConfigNode text in texts.Where(text => !IsHost(text.Text)))
        {
            root.Fault(
                text.Line,
                root.PathOf(name),
                "It must be a host in lower case, without a scheme: shop.example.com."
            );
        }

        return [.. texts.Select(text => text.Text)];
    }

    private static bool IsHost(string text) =>
        text.Length is > 2 and < 254
        && text.Contains('.')
        && text.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one is '.' or '-')
        && !text.StartsWith('.')
        && !text.EndsWith('.');

    private ImmutableDictionary<string, string> Aliases(ConfigSection root)
    {
        var section = new ConfigSection("aliases", root.Find("aliases"), file.Faults);
        ConfigMember[] members = [.. section.Members];
        if (members.Length > AliasesMax)
        {
            root.Fault("aliases", $"There may be {AliasesMax} at most.");
        }

        foreach (ConfigMember member in members)
        {
            if (member.Value.Kind != ConfigKind.Text || member.Name.Any(char.IsUpper))
            {
                section.Fault(
                    member.Name,
                    "It must be a source in lower case and the name that it has: linkedin.com: linkedin."
                );
            }
        }

        return members.ToImmutableDictionary(
            member => member.Name,
            member => member.Value.Text.ToLowerInvariant(),
            StringComparer.Ordinal
        );
    }

    private ImmutableArray<ChannelRule> Channels(ConfigSection root)
    {
        var reader = new ConditionReader(ChannelFacts.Catalog, file.Faults);
        var channels = ImmutableArray.CreateBuilder<ChannelRule>();
        foreach ((ConfigNode node, string path) in Items(root, "channels", ChannelsMax))
        {
            var section = new ConfigSection(path, node, file.Faults, "name", "if");
            string? name = section.RequiredText("name");
            if (name is not null && (name.Length is 0 or > NameLengthMax || name[0] is '(' or '+' or '-'))
            {
                section.Fault(
                    "name",
                    "It must be a text of 63 characters at most, and begin with a letter or a digit."
                );
            }

            if (section.Find("if") is not { } condition)
            {
                section.Fault("if", "It is missing.");
            }
            else if (reader.Read(condition, section.PathOf("if")) is { } read && name is not null)
            {
                channels.Add(new ChannelRule(name, read));
            }
        }

        int own = channels.Select(one => one.Channel).Except(ChannelGroups.Names, StringComparer.Ordinal).Count();
        if (own + ChannelGroups.Names.Length >= MarkovModel.ChannelsMax)
        {
            root.Fault(
                "channels",
                "There are too many different channels: reports of journeys have room for 40 of your own."
            );
        }

        return channels.DrainToImmutable();
    }

    private ImmutableArray<ConversionDefinition> Conversions(ConfigSection root)
    {
        var conversions = ImmutableArray.CreateBuilder<ConversionDefinition>();
        foreach ((ConfigNode node, string path) in Items(root, "conversions", ConversionsMax))
        {
            var section = new ConfigSection(path, node, file.Faults, s_conversionMembers);
            if (Conversion(section) is { } read)
            {
                if (conversions.Any(one => one.Name == read.Name))
                {
                    section.Fault("name", $"There are two conversions '{read.Name}'.");
                }

                if (read.IsOfDeals && conversions.Any(one => one.IsOfDeals && ReadSame(one, read)))
                {
                    section.Fault(
                        "sources",
                        "Another conversion reads the same deals, which would count twice: name the sources of each."
                    );
                }

                conversions.Add(read);
            }
        }

        return conversions.DrainToImmutable();
    }

    private static bool ReadSame(ConversionDefinition one, ConversionDefinition other) =>
        one.Sources.IsEmpty || other.Sources.IsEmpty || one.Sources.Intersect(other.Sources).Any();

    private ConversionDefinition? Conversion(ConfigSection section)
    {
        string? name = section.RequiredText("name");
        if (name is not null && !IsName(name))
        {
            section.Fault(
                "name",
                "A name has lower case letters, digits and hyphens, and begins with a letter: 63 at most."
            );
        }

        bool isOfDeals = section.Flag("opportunities", otherwise: false);
        string? happened = OptionalText(section, "event");
        if (isOfDeals == happened is not null)
        {
            section.Fault("event", "It must say either 'event: NAME' or 'opportunities: true'.");
        }

        string[] events = [.. s_eventMembers.Select(one => OptionalText(section, one)).OfType<string>()];
        if (events.Distinct(StringComparer.Ordinal).Count() < events.Length)
        {
            section.Fault("event", "An event can say one thing of a conversion.");
        }

        if (events.Any(Accounts.OpportunityEvents.Has))
        {
            section.Fault("event", "That event tells of deals: say 'opportunities: true'.");
        }

        string? assumed = OptionalText(section, "assumedCurrency");
        if (assumed is not null && !FactValue.IsCurrency(assumed))
        {
            section.Fault("assumedCurrency", "It must be three letters of ISO 4217: EUR.");
        }

        PolicyOwner? owner = file.OwnerOf(section);
        TimeSpan lookBack = Durations.Read(section, "lookBack") ?? TimeSpan.FromDays(isOfDeals ? 180 : 30);
        AttributionScope scope = section.Word("scope", AttributionScope.Person);
        if (scope == AttributionScope.Account && !isOfDeals)
        {
            section.Fault("scope", "Only deals have an account.");
        }

        ImmutableArray<string> sources = [.. section.Texts("sources").Select(text => text.Text)];
        return name is null || owner is null
            ? null
            : new ConversionDefinition(name, owner, lookBack, scope)
            {
                IsOfDeals = isOfDeals,
                Event = happened,
                Updated = OptionalText(section, "updated"),
                Refunded = OptionalText(section, "refunded"),
                Cancelled = OptionalText(section, "cancelled"),
                IdProperty = OptionalText(section, "id") ?? (isOfDeals ? "opportunityId" : "order_id"),
                AmountProperty = OptionalText(section, "amount") ?? (isOfDeals ? "amount" : "total"),
                CurrencyProperty = OptionalText(section, "currency") ?? "currency",
                Currency = assumed,
                Sources = sources,
            };
    }

    private CurrencyRates Rates(ConfigSection root)
    {
        var section = new ConfigSection("currency", root.Find("currency"), file.Faults, "reporting", "rates");
        if (root.Find("currency") is null)
        {
            return CurrencyRates.None;
        }

        string? reporting = section.RequiredText("reporting");
        if (reporting is not null && !FactValue.IsCurrency(reporting))
        {
            section.Fault("reporting", "It must be three letters of ISO 4217: EUR.");
        }

        var dated = ImmutableArray.CreateBuilder<DatedRates>();
        foreach ((ConfigNode node, string path) in Items(section, "rates", RatesMax))
        {
            var one = new ConfigSection(path, node, file.Faults);
            if (
                !DateOnly.TryParseExact(
                    one.RequiredText("from"),
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out DateOnly from
                )
            )
            {
                one.Fault("from", "It must be a date: 2026-01-31.");
            }

            if (dated.Count > 0 && dated[^1].From >= from)
            {
                one.Fault("from", "Days must rise.");
            }

            dated.Add(new DatedRates(from, RatesOf(one)));
        }

        return new CurrencyRates(reporting, dated.DrainToImmutable());
    }

    private static ImmutableSortedDictionary<string, decimal> RatesOf(ConfigSection section)
    {
        var rates = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        foreach (ConfigMember member in section.Members.Where(member => member.Name != "from"))
        {
            if (
                FactValue.IsCurrency(member.Name)
                && member.Value.Kind == ConfigKind.Text
                && decimal.TryParse(
                    member.Value.Text,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out decimal rate
                )
                && rate is > 0 and < 1_000_000
            )
            {
                rates[member.Name] = rate;
            }
            else
            {
                section.Fault(member.Name, "It must be a currency and what one unit of it is worth: USD: 0.9215.");
            }
        }

        return rates.ToImmutable();
    }

    private static IEnumerable<(ConfigNode Node, string Path)> Items(ConfigSection section, string name, int max)
    {
        if (section.Find(name) is not { IsNothing: false } node)
        {
            return [];
        }

        if (node.Kind != ConfigKind.List || node.Items.Length > max)
        {
            section.Fault(name, string.Create(CultureInfo.InvariantCulture, $"It must be a list of {max} at most."));
            return [];
        }

        return node.Items.Select(
            (item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{section.PathOf(name)}[{index}]"))
        );
    }

    private static string? OptionalText(ConfigSection section, string name) =>
        section.Find(name) is null ? null : section.RequiredText(name);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetterLower(name[0])
        && name.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');
}
