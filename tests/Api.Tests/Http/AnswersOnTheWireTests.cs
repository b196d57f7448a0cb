using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Customer360.Api.Tests.Policies;
using Customer360.Silo.Policies;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Http;

/// <summary>
/// What administrators are answered, character by character: status, headers and body of calls that lead through every shape
/// of the rooms whose answers are written by their types. Only what differs from run to run is blanked.
/// </summary>
public sealed partial class AnswersOnTheWireTests : IDisposable
{
    /// <summary>Set to 1, the file is written anew, to be looked at and checked in.</summary>
    private const string Variable = "CUSTOMER360_WRITE_ANSWERS";

    private const string TwoUsers = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          anonymous_id: { priority: 3, limit: 5, window: ever, normalisation: exact }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-wire-").FullName;

    [Fact]
    public async Task Answers_OfEveryShape_AreAsTheyWere()
    {
        await using ProfilesHost host = await Start();
        var call = new Calls(host);
        await Jobs(call);
        await Policies(call);
        await call.Send("GET", "/v1/cluster");

        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            await File.WriteAllTextAsync(
                Repository.Path("tests", "Api.Tests", "Http", "answers-on-the-wire.txt"),
                call.Said.ToString()
            );
            return;
        }

        string expected = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Http", "answers-on-the-wire.txt")
        );
        Assert.Equal(expected, call.Said.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Answers_OfEveryShape_AreAsTheDescriptionSays()
    {
        await using ProfilesHost host = await Start();
        var call = new Calls(host);
        await Jobs(call);
        await Policies(call);
        await call.Send("GET", "/v1/cluster");
        await call.Send("GET", "/v1/contracts");
        await call.Send("GET", "/v1/contracts/violations");
        await call.Send("GET", "/v1/sources");

        var shape = new DescribedShape(await host.GetJson("/openapi/v1.json"));

        string[] faults =
        [
            .. call.Answers.SelectMany(one =>
                shape.SchemaOf(one.Method, one.Path, one.Status) is { } schema
                    ? shape.Faults(schema, one.Body).Select(fault => $"{one.Method} {one.Path} {fault}")
                    : [$"{one.Method} {one.Path} has no schema for {one.Status}"]
            ),
        ];
        Assert.Empty(faults);
        Assert.True(call.Answers.Count > 30, $"{call.Answers.Count} answers");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ProfilesHost> Start() =>
        ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Keys:3:Name"] = "second",
                ["Customer360:Keys:3:Key"] = "second-key",
                ["Customer360:Keys:3:Roles:0"] = "admin",
            },
            services => services.AddPolicyKind<Greeting, GreetingKind>()
        );

    private static async Task Jobs(Calls call)
    {
        foreach (int user in new[] { 1, 2 })
        {
            await call.Host.Collect(
                $$"""{"batch":[{"type":"identify","messageId":"m-{{user}}","userId":"u-{{user}}","anonymousId":"a-é"}]}"""
            );
        }

        await call.Send("GET", "/v1/jobs");
        string dryRun = await call.Follow("/v1/policies/identity:dryRun", TwoUsers);
        await call.Send("GET", $"{dryRun}/customers?limit=1");
        await call.Send("GET", $"{dryRun}/customers?limit=1&cursor=");
        await call.Send("GET", $"{dryRun}/customers?limit=9&limit=1");
        await call.Send("GET", $"{dryRun}/customers?cursor=1");
        await call.Send("GET", $"{dryRun}/customers?limit=0");
        await call.Send("GET", $"{dryRun}/customers?cursor=x");
        await call.Send("GET", $"{dryRun}/steps");
        await call.Send("DELETE", dryRun);
        string cutOver = await call.Follow($"{dryRun}:apply");
        await call.Send("GET", $"{cutOver}/steps?limit=1");
        await call.Send("GET", $"{cutOver}/customers");
        await call.Send("POST", $"{dryRun}:apply");
        await call.Follow($"{cutOver}:rollback");
        await call.Follow("/v1/rebuild:check");
        await call.Send("GET", "/v1/jobs");
        await call.Send("GET", "/v1/jobs/nothing");
        await call.Send("POST", "/v1/jobs/nothing:apply");
        await call.Send("DELETE", "/v1/jobs/j_0123456789abcdef0123456789abcdef");
    }

    private static async Task Policies(Calls call)
    {
        const string Greeting = "/v1/policies/greeting";
        const string Mastership = "/v1/policies/mastership";
        await call.Send("GET", "/v1/policies");
        await call.Send("GET", "/v1/policies/nothing");
        string builtIn = await call.Send("GET", Greeting);
        await call.Send("POST", $"{Greeting}:validate", "word: Grüß 'Gott'");
        await call.Send("POST", $"{Greeting}:dryRun", "word: Hi");
        await call.Send("PUT", Greeting, "word: [");
        await call.Send("PUT", "/v1/policies/nothing", "word: [");
        string proposed = await call.Send("PUT", Greeting, "word: Grüß 'Gott'");
        await call.Send("GET", Greeting);
        await call.Send("GET", $"{Greeting}?version=&version={VersionOf(proposed)}");
        await call.Send("GET", $"{Greeting}?version={VersionOf(proposed)}&version=");
        await call.Send("GET", $"{Greeting}?version=none");
        string approval = JsonSerializer.Serialize(
            new { version = VersionOf(proposed), replaces = VersionOf(builtIn) }
        );
        await call.Send("POST", $"{Greeting}:approve", "{}");
        await call.Send("POST", $"{Greeting}:approve", approval);
        await call.Send("POST", $"{Greeting}:approve", approval, "second-key");
        await call.Send("GET", Greeting, accept: "application/yaml");
        await call.Send("POST", $"{Greeting}:rollBack", "{}");
        await call.Send("POST", $"{Greeting}:rollBack", $$"""{"version":"{{VersionOf(builtIn)}}"}""");
        await call.Send("PUT", Mastership, "fields: {plan: {strategy: max}}", ifMatch: "\"other\"");
        await call.Send("PUT", Mastership, "fields: {plan: {strategy: max}}");
        await call.Send("POST", $"{Mastership}:dryRun", "fields: {plan: {strategy: min}, name: {strategy: max}}");
        await call.Send("PUT", Mastership, "fields: {name: {strategy: max}}");
        await call.Send("GET", $"{Mastership}/history?limit=1");
        await call.Send("GET", $"{Mastership}/history?cursor=2");
        await call.Send("GET", $"{Mastership}/history?cursor=x");
        await call.Send("GET", $"{Mastership}/history?limit=201");
        await call.Send("GET", "/v1/policies/nothing/history?limit=201");
        await call.Send("GET", "/v1/policies");
    }

    private static string VersionOf(string body) => ProfilesHost.Parse(body).GetProperty("version").GetString()!;

    /// <summary>Sends calls and keeps what came back.</summary>
    private sealed partial class Calls(ProfilesHost host)
    {
        public ProfilesHost Host { get; } = host;

        public StringBuilder Said { get; } = new();

        /// <summary>Those of success that are JSON.</summary>
        public List<(string Method, string Path, int Status, JsonElement Body)> Answers { get; } = [];

        /// <summary>Answers the body.</summary>
        public async Task<string> Send(
            string method,
            string path,
            string? body = null,
            string key = ProfilesHost.AdminKey,
            string? accept = null,
            string? ifMatch = null
        )
        {
            using HttpResponseMessage response = await Ask(method, path, body, key, accept, ifMatch);
            string text = await response.Content.ReadAsStringAsync();
            Note(method, path, response, text);
            return text;
        }

        /// <summary>Begins a job and notes how it ended; answers its path.</summary>
        public async Task<string> Follow(string path, string? body = null)
        {
            string begun = await Send("POST", path, body);
            string job = $"/v1/jobs/{ProfilesHost.Parse(begun).GetProperty("id").GetString()}";
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (true)
            {
                using HttpResponseMessage response = await Ask("GET", job, null, ProfilesHost.AdminKey, null, null);
                string text = await response.Content.ReadAsStringAsync();
                if (ProfilesHost.Parse(text).GetProperty("status").GetString() != "running")
                {
                    Note("GET", job, response, text);
                    return job;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
            }
        }

        private async Task<HttpResponseMessage> Ask(
            string method,
            string path,
            string? body,
            string key,
            string? accept,
            string? ifMatch
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "text/plain");
            if (accept is not null)
            {
                request.Headers.Accept.ParseAdd(accept);
            }

            if (ifMatch is not null)
            {
                request.Headers.IfMatch.ParseAdd(ifMatch);
            }

            return await Host.Client.SendAsync(request);
        }

        private void Note(string method, string path, HttpResponseMessage response, string body)
        {
            if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                Answers.Add((method, path, (int)response.StatusCode, ProfilesHost.Parse(body)));
            }

            StringBuilder one = new($"{method} {path}\n");
            one.Append((int)response.StatusCode).Append('\n');
            // What every answer has says nothing of a handler.
            foreach (
                var header in response
                    .Headers.Concat(response.Content.Headers)
                    .Where(one => !s_everywhere.Contains(one.Key, StringComparer.OrdinalIgnoreCase))
            )
            {
                one.Append(header.Key).Append(": ").AppendJoin(", ", header.Value).Append('\n');
            }

            Said.Append(Blank(one.Append(body).Append("\n\n").ToString()));
        }

        private static string Blank(string text)
        {
            text = Ids().Replace(text, "…");
            text = Times().Replace(text, "TIME");
            text = Numbers().Replace(text, "N");
            text = RequestIds().Replace(text, "");
            return Places().Replace(text, "…");
        }

        private static readonly string[] s_everywhere =
        [
            "Date",
            "X-Request-Id",
            "Referrer-Policy",
            "Content-Security-Policy",
        ];

        [GeneratedRegex(",\"requestId\":\"[0-9a-f]{32}\"", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
        private static partial Regex RequestIds();

        [GeneratedRegex("(?<=[^a-z0-9][jcd]_)[0-9a-f]{20,32}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
        private static partial Regex Ids();

        // As a time is written: without decimals that are zero.
        [GeneratedRegex(
            """"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?Z"""",
            RegexOptions.ExplicitCapture,
            matchTimeoutMilliseconds: 1_000
        )]
        private static partial Regex Times();

        [GeneratedRegex(
            """(?<="(perSecond|\w+Position)":)[0-9.]+""",
            RegexOptions.ExplicitCapture,
            matchTimeoutMilliseconds: 1_000
        )]
        private static partial Regex Numbers();

        [GeneratedRegex(
            """(?<="activations":)\{[^}]*\}|"Silo_\w+"|"S?\d+\.[^"]+["]""",
            RegexOptions.ExplicitCapture,
            matchTimeoutMilliseconds: 1_000
        )]
        private static partial Regex Places();
    }
}
