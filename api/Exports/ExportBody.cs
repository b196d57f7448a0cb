using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Warehouse;

namespace Customer360.Api.Exports;

/// <summary>
/// The body of an export: <c>{"tables"?:["events"],"from"?:"2026-11-01","to"?:"2026-11-30","fresh"?:true,"refresh"?:true}</c>; of a verification
/// <c>{"tables"?:[…]}</c>.
/// </summary>
internal static class ExportBody
{
    private const int BytesMax = 64 * 1024;

    private static readonly string[] s_ofExport = ["tables", "from", "to", "fresh", "refresh"];
    private static readonly string[] s_ofVerification = ["tables"];

    public static ValueTask<Outcome<ExportOrder>> ReadExport(HttpRequest request) => Read(request, s_ofExport);

    public static ValueTask<Outcome<ExportOrder>> ReadVerification(HttpRequest request) =>
        Read(request, s_ofVerification);

    private static ValueTask<Outcome<ExportOrder>> Read(HttpRequest request, string[] members) =>
        // Everything may be left out, and then the body, too.
        request.ContentLength
            is 0
        || (request.ContentLength is null && request.ContentType is null)
            ? ValueTask.FromResult<Outcome<ExportOrder>>(ExportOrder.Everything)
            : JsonBody.ReadAsync(request, BytesMax, body => Read(body, members));

    internal static Outcome<ExportOrder> Read(JsonElement body, string[] members)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new BodyNotJson("it must be an object");
        }

        // A misspelt word must not do something else than was meant.
        if (body.EnumerateObject().Select(one => one.Name).FirstOrDefault(name => !members.Contains(name)) is { } odd)
        {
            return new BodyNotJson($"it has no '{odd}'; known are {string.Join(", ", members)}");
        }

        var tables = ImmutableArray.CreateBuilder<string>();
        if (body.TryGetProperty("tables"u8, out JsonElement named))
        {
            if (named.ValueKind != JsonValueKind.Array || named.GetArrayLength() == 0)
            {
                return new BodyNotJson("'tables' must be a list of one or more names");
            }

            foreach (JsonElement one in named.EnumerateArray())
            {
                if (one.ValueKind != JsonValueKind.String || MirrorTables.Find(one.GetString()!) is not { } table)
                {
                    return new BodyNotJson($"'tables' has a name that no table has; known are {MirrorTables.Known}");
                }

                tables.Add(table.Name);
            }
        }

        if (!TryReadDay(body, "from", out DateOnly? from) || !TryReadDay(body, "to", out DateOnly? to))
        {
            return new BodyNotJson("'from' and 'to' must be days such as 2026-11-28");
        }

        if (to < from)
        {
            return new BodyNotJson("'to' must not be before 'from'");
        }

        if (!TryReadFlag(body, "fresh", out bool isFresh) || !TryReadFlag(body, "refresh", out bool isRefresh))
        {
            return new BodyNotJson("'fresh' and 'refresh' must be true or false");
        }

        return new ExportOrder([.. tables.Distinct(StringComparer.Ordinal)], from, to, isFresh, isRefresh);
    }

    private static bool TryReadDay(JsonElement body, string name, out DateOnly? day)
    {
        day = null;
        if (!body.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        bool isDay = DateOnly.TryParseExact(
            value.ValueKind == JsonValueKind.String ? value.GetString() : "",
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out DateOnly read
        );
        day = isDay ? read : null;
        return isDay;
    }

    private static bool TryReadFlag(JsonElement body, string name, out bool flag)
    {
        flag = false;
        if (!body.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        flag = value.ValueKind == JsonValueKind.True;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }
}
