using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;

namespace Customer360.Rules.Attribution;

/// <summary>Reads what messages say of conversions.</summary>
public static class ConversionReader
{
    private const int IdLengthMax = 200;
    private const int AmountLengthMax = 40;

    /// <summary>The id of a conversion. What is said twice of an order, by whomever, is said of one conversion.</summary>
    public static string IdOf(string definition, string externalId) =>
        "v_" + DecisionId.Of("conversion", definition, externalId)[2..];

    /// <summary>One a definition that the message concerns; mostly none.</summary>
    public static ImmutableArray<ConversionHeard> Read(AttributionPolicy policy, Envelope envelope, LogPlace place)
    {
        if (envelope.Kind != EventKind.Track || envelope.Name is not { } name)
        {
            return [];
        }

        if (OpportunityEvents.Has(name))
        {
            return policy.HasDeals && OpportunityReader.Read(envelope, place) is { } deal
                ?
                [
                    .. policy
                        .Conversions.Where(one => one.IsOfDeals && IsOf(one, envelope))
                        .Select(one => OfDeal(one, deal, envelope, place)),
                ]
                : [];
        }

        ImmutableArray<ConversionDefinition> concerned = policy.OfEvent(name);
        if (concerned.IsEmpty)
        {
            return [];
        }

        JsonElement? found = EnvelopeProperties.Of(envelope, out JsonDocument document);
        using JsonDocument owned = document;
        return
        [
            .. concerned.Select(one => OfEvent(one, name, found ?? default, envelope, place)).OfType<ConversionHeard>(),
        ];
    }

    /// <summary>Two CRMs number their deals by themselves.</summary>
    public static string DealIdOf(string source, string id) => $"{source}:{id}";

    private static bool IsOf(ConversionDefinition definition, Envelope envelope) =>
        definition.Sources.IsEmpty || definition.Sources.Contains(envelope.Source, StringComparer.Ordinal);

    private static ConversionHeard OfDeal(
        ConversionDefinition definition,
        Opportunity deal,
        Envelope envelope,
        LogPlace place
    )
    {
        OpportunityFacts facts = deal.Facts;
        StatementKind kind =
            facts.IsDeleted ? StatementKind.DealDeleted
            : facts is { IsWon: true, IsClosed: true } ? StatementKind.DealWon
            : facts.IsClosed ? StatementKind.DealLost
            : StatementKind.DealOpen;
        (MoneyValue? money, CreditResidual fault) = MoneyOf(
            facts.AmountText,
            facts.Currency ?? definition.Currency,
            mayBeNegative: true
        );
        return HeardOf(
            definition,
            DealIdOf(deal.Source, deal.Id),
            new ConversionStatement(place, TimeOf(envelope), kind, money)
            {
                Fault = kind == StatementKind.DealWon ? fault : CreditResidual.None,
                ClosedAt = CloseOf(facts.CloseDate),
            }
        );
    }

