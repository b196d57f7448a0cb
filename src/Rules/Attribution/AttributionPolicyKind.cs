using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Attribution;

/// <summary>
/// <c>attribution.yaml</c>: what counts as a conversion, whose touches get credit for it, and how channels are told. Another file is
/// another version, and what is credited anew by it is written with that reason.
/// </summary>
public sealed class AttributionPolicyKind() : PolicyKind<AttributionPolicy>(KindName, BuiltInFile)
{
    public const string KindName = "attribution";

    private const string BuiltInFile = """
        owner: {team: revenue-operations, contact: revenue-operations}
        # What a person must have consented to before her touches get credit.
        purpose: analytics
        # Silence after which a visit has ended.
        idle: 30m
        conversions: []
        """;

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    public override int CharactersMax => 512 * 1024;

    /// <summary>The built-in tables decide with the file.</summary>
    public override string Release => ChannelGroups.Version;

    protected override AttributionPolicy? Read(PolicyFile file) => new AttributionPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, AttributionPolicy policy) =>
        AttributionPolicyJson.Write(writer, policy, policy.OwnHosts, policy.ContinuingHosts);

    /// <summary><c>input: {url?, referrer?}</c> → <c>expect: {channel, source, medium, campaign}</c>: what a visit is told to be.</summary>
    protected override IReadOnlyDictionary<string, string> Decide(AttributionPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("url", "referrer");
        VisitHit hit = policy.Visits.Judge(VisitAddress.Read(TextOf(input, "url")), null, TextOf(input, "referrer"));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["channel"] = policy.ChannelOf(hit.Source),
            ["source"] = hit.Source.Source ?? "",
            ["medium"] = hit.Source.Medium ?? "",
            ["campaign"] = hit.Source.Campaign ?? "",
        };
    }

    private static string? TextOf(ConfigSection input, string name) =>
        input.Find(name) is null ? null : input.RequiredText(name);
}

/// <summary>Writes the canonical form.</summary>
internal static class AttributionPolicyJson
{
    private const int VersionBytes = 6;

    public static string VersionOf(
        AttributionPolicy policy,
        ImmutableArray<string> own,
        ImmutableArray<string> continuing
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        Write(writer, policy, own, continuing);
        writer.Flush();
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, VersionBytes));
    }

    public static void Write(
        Utf8JsonWriter writer,
        AttributionPolicy policy,
        ImmutableArray<string> own,
        ImmutableArray<string> continuing
    )
    {
        writer.WriteStartObject();
        writer.WriteString("channelGroups"u8, ChannelGroups.Version);
        writer.WriteString("purpose"u8, policy.Purpose);
        writer.WriteNumber("idleSeconds"u8, (long)policy.Idle.TotalSeconds);
        writer.WriteString("direct"u8, JsonNamingPolicy.CamelCase.ConvertName(policy.Direct.ToString()));
        writer.WriteNumber("halfLifeSeconds"u8, (long)policy.Models.HalfLife.TotalSeconds);
        WriteAll(writer, "ownHosts", own);
        WriteAll(writer, "continueAfter", continuing);
        writer.WriteStartObject("aliases"u8);
        foreach ((string alias, string name) in policy.Aliases.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            writer.WriteString(alias, name);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("channels"u8);
        foreach (ChannelRule rule in policy.Channels)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, rule.Channel);
            writer.WritePropertyName("if"u8);
            rule.If.WriteJson(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("conversions"u8);
        foreach (ConversionDefinition definition in policy.Conversions)
        {
            Write(writer, definition);
        }

        writer.WriteEndArray();
        Write(writer, policy.Rates);
        Write(writer, policy.Costs);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ImmutableArray<ChannelCost> costs)
    {
        if (costs.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("costs"u8);
        foreach (ChannelCost cost in costs)
        {
            writer.WriteStartObject();
            writer.WriteString("from"u8, cost.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteString("to"u8, cost.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteString("channel"u8, cost.Channel);
            if (cost.Campaign is not null)
            {
                writer.WriteString("campaign"u8, cost.Campaign);
            }

            writer.WriteNumber("minor"u8, cost.Minor);
            writer.WriteString("currency"u8, cost.Currency);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ConversionDefinition definition)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, definition.Name);
        writer.WriteString("team"u8, definition.Owner.Team);
        writer.WriteString("contact"u8, definition.Owner.Contact);
        writer.WriteBoolean("opportunities"u8, definition.IsOfDeals);
        foreach (
            (string name, string? text) in new[]
            {
                ("event", definition.Event),
                ("updated", definition.Updated),
                ("refunded", definition.Refunded),
                ("cancelled", definition.Cancelled),
                ("id", definition.IdProperty),
                ("amount", definition.AmountProperty),
                ("currency", definition.CurrencyProperty),
                ("assumedCurrency", definition.Currency),
            }
        )
        {
            if (text is not null)
            {
                writer.WriteString(name, text);
            }
        }

        WriteAll(writer, "sources", definition.Sources);
        writer.WriteNumber("lookBackSeconds"u8, (long)definition.LookBack.TotalSeconds);
        writer.WriteString("scope"u8, JsonNamingPolicy.CamelCase.ConvertName(definition.Scope.ToString()));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CurrencyRates rates)
    {
        if (rates.Reporting is null)
        {
            return;
        }

        writer.WriteString("reporting"u8, rates.Reporting);
        writer.WriteStartObject("rates"u8);
        foreach (DatedRates dated in rates.Dated)
        {
            writer.WriteStartObject(dated.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            foreach ((string currency, decimal rate) in dated.Rates)
            {
                writer.WriteNumber(currency, rate);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
