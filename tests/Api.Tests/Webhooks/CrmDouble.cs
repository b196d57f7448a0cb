using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Customer360.Api.Tests.Webhooks;

/// <summary>A CRM's API on this machine: real HTTP, and the faults that a test puts before its answers.</summary>
public abstract class CrmDouble : IAsyncDisposable
{
    public const string Token = "the-token-of-the-crm";

    private readonly WebApplication _app;
    private int _underWay;

    protected CrmDouble()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(Answer);
    }

    public string Address => _app.Urls.Single();

    /// <summary>What is answered in place of the next answers; each once.</summary>
    public ConcurrentQueue<Fault> Faults { get; } = [];

    /// <summary>The calls, as <c>METHOD path body</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>The most calls that were under way at once.</summary>
    public int UnderWayMax { get; private set; }

    /// <summary>A call whose text has this is held up; null: none.</summary>
    public string? HoldUp { get; set; }

    /// <summary>Done once a call is held up.</summary>
    public TaskCompletionSource HeldUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends a fault in place of the next answer.</summary>
    public void Fail(int status, string body, params (string Name, string Value)[] headers) =>
        Faults.Enqueue(new Fault(status, body, headers));

    public Task StartAsync() => _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The CRM's answer to a call that it takes.</summary>
    protected abstract (int Status, string Body) Answer(
        string method,
        string path,
        IQueryCollection query,
        string body
    );

    /// <summary>The CRM's answer where the token is not its own.</summary>
    protected abstract string TokenRefused { get; }

    /// <summary>Headers of every answer.</summary>
    protected abstract (string Name, string Value)[] Headers { get; }

    private async Task Answer(HttpContext context)
    {
        UnderWayMax = Math.Max(UnderWayMax, Interlocked.Increment(ref _underWay));
        try
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            string body = await reader.ReadToEndAsync();
            string call =
                $"{context.Request.Method} {context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value ?? "")} {body}";
            Calls.Enqueue(call.TrimEnd());
            if (HoldUp is { } held && call.Contains(held, StringComparison.Ordinal))
            {
                HeldUp.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            if (context.Request.Headers.Authorization != $"Bearer {Token}")
            {
                await Write(context, 401, TokenRefused, []);
            }
            else if (Faults.TryDequeue(out Fault? fault))
            {
                await Write(context, fault.Status, fault.Body, fault.Headers);
            }
            else
            {
                (int status, string answer) = Answer(
                    context.Request.Method,
                    context.Request.Path.Value!,
                    context.Request.Query,
                    body
                );
                await Write(context, status, answer, Headers);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever called is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static async Task Write(
        HttpContext context,
        int status,
        string body,
        IEnumerable<(string Name, string Value)> headers
    )
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=utf-8";
        foreach ((string name, string value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    public sealed record Fault(int Status, string Body, (string Name, string Value)[] Headers);
}

/// <summary>HubSpot, as its documentation and public clients have it.</summary>
public sealed class HubSpotDouble : CrmDouble
{
    public const string Account = "62515";

    /// <summary>Inputs of a batch.</summary>
    private const int BatchMax = 100;

    private readonly ConcurrentDictionary<string, Record> _records = new(StringComparer.Ordinal);

    /// <summary>By deal and kind: the ids of who takes part.</summary>
    private readonly ConcurrentDictionary<string, string[]> _parties = new(StringComparer.Ordinal);

    protected override string TokenRefused =>
        """{"status":"error","message":"Authentication credentials not found.","correlationId":"c","category":"INVALID_AUTHENTICATION"}""";

    protected override (string Name, string Value)[] Headers =>
        [
            ("X-HubSpot-RateLimit-Max", "100"),
            ("X-HubSpot-RateLimit-Remaining", "99"),
            ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
        ];

    /// <summary>Has a record; the type as in paths.</summary>
    public void Have(string type, string id, params (string Name, string Value)[] properties) =>
        _records[$"{type}/{id}"] = new Record(
            id,
            properties.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal)
        );

    public void Archive(string type, string id) => _records[$"{type}/{id}"].IsArchived = true;

    /// <summary>Merges records: their ids lead to the survivor from now on, and only where one is asked for by itself.</summary>
    public void Merge(string type, string loser, string survivor)
    {
        _records[$"{type}/{loser}"] = _records[$"{type}/{survivor}"];
        _records[$"{type}/{survivor}"].Properties["hs_merged_object_ids"] = loser;
    }

    public void Associate(string deal, string type, params string[] ids) => _parties[$"{deal}/{type}"] = ids;

    protected override (int Status, string Body) Answer(string method, string path, IQueryCollection query, string body)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (method, parts) switch
        {
            ("GET", ["account-info", "v3", "details"]) => (
                200,
                $$"""{"portalId":{{Account}},"timeZone":"Europe/Berlin","utcOffset":"+01:00","utcOffsetMilliseconds":3600000}"""
            ),
            ("POST", ["crm", "v3", "objects", var type, "batch", "read"]) => Batch(
                type,
                query["archived"] == "true",
                body
            ),
            ("POST", ["crm", "v3", "objects", var type, "search"]) => Search(type, body),
            ("GET", ["crm", "v3", "objects", var type, var id]) => Single(type, id),
            ("POST", ["crm", "v4", "associations", "deals", var type, "batch", "read"]) => Associations(type, body),
            _ => (404, "<html>not here</html>"),
        };
    }

    private (int Status, string Body) Batch(string type, bool isArchived, string body)
    {
        string[] ids = Ids(body);
        if (ids.Length > BatchMax || ids.Distinct(StringComparer.Ordinal).Count() < ids.Length)
        {
            return (400, """{"status":"error","message":"Bad batch","category":"VALIDATION_ERROR"}""");
        }

        string[] properties =
        [
            .. ProfilesHost.Parse(body).GetProperty("properties").EnumerateArray().Select(one => one.GetString()!),
        ];
        Record[] found =
        [
            .. ids.Select(id => _records.GetValueOrDefault($"{type}/{id}"))
                .OfType<Record>()
                // A merged record is no record by its old id.
                .Where(record => record.IsArchived == isArchived && ids.Contains(record.Id)),
        ];
        string[] missing = [.. ids.Except(found.Select(record => record.Id))];
        string missingText = string.Join(',', missing.Select(id => $"\"{id}\""));
        string results = string.Join(',', found.Select(record => Text(record, properties)));
        return missing.Length == 0
            ? (200, $$"""{"status":"COMPLETE","results":[{{results}}]}""")
            : (
                207,
                $$"""
                {"status":"COMPLETE","results":[{{results}}],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND",
                "message":"Could not get some objects","context":{"ids":[{{missingText}}]} } ] }
                """
            );
    }

    private (int Status, string Body) Single(string type, string id) =>
        _records.TryGetValue($"{type}/{id}", out Record? record) && !record.IsArchived
            ? (200, Text(record, [.. record.Properties.Keys]))
            : (404, """{"status":"error","message":"resource not found","correlationId":"c"}""");

    private (int Status, string Body) Search(string type, string body)
    {
        JsonElement search = ProfilesHost.Parse(body);
        long after = search
            .GetProperty("filterGroups")[0]
            .GetProperty("filters")
            .EnumerateArray()
            .Where(filter => filter.GetProperty("propertyName").GetString() == "hs_object_id")
            .Select(filter =>
                long.Parse(filter.GetProperty("value").GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            )
            .Single();
        int limit = search.GetProperty("limit").GetInt32();
        Record[] all =
        [
            .. _records
                .Where(one => one.Key.StartsWith($"{type}/", StringComparison.Ordinal) && !one.Value.IsArchived)
                .Select(one => one.Value)
                .Distinct()
                .Where(record => record.Number > after)
                .OrderBy(record => record.Number),
        ];
        string results = string.Join(',', all.Take(limit).Select(record => Text(record, [.. record.Properties.Keys])));
        string paging = all.Length > limit ? $",\"paging\":{{\"next\":{{\"after\":\"{limit}\"}}}}" : "";
        return (200, $$"""{"total":{{all.Length}},"results":[{{results}}]{{paging}} }""");
    }

    private (int Status, string Body) Associations(string type, string body)
    {
        IEnumerable<string> results = Ids(body)
            .Where(deal => _parties.ContainsKey($"{deal}/{type}"))
            .Select(deal =>
                $"{{\"from\":{{\"id\":\"{deal}\"}},\"to\":[{string.Join(',', _parties[$"{deal}/{type}"].Select(Party))}]}}"
            );
        return (200, $"{{\"status\":\"COMPLETE\",\"results\":[{string.Join(',', results)}]}}");
    }

    private static string Party(string id) => $"{{\"toObjectId\":{id},\"associationTypes\":[]}}";

    private static string[] Ids(string body) =>
        [
            .. ProfilesHost
                .Parse(body)
                .GetProperty("inputs")
                .EnumerateArray()
                .Select(input => input.GetProperty("id").GetString()!),
        ];

    private static string Text(Record record, string[] properties)
    {
        IEnumerable<string> texts = properties.Select(name =>
            $"\"{name}\":{(record.Properties.TryGetValue(name, out string? value) ? $"\"{value}\"" : "null")}"
        );
        string archived = record.IsArchived ? """true,"archivedAt":"2026-11-27T09:30:00Z" """ : "false";
        return $$"""
            {"id":"{{record.Id}}","properties":{ {{string.Join(',', texts)}} },"createdAt":"2026-11-27T08:00:00Z",
            "updatedAt":"2026-11-27T09:00:00.123Z","archived":{{archived}} }
            """;
    }

    private sealed class Record(string id, Dictionary<string, string> properties)
    {
        public string Id { get; } = id;

        public long Number { get; } = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture);

        public Dictionary<string, string> Properties { get; } = properties;

        public bool IsArchived { get; set; }
    }
}