    private static ConversionHeard? OfEvent(
        ConversionDefinition definition,
        string name,
        JsonElement properties,
        Envelope envelope,
        LogPlace place
    )
    {
        StatementKind kind =
            name == definition.Event ? StatementKind.Happened
            : name == definition.Updated ? StatementKind.Updated
            : name == definition.Refunded ? StatementKind.Refunded
            : StatementKind.Cancelled;
        bool isClaimed = envelope.Trust == StatementTrust.Claimed;
        if (kind == StatementKind.Happened && !IsOf(definition, envelope))
        {
            // What goes back is another system's word than what was sold: it names the order.
            return null;
        }

        if (isClaimed && (definition.IsOfDeals || kind != StatementKind.Happened))
        {
            // Whoever reads a page has its key: a page says that something was bought, and takes nothing back. Deals it does not know.
            return null;
        }

        string? id = CrmJson.Id(properties, definition.IdProperty);
        if (id is null or { Length: > IdLengthMax })
        {
            if (kind != StatementKind.Happened)
            {
                // Of which order it is nobody knows.
                return null;
            }

            // An order without an id is one of its own.
            id = $"message:{envelope.MessageId}";
        }
        else if (definition.IsOfDeals)
        {
            id = OfSource(definition, id, envelope);
        }

        JsonElement? said = CrmJson.Member(properties, definition.AmountProperty);
        bool isSum = said is { ValueKind: JsonValueKind.Object };
        string? amount = isSum
            ? CrmJson.Text(said!.Value, "amount")
            : CrmJson.Text(properties, definition.AmountProperty);
        string? currency =
            (isSum ? CrmJson.Text(said!.Value, "currency") : null)
            ?? CrmJson.Text(properties, definition.CurrencyProperty)
            ?? definition.Currency;
        bool isRefund = kind == StatementKind.Refunded;
        (MoneyValue? money, CreditResidual fault) = MoneyOf(amount, currency, mayBeNegative: isRefund);
        if (isRefund && money is { Minor: < 0 } negative)
        {
            // Some send what went back with a sign, and some without.
            money = negative with
            {
                Minor = -negative.Minor,
            };
        }

        // Whoever names an amount that nobody can read does not say that all of it went back.
        bool isAll =
            kind == StatementKind.Cancelled
            || (isRefund && said is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined });
        return HeardOf(
            definition,
            id,
            new ConversionStatement(place, TimeOf(envelope), kind, isAll ? null : money)
            {
                Fault = isAll ? CreditResidual.None : fault,
                IsClaimed = isClaimed,
                AmountText = isRefund && currency is null && amount is { Length: <= AmountLengthMax } ? amount : null,
            }
        );
    }

    /// <summary>
    /// A deal that goes by its number alone is of the one CRM that the definition means, or of who says so; its number is written as
    /// <see cref="OpportunityReader"/> has it. A source may stand before it, and a number may have a colon of its own.
    /// </summary>
    private static string OfSource(ConversionDefinition definition, string id, Envelope envelope)
    {
        int colon = id.IndexOf(':', StringComparison.Ordinal);
        string before = colon < 0 ? "" : id[..colon];
        bool isNamed =
            before == envelope.Source
            || definition.Sources.Contains(before, StringComparer.Ordinal)
            || (definition.Sources.IsEmpty && before.Any(char.IsAsciiLetter));
        return isNamed
            ? DealIdOf(before, OpportunityReader.NumberOf(id[(colon + 1)..]))
            : DealIdOf(
                definition.Sources.Length == 1 ? definition.Sources[0] : envelope.Source,
                OpportunityReader.NumberOf(id)
            );
    }

    private static ConversionHeard HeardOf(
        ConversionDefinition definition,
        string externalId,
        ConversionStatement statement
    ) => new(definition, externalId, IdOf(definition.Name, externalId), statement);

    /// <summary>An order of less than nothing is none: what goes back is a refund. A CRM's deal may be, and its sum has it.</summary>
    private static (MoneyValue? Money, CreditResidual Fault) MoneyOf(
        string? amount,
        string? currency,
        bool mayBeNegative
    )
    {
        if (amount is null)
        {
            return (null, CreditResidual.AmountMissing);
        }

        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetter))
        {
            return (null, CreditResidual.CurrencyMissing);
        }

        return
            MoneyValue.TryParse(amount, isMinor: false, currency, out MoneyValue money)
            && (mayBeNegative || money.Minor >= 0)
            ? (money, CreditResidual.None)
            : (null, CreditResidual.AmountMissing);
    }

    /// <summary>A clock that goes ahead is set right: nothing happened after it was received.</summary>
    private static DateTimeOffset TimeOf(Envelope envelope) =>
        envelope.Timestamp < envelope.ReceivedAt ? envelope.Timestamp : envelope.ReceivedAt;

    /// <summary>Of a date its last microsecond in UTC: touches of that day are before the close.</summary>
    public static DateTimeOffset? CloseOf(string? text)
    {
        if (
            DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
        )
        {
            return day == DateOnly.MaxValue
                ? null
                : new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).AddMicroseconds(-1);
        }

        if (
            text is { Length: 10 or 13 }
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long since1970)
        )
        {
            // Ten digits are seconds and thirteen are milliseconds, of this century either way.
            return text.Length == 10
                ? DateTimeOffset.FromUnixTimeSeconds(since1970)
                : DateTimeOffset.FromUnixTimeMilliseconds(since1970);
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time
        )
            ? time
            : null;
    }
}
