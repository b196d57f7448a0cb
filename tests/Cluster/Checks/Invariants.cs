using System.Text;
using System.Text.Json;
using Customer360.ClusterRuns.Load;
using Customer360.ClusterRuns.Nodes;

namespace Customer360.ClusterRuns.Checks;

/// <summary>What must hold of a grid at rest, whatever happened to it. Its database and API are compared with the senders.</summary>
public static class Invariants
{
    private const int ShownMax = 10;
    private const int PageMax = 100;

    /// <summary>Waits until everything is applied and compares. Answers what is wrong, a line each.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(GridCluster cluster, Journal journal, int silos)
    {
        List<string> wrong =
        [
            .. journal.Faults.Distinct(StringComparer.Ordinal).Take(ShownMax).Select(fault => $"a sender got {fault}"),
        ];
        await cluster.WaitUntilEvenAsync(silos);
        await cluster.WaitAsync(() => IsAtRest(cluster), "all messages to be applied");
        await CheckLog(cluster, journal, wrong);
        await CheckOwners(cluster, wrong);
        await CheckProfiles(cluster, journal, wrong);
        return wrong;
    }

    private static async Task<bool> IsAtRest(GridCluster cluster)
    {
        JsonElement described = await cluster.DescribeAsync();
        return described
            .GetProperty("partitions")
            .EnumerateArray()
            .All(partition =>
                partition.GetProperty("answers").GetBoolean() && partition.GetProperty("waiting").GetInt32() == 0
            );
    }

    /// <summary>The log has each acknowledged message once and nothing else, since senders rest only when all is acknowledged.</summary>
    private static async Task CheckLog(GridCluster cluster, Journal journal, List<string> wrong)
    {
        List<string> stored = await Database.ReadAsync(cluster.Connection, "select message_id from event_log");
        HashSet<string> ids = [.. stored];
        if (ids.Count != stored.Count)
        {
            wrong.Add($"{stored.Count - ids.Count} messages are in the log twice");
        }

        Add(wrong, "acknowledged and not in the log", journal.Acknowledged.Keys.Where(id => !ids.Contains(id)));
        Add(wrong, "in the log and not acknowledged", ids.Where(id => !journal.Acknowledged.ContainsKey(id)));
        long quarantined = await Database.CountAsync(cluster.Connection, "select count(*) from quarantine");
        if (quarantined > 0)
        {
            List<string> reasons = await Database.ReadAsync(
                cluster.Connection,
                "select reason || ' ' || count(*) from quarantine group by reason"
            );
            wrong.Add(
                $"{quarantined} messages were set aside: an outage was taken for a defect ({string.Join(", ", reasons)})"
            );
        }
    }

    private static async Task CheckOwners(GridCluster cluster, List<string> wrong)
    {
        const string Lost = """
            select i.key from identifier i left join customer c on c.key = i.owner
            where i.owner is not null and (c.key is null or c.moved_to is not null)
            """;
        Add(wrong, "owned by nobody who lives", await Database.ReadAsync(cluster.Connection, Lost));
    }

    /// <summary>Each identifier leads to one customer, which lists it; and a person's customer counts the person's messages once.</summary>
    private static async Task CheckProfiles(GridCluster cluster, Journal journal, List<string> wrong)
    {
        var counts = journal
            .Acknowledged.Values.GroupBy(person => person, StringComparer.Ordinal)
            .ToDictionary(person => person.Key, person => person.LongCount(), StringComparer.Ordinal);
        string[] identifiers =
        [
            .. (
                await Database.ReadAsync(cluster.Connection, "select key from identifier where owner is not null")
            ).Order(StringComparer.Ordinal),
        ];
        Dictionary<string, JsonElement> profiles = new(StringComparer.Ordinal);
        foreach (string[] page in identifiers.Chunk(PageMax))
        {
            await Read(cluster, page, profiles);
        }

        Add(
            wrong,
            "in no profile that lists it",
            identifiers.Where(one => !profiles.TryGetValue(one, out JsonElement profile) || !Lists(profile, one))
        );
        Dictionary<string, HashSet<string>> customers = new(StringComparer.Ordinal);
        foreach ((string identifier, JsonElement profile) in profiles)
        {
            string person = PersonOf(identifier);
            if (!customers.TryGetValue(person, out HashSet<string>? owners))
            {
                customers.Add(person, owners = new HashSet<string>(StringComparer.Ordinal));
            }

            if (owners.Add(profile.GetProperty("customerId").GetString()!))
            {
                long counted = profile.GetProperty("lifecycle").GetProperty("messageCount").GetInt64();
                if (counted != counts.GetValueOrDefault(person))
                {
                    wrong.Add($"{person}: {counts.GetValueOrDefault(person)} acknowledged, {counted} counted");
                }
            }
        }

        Add(wrong, "not one customer", customers.Where(one => one.Value.Count != 1).Select(one => one.Key));
        Add(wrong, "without a profile", counts.Keys.Where(person => !customers.ContainsKey(person)));
    }

    private static bool Lists(JsonElement profile, string identifier) =>
        profile
            .GetProperty("identifiers")
            .EnumerateArray()
            .Any(one => $"{one.GetProperty("type").GetString()}:{one.GetProperty("value").GetString()}" == identifier);

    /// <summary><c>email:web1@example.com</c>, <c>user_id:web1</c> and <c>anonymous_id:web1-0</c> are web1's.</summary>
    private static string PersonOf(string identifier) => identifier.Split(':', 2)[1].Split('@', '-')[0];

    private static async Task Read(GridCluster cluster, string[] page, Dictionary<string, JsonElement> profiles)
    {
        using StringContent body = new(
            JsonSerializer.Serialize(new Dictionary<string, string[]> { ["identifiers"] = page }),
            Encoding.UTF8,
            "application/json"
        );
        using HttpResponseMessage response = await cluster.Http.PostAsync(
            new Uri("/v1/profiles:batchGet", UriKind.Relative),
            body
        );
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        foreach (JsonElement one in document.RootElement.GetProperty("profiles").EnumerateArray())
        {
            if (one.GetProperty("profile") is { ValueKind: JsonValueKind.Object } profile)
            {
                profiles.Add(one.GetProperty("identifier").GetString()!, profile.Clone());
            }
        }
    }

    private static void Add(List<string> wrong, string what, IEnumerable<string> which)
    {
        string[] all = [.. which];
        if (all.Length > 0)
        {
            wrong.Add($"{all.Length} {what}: {string.Join(' ', all.Take(ShownMax))}");
        }
    }
}