/// <summary>An organization of Salesforce, as its documentation has it.</summary>
public sealed class SalesforceDouble : CrmDouble
{
    private const string Data = "/services/data/v60.0/";

    private readonly ConcurrentDictionary<string, string> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _queries = new(StringComparer.Ordinal);

    /// <summary>Records of a page; Salesforce sends fewer than it was asked for where it likes.</summary>
    public int PageMax { get; set; } = 200;

    /// <summary>The queries that it has forgotten.</summary>
    public int Forgotten { get; set; }

    protected override string TokenRefused =>
        """[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]""";

    protected override (string Name, string Value)[] Headers => [("Sforce-Limit-Info", "api-usage=18/5000")];

    /// <summary>Has a record: its fields as JSON, without <c>Id</c>.</summary>
    public void Have(string kind, string id, string fields) =>
        _records[$"{kind}/{id}"] =
            $$"""{"attributes":{"type":"{{kind}}","url":"{{Data}}sobjects/{{kind}}/{{id}}"},"Id":"{{id}}",{{fields}} }""";

    protected override (int Status, string Body) Answer(string method, string path, IQueryCollection query, string body)
    {
        string rest = path.StartsWith(Data, StringComparison.Ordinal) ? path[Data.Length..] : "";
        return rest.Split('/') switch
        {
            ["sobjects", _, "describe"] => (
                200,
                $"{{\"fields\":[{string.Join(',', s_fields.Select(name => $"{{\"name\":\"{name}\"}}"))}]}}"
            ),
            ["queryAll"] => Page(query["q"].ToString(), first: 0),
            ["query", var locator] => Next(locator),
            _ => (404, """[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"""),
        };
    }

    private static readonly string[] s_fields =
    [
        "Id",
        "IsDeleted",
        "MasterRecordId",
        "SystemModstamp",
        "FirstName",
        "LastName",
        "Email",
        "AccountId",
        "Name",
        "StageName",
        "Amount",
        "IsWon",
        "OpportunityId",
        "ContactId",
        "Tier__c",
    ];

    private (int Status, string Body) Next(string locator)
    {
        string[] parts = locator.Split('-');
        if (Forgotten > 0)
        {
            Forgotten--;
            return (400, """[{"errorCode":"INVALID_QUERY_LOCATOR","message":"invalid query locator"}]""");
        }

        return Page(_queries[parts[0]], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private (int Status, string Body) Page(string soql, int first)
    {
        string[] fields = soql["SELECT ".Length..].Split([" FROM ", ",("], 2, StringSplitOptions.None)[0].Split(',');
        string? odd = fields.FirstOrDefault(field => !s_fields.Contains(field, StringComparer.Ordinal));
        if (odd is not null)
        {
            return (400, $$"""[{"errorCode":"INVALID_FIELD","message":"No such column '{{odd}}'"}]""");
        }

        string kind = soql[(soql.LastIndexOf(" FROM ", StringComparison.Ordinal) + 6)..].Split(' ')[0];
        KeyValuePair<string, string>[] found =
        [
            .. _records
                .Where(one => one.Key.StartsWith($"{kind}/", StringComparison.Ordinal))
                .Where(one =>
                    !soql.Contains("Id IN", StringComparison.Ordinal)
                    || soql.Contains($"'{one.Key[(kind.Length + 1)..]}'", StringComparison.Ordinal)
                )
                .OrderBy(one => one.Key, StringComparer.Ordinal),
        ];
        int end = Math.Min(first + PageMax, found.Length);
        string records = string.Join(',', found[first..end].Select(one => one.Value));
        string locator = $"01g{kind}";
        _queries[locator] = soql;
        string next =
            end < found.Length ? $"\"done\":false,\"nextRecordsUrl\":\"{Data}query/{locator}-{end}\"" : "\"done\":true";
        return (200, $$"""{"totalSize":{{found.Length}},{{next}},"records":[{{records}}]}""");
    }
}
