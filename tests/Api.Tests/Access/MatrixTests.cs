using System.Text;
using System.Text.Json;
using Customer360.Rules.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Access;

/// <summary>
/// Walks every operation that the description has, with the key of each role, and looks for the value of each field: it is
/// there where a reader of everything finds it and the policy lets the role see it, and nowhere else.
/// </summary>
public sealed class MatrixTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private static readonly (string Role, string? Purpose)[] s_roles =
    [
        (AccessWorld.Web, null),
        (AccessWorld.Desk, "support"),
        (AccessWorld.Desk, "analytics"),
        (AccessWorld.Shop, null),
    ];

    // What a path's parameters are filled with, and what else is asked of it.
    private static readonly Dictionary<string, string> s_values = new(StringComparer.Ordinal)
    {
        ["identifier"] = "user_id:u-jane",
        ["groupId"] = "acme",
        ["messageId"] = "m-1",
        ["space"] = "main",
        ["collection"] = "users",
    };

    [Fact]
    public async Task EveryRead_WithTheKeyOfEachRole_ShowsWhatThePolicyAllowsAndNothingElse()
    {
        List<string> faults = [];
        int seen = 0;
        int hidden = 0;
        foreach ((string method, string path) in await Reads())
        {
            string all = await Ask(method, path, ProfilesHost.ReadKey);
            foreach ((string role, string? purpose) in s_roles)
            {
                string asked = purpose is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}purpose={purpose}";
                string shown = await Ask(method, asked, AccessWorld.KeyOf(role));
                foreach ((string field, string value) in AccessWorld.Fields)
                {
                    bool isThere = shown.Contains(value, StringComparison.Ordinal);
                    bool mayBe = IsAllowed(role, purpose, field);
                    bool isRefused = shown.StartsWith("403", StringComparison.Ordinal) || role == AccessWorld.Shop;
                    bool isWanted = mayBe && !isRefused && all.Contains(value, StringComparison.Ordinal);
                    seen += isThere ? 1 : 0;
                    hidden += !isThere && all.Contains(value, StringComparison.Ordinal) ? 1 : 0;
                    if (isThere != isWanted)
                    {
                        faults.Add($"{method} {asked} shows {role} {(isThere ? "" : "not ")}{field}");
                    }
                }

                foreach (string overruled in (string[])["value-of-ssn-overruled", "+493099999999", "value-of-iban"])
                {
                    if (
                        shown.Contains(overruled, StringComparison.Ordinal)
                        && !(role == AccessWorld.Desk && overruled[0] == '+')
                    )
                    {
                        faults.Add($"{method} {asked} shows {role} {overruled}");
                    }
                }
            }
        }

        Assert.Empty(faults);
        // A walk that finds nothing would agree with everything.
        Assert.True(seen > 40 && hidden > 100, $"{seen} values were seen, {hidden} were not.");
    }

    [Fact]
    public async Task EveryOperation_ThatIsNotARead_IsClosedToRolesOfThePolicy()
    {
        HashSet<string> reads = [.. (await Reads()).Select(read => read.Path.Split('?')[0])];
        List<string> faults = [];
        int asked = 0;
        foreach ((string method, string path, JsonElement operation) in await Operations())
        {
            string filled = Filled(path);

            // Agents' tools, decisions, finding and comparing have tests of their own: each tool has a rule, and the others read.
            if (
                path is "/mcp" or "/v1/decide" or "/v1/profiles:find" or "/v1/profiles:compare"
                || reads.Contains(filled)
                || !operation.TryGetProperty("security", out _)
            )
            {
                continue;
            }

            using HttpResponseMessage response = await world.Send(
                new HttpMethod(method),
                filled,
                AccessWorld.KeyOf(AccessWorld.Web),
                method is "POST" or "PUT" ? "{}" : null
            );
            asked++;
            if ((int)response.StatusCode != 403)
            {
                faults.Add($"{method} {path} answered {(int)response.StatusCode}");
            }
        }

        Assert.Empty(faults);
        Assert.True(asked > 20, $"{asked} operations were asked.");
    }

    [Fact]
    public async Task Decide_WithTheKeyOfEachRole_TellsWhatThePolicyAllows()
    {
        using HttpResponseMessage put = await world.Send(
            HttpMethod.Put,
            "/v1/policies/audiences",
            ProfilesHost.AdminKey,
            """
            {"owner":{"team":"t","contact":"c"},"decisions":[{"name":"hero","purpose":"personalization","otherwise":"standard"}]}
            """
        );
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        int seen = 0;
        foreach ((string role, string? purpose) in s_roles)
        {
            using HttpResponseMessage response = await world.Send(
                HttpMethod.Post,
                $"/v1/decide?explain=true{(purpose is null ? "" : $"&purpose={purpose}")}",
                AccessWorld.KeyOf(role),
                """{"identifier":"user_id:u-jane","placements":["hero"]}"""
            );
            string shown = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode is 200 or 403, shown);
            foreach ((string field, string value) in AccessWorld.Fields)
            {
                bool isThere = shown.Contains(value, StringComparison.Ordinal);
                bool mayBe = (int)response.StatusCode == 200 && role != AccessWorld.Shop;
                Assert.True(
                    isThere == (mayBe && IsAllowed(role, purpose, field)),
                    $"{role} {purpose} {field}: {shown}"
                );
                seen += isThere ? 1 : 0;
            }
        }

        Assert.True(seen > 5, $"{seen} values were seen.");
    }

    [Fact]
    public async Task EveryField_SetByARoleThatMayWriteSome_IsTakenWhereThePolicyListsIt()
    {
        foreach ((string field, string value) in AccessWorld.Fields)
        {
            string[] names = field.Split('.');
            string json = names
                .Reverse()
                .Aggregate(JsonSerializer.Serialize(value), (inner, name) => $$"""{"{{name}}":{{inner}}}""");
            using HttpResponseMessage one = await world.Send(
                HttpMethod.Post,
                "/v1/identify",
                AccessWorld.KeyOf(AccessWorld.Sender),
                $$"""{"userId":"u-written","traits":{{json}}}"""
            );
            using HttpResponseMessage batch = await world.Send(
                HttpMethod.Post,
                "/v1/batch",
                AccessWorld.KeyOf(AccessWorld.Sender),
                $$"""{"batch":[{"type":"identify","userId":"u-written","traits":{{json}}},{"type":"track","userId":"u-written","event":"e"}]}"""
            );

            string text = await one.Content.ReadAsStringAsync();
            Assert.Equal(field == "plan" ? 200 : 400, (int)one.StatusCode);
            Assert.Equal(field != "plan", text.Contains("field_not_writable", StringComparison.Ordinal));
            Assert.DoesNotContain(value, text, StringComparison.Ordinal);
            Assert.Equal(200, (int)batch.StatusCode);
        }

        JsonElement written = await world.Shown(AccessWorld.Web, "/v1/profiles/user_id:u-written?verbose=true");
        Assert.Equal(
            "value-of-plan",
            written.GetProperty("traits").GetProperty("plan").GetProperty("value").GetString()
        );
        string all = await Ask("GET", "/v1/profiles/user_id:u-written", ProfilesHost.ReadKey);
        Assert.All(AccessWorld.Fields.Skip(1), one => Assert.DoesNotContain(one.Value, all, StringComparison.Ordinal));
    }

    private bool IsAllowed(string role, string? purpose, string field)
    {
        AccessTables tables = world.Host.Services.GetRequiredService<AccessTables>();
        return tables
            .Decide(RoleSet.Of(Roles.None, [role], []), new Purpose(purpose))
            .Value!.Fields.Table!.Of(field)
            .IsShown;
    }

    private async Task<string> Ask(string method, string path, string key)
    {
        using HttpResponseMessage response = await world.Send(
            new HttpMethod(method),
            path,
            key,
            method == "POST" ? """{"identifiers":["user_id:u-jane"],"verbose":true}""" : null
        );
        string text = await Read(response, hasEvent: path.Contains("/profiles/", StringComparison.Ordinal));
        // Of a person who has not consented there is no receipt.
        bool isNotThere = (int)response.StatusCode == 404 && key == AccessWorld.KeyOf(AccessWorld.Shop);
        Assert.True(
            (int)response.StatusCode is 200 or 403 || isNotThere,
            $"{method} {path}: {(int)response.StatusCode} {text}"
        );
        return $"{(int)response.StatusCode} {text}";
    }

    /// <summary>The body; of a stream its first event, or what it begins with where nothing need have happened.</summary>
    private static async Task<string> Read(HttpResponseMessage response, bool hasEvent)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return await response.Content.ReadAsStringAsync();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
        var text = new StringBuilder();
        bool isEvent = false;
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && (isEvent || !hasEvent))
            {
                break;
            }

            text.AppendLine(line);
            isEvent |= line.StartsWith("data: ", StringComparison.Ordinal);
        }

        return text.ToString();
    }

    /// <summary>Every operation that answers with what is known, with the parameters that make it say more.</summary>
    private async Task<List<(string Method, string Path)>> Reads()
    {
        List<(string Method, string Path)> reads = [];
        foreach ((string method, string path, JsonElement operation) in await Operations())
        {
            HashSet<string?> parameters =
            [
                .. operation.TryGetProperty("parameters", out JsonElement list)
                    ? list.EnumerateArray().Select(one => one.GetProperty("name").GetString())
                    : [],
            ];
            bool isRead = method == "GET" || path.EndsWith(":batchGet", StringComparison.Ordinal);
            // The audit log is asked for no purpose: the parameter is a filter there.
            bool isAudit = path.StartsWith("/v1/audit", StringComparison.Ordinal);
            if (!isRead || isAudit || !parameters.Contains("purpose"))
            {
                continue;
            }

            string filled = Filled(path);
            reads.Add((method, filled));
            foreach (
                string more in ((string[])["verbose=true", "limit=20", "start=2010-01-01"]).Where(one =>
                    parameters.Contains(one.Split('=')[0])
                )
            )
            {
                reads.Add((method, $"{filled}?{more}"));
            }

            if (path.Contains("{collection}", StringComparison.Ordinal))
            {
                string account = filled.Replace(
                    "users/profiles/user_id:u-jane",
                    "accounts/profiles/group_id:acme",
                    StringComparison.Ordinal
                );
                if (
                    !path.EndsWith("events", StringComparison.Ordinal)
                    && !path.EndsWith("metadata", StringComparison.Ordinal)
                )
                {
                    reads.Add((method, account));
                }
            }
        }

        Assert.True(reads.Count > 20, $"{reads.Count} reads were found.");
        return reads;
    }

    private async Task<List<(string Method, string Path, JsonElement Operation)>> Operations()
    {
        JsonElement paths = (await world.Host.GetJson("/openapi/v1.json")).GetProperty("paths");
        return
        [
            .. from path in paths.EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select (operation.Name.ToUpperInvariant(), path.Name, operation.Value),
        ];
    }

    private static string Filled(string path)
    {
        foreach ((string name, string value) in s_values)
        {
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        int open;
        while ((open = path.IndexOf('{', StringComparison.Ordinal)) >= 0)
        {
            path = $"{path[..open]}1{path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..]}";
        }

        return path;
    }
}
