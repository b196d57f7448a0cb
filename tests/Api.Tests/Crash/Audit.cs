using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Crash;

/// <summary>Compares every profile with the model, read as any reader would.</summary>
public static class Audit
{
    private const int ShownMax = 20;

    /// <summary>What differs, a line each; empty where all is as it must be.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(HttpClient http, StoredModel model)
    {
        List<string> faults = [];
        Dictionary<string, JsonElement> profiles = await ReadProfiles(http, [.. model.Identifiers]);
        HashSet<string> customerIds = new(StringComparer.Ordinal);
        long counted = 0;
        foreach (ExpectedCustomer expected in model.Customers().Values)
        {
            string[] missing = [.. expected.Identifiers.Where(identifier => !profiles.ContainsKey(identifier))];
            if (missing.Length > 0)
            {
                faults.Add($"nobody has {string.Join(", ", missing)}");
                continue;
            }

            string[] owners =
            [
                .. expected
                    .Identifiers.Select(identifier => IdOf(profiles[identifier]))
                    .Distinct(StringComparer.Ordinal),
            ];
            if (owners.Length != 1 || !customerIds.Add(owners[0]))
            {
                faults.Add(
                    $"{string.Join(", ", expected.Identifiers)} must be one customer: {string.Join(", ", owners)}"
                );
                continue;
            }

            JsonElement profile = profiles[expected.Identifiers[0]];
            counted += profile.GetProperty("lifecycle").GetProperty("messageCount").GetInt64();
            Compare(faults, owners[0], expected, profile);
        }

        long stored = model.Customers().Values.Sum(customer => customer.MessageIds.LongLength);
        if (counted != stored)
        {
            faults.Add($"{stored} messages are stored, {counted} are counted");
        }

        return faults.Count > ShownMax ? [.. faults.Take(ShownMax), $"and {faults.Count - ShownMax} more"] : faults;
    }

    /// <summary>Every stored message stands in exactly one timeline, once: its customer's.</summary>
    public static async Task<IReadOnlyList<string>> CompareTimelinesAsync(HttpClient http, StoredModel model)
    {
        List<string> faults = [];
        foreach (ExpectedCustomer expected in model.Customers().Values)
        {
            string[] shown = [.. (await ReadTimeline(http, expected.Identifiers[0])).Order(StringComparer.Ordinal)];
            if (!shown.SequenceEqual(expected.MessageIds, StringComparer.Ordinal))
            {
                faults.Add(
                    $"timeline of {expected.Identifiers[0]}: missing [{string.Join(' ', expected.MessageIds.Except(shown))}], "
                        + $"of others [{string.Join(' ', shown.Except(expected.MessageIds))}], "
                        + $"{shown.Length - shown.Distinct().Count()} repeated"
                );
            }
        }

        return faults.Count > ShownMax ? [.. faults.Take(ShownMax), $"and {faults.Count - ShownMax} more"] : faults;
    }

    private static void Compare(List<string> faults, string customerId, ExpectedCustomer expected, JsonElement profile)
    {
        string[] identifiers =
        [
            .. profile
                .GetProperty("identifiers")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("type").GetString()}:{one.GetProperty("value").GetString()}")
                .Order(StringComparer.Ordinal),
        ];
        if (!identifiers.SequenceEqual(expected.Identifiers, StringComparer.Ordinal))
        {
            faults.Add(
                $"{customerId} lists {string.Join(", ", identifiers)}, not {string.Join(", ", expected.Identifiers)}"
            );
        }

        var counters = profile
            .GetProperty("events")
            .EnumerateArray()
            .ToDictionary(CounterOf, one => one.GetProperty("count").GetInt64(), StringComparer.Ordinal);
        foreach (string counter in counters.Keys.Union(expected.Counters.Keys, StringComparer.Ordinal))
        {
            long has = counters.GetValueOrDefault(counter);
            long must = expected.Counters.GetValueOrDefault(counter);
            if (has != must)
            {
                faults.Add($"{customerId} ({expected.Identifiers[0]}) has {has} of '{counter}', must have {must}");
            }
        }
    }

    private static string CounterOf(JsonElement counter) =>
        counter.TryGetProperty("name", out JsonElement name)
            ? $"{counter.GetProperty("kind").GetString()} {name.GetString()}"
            : counter.GetProperty("kind").GetString()!;

    private static string IdOf(JsonElement profile) => profile.GetProperty("customerId").GetString()!;

    private static async Task<Dictionary<string, JsonElement>> ReadProfiles(HttpClient http, string[] identifiers)
    {
        Dictionary<string, JsonElement> profiles = new(StringComparer.Ordinal);
        foreach (string[] page in identifiers.Chunk(100))
        {
            using StringContent body = new(
                JsonSerializer.Serialize(new Dictionary<string, string[]> { ["identifiers"] = page }),
                Encoding.UTF8,
                "application/json"
            );
            using HttpResponseMessage response = await http.PostAsync(
                new Uri("/v1/profiles:batchGet", UriKind.Relative),
                body
            );
            JsonElement answer = await response.ReadJsonAsync(HttpStatusCode.OK);
            foreach (JsonElement one in answer.GetProperty("profiles").EnumerateArray())
            {
                if (one.GetProperty("profile") is { ValueKind: JsonValueKind.Object } profile)
                {
                    profiles.Add(one.GetProperty("identifier").GetString()!, profile);
                }
            }
        }

        return profiles;
    }

    private static async Task<List<string>> ReadTimeline(HttpClient http, string identifier)
    {
        List<string> shown = [];
        string path = $"/v1/profiles/{Uri.EscapeDataString(identifier)}/timeline?limit=50";
        string? cursor = "";
        while (cursor is not null)
        {
            string page = cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}";
            using HttpResponseMessage response = await http.GetAsync(new Uri(page, UriKind.Relative));
            JsonElement answer = await response.ReadJsonAsync(HttpStatusCode.OK);
            shown.AddRange(
                answer
                    .GetProperty("events")
                    .EnumerateArray()
                    .Select(message => message.GetProperty("messageId").GetString()!)
            );
            cursor = answer.GetProperty("next").GetString();
        }

        return shown;
    }
}
