using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Attribution;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Attribution;

/// <summary>Messages that tests of attribution send.</summary>
internal static class JourneyMessages
{
    public static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static int s_number;

    public static JsonObject Visit(string id, string device, int daysAgo, string behind, string referrer = "") =>
        At(
            new JsonObject
            {
                ["type"] = "page",
                ["messageId"] = id,
                ["anonymousId"] = device,
                ["properties"] = new JsonObject
                {
                    ["url"] = $"https://www.example.com/{behind}",
                    ["referrer"] = referrer,
                },
            },
            daysAgo
        );

    public static JsonObject Says(string id, string device, bool grants, string? contact = null)
    {
        JsonObject message = Identify(id, null, device);
        message["context"] = new JsonObject
        {
            ["consent"] = new JsonObject { ["categoryPreferences"] = new JsonObject { ["analytics"] = grants } },
        };
        if (contact is not null)
        {
            message["context"]!["externalIds"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = contact,
                    ["type"] = "hubspot.contact",
                    ["collection"] = "users",
                    ["encoding"] = "none",
                }
            );
        }

        return message;
    }

    public static JsonObject Order(string order, string device, string total) =>
        Tell(
            $"t{Interlocked.Increment(ref s_number)}",
            device,
            "Order Completed",
            ("order_id", order),
            ("total", total),
            ("currency", "EUR")
        );

    public static JsonObject Refund(string order, string device, string total) =>
        Tell(
            $"t{Interlocked.Increment(ref s_number)}",
            device,
            "Order Refunded",
            ("order_id", order),
            ("total", total),
            ("currency", "EUR")
        );

    public static JsonObject DealRefund(string id, string deal, string amount) =>
        Tell(
            id,
            "billing",
            "Deal Refunded",
            ("opportunityId", $"test:{deal}"),
            ("amount", amount),
            ("currency", "EUR")
        );

    public static JsonObject Deal(string id, string deal, string amount, string? contact, string stage = "Closed Won")
    {
        JsonObject message = Tell(
            id,
            "crm",
            "CRM Deal Changed",
            ("recordId", deal),
            ("amount", amount),
            ("currency", "EUR"),
            ("stage", stage)
        );
        message["context"] = new JsonObject { ["groupId"] = "acme" };
        if (contact is not null)
        {
            message["properties"]!["contacts"] = new JsonArray(
                new JsonObject { ["type"] = "hubspot.contact", ["id"] = contact }
            );
        }

        return message;
    }

    public static JsonObject Tell(
        string id,
        string device,
        string name,
        params (string Name, string Value)[] properties
    )
    {
        JsonObject message = Track(id, null, device, name);
        foreach ((string property, string value) in properties)
        {
            message["properties"]![property] = value;
        }

        return message;
    }

    public static JsonObject At(JsonObject message, int daysAgo)
    {
        message["timestamp"] = Now.AddDays(-daysAgo).ToString("O", CultureInfo.InvariantCulture);
        return message;
    }
}

/// <summary>Asks a grid for credit.</summary>
internal static class CreditAsked
{
    public static async Task AssertCredit(
        this TestGrid grid,
        string conversion,
        AttributionModel model,
        string expected,
        RestatementReason reason
    )
    {
        string found = "";
        try
        {
            await TestGrid.UntilAsync(async () =>
            {
                if (await grid.FindConversion(conversion) is not { Current: { } current } file)
                {
                    return false;
                }

                found = $"{SumsOf(file, model)} {current.Reason}";
                return found == $"{expected} {reason}";
            });
        }
        catch (OperationCanceledException)
        {
            Assert.Equal($"{expected} {reason}", found);
        }
    }

    /// <summary>What the ledger adds up to, which is what the state says, too.</summary>
    public static string SumsOf(ConversionFile file, AttributionModel model)
    {
        Assert.Equal(
            file.Current!.Credit.Standing.Money?.Minor ?? 0,
            file.Ledger.Where(row => row.Model == model).Sum(row => row.Minor)
        );
        return string.Join(
            ", ",
            file.Ledger.Where(row => row.Model == model)
                .GroupBy(row => row.Channel ?? CreditResiduals.WordOf(row.Residual))
                .Select(group => (group.Key, Minor: group.Sum(row => row.Minor)))
                .Where(one => one.Minor != 0)
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Minor}"))
        );
    }

    public static string Current(ConversionFile? file) =>
        string.Join(' ', file!.Current!.Credit.Touches.Select(touch => touch.Touch?.ToString() ?? "withheld"));

    public static async Task<ConversionFile?> FindConversion(this TestGrid grid, string conversion)
    {
        ReadOnlyMemory<byte> json = await grid.Grains.GetGrain<IConversionGrain>(conversion).Get();
        if (json.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return ConversionFileJson.Read(document.RootElement);
    }
}
