using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Api.Audit;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Customer360.Api.Tests.Audit.AuditGrid;

namespace Customer360.Api.Tests.Audit;

/// <summary><c>/v1/audit</c> on the real grid, and the record of reads.</summary>
public sealed class AuditEndpointsTests : IDisposable
{
    private const string ProfilePath = "/v1/profiles/email:ada.lovelace%40example.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-audit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Decisions_AreAudited_AndNoValueOfAPersonIsInTheLog()
    {
        await using ProfilesHost host = await Start();
        await CollectAda(host);
        string customerId = await CustomerId(host);

        JsonElement[] entries = await List(host, $"?object={customerId}&action=decision.");

        JsonElement record = entries.Select(Record).Single(one => Text(one, "action") == "decision.created");
        Assert.Equal(("customer", customerId), (Text(record, "objectType"), Text(record, "objectId")));
        Assert.NotEmpty(Text(record, "policyVersion"));
        string raw = await Raw(host);
        Assert.All(
            (string[])["ada", "lovelace", "@", "+4917", "device-1", "u-ada"],
            value => Assert.DoesNotContain(value, raw, StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Reads_ByAPerson_AreToldOneByOneBeforeTheAnswer()
    {
        await using ProfilesHost host = await Start();
        await CollectAda(host);
        string customerId = await CustomerId(host);

        await host.GetJson(ProfilePath);
        await host.GetJson($"{ProfilePath}/timeline");
        await host.GetJson($"{ProfilePath}/explain");

        JsonElement[] records = [.. (await List(host, $"?object={customerId}&actor=operator")).Select(Record)];
        Assert.Equal(
            ["profile.explain", "profile.timeline", "profile.read", "profile.read"],
            records.Select(record => Text(record, "action"))
        );
        Assert.Contains("traits", records[2].GetProperty("fields").EnumerateArray().Select(field => field.GetString()));
        Assert.Equal("admin", Text(records[2].GetProperty("actor"), "roles"));
        Assert.Equal(4, records.Select(record => Text(record, "id")).Distinct().Count());
    }

    [Fact]
    public async Task Reads_ByAService_AreCounted()
    {
        await using ProfilesHost host = await Start();
        await CollectAda(host);
        ReadAudit reads = host.Services.GetRequiredService<ReadAudit>();
        UseKey(host, ProfilesHost.ReadKey);
        for (int read = 0; read < 5; read++)
        {
            await host.GetJson(ProfilePath);
        }

        await reads.Flush();
        await host.GetJson(ProfilePath);
        await reads.Flush();
        await reads.Flush();

        UseKey(host, ProfilesHost.AdminKey);
        JsonElement[] records = [.. (await List(host, "?objectType=reads&object=reader")).Select(Record)];
        Assert.Equal(6, records.Sum(CountOf));
        Assert.Equal([1L, 5L], records.Select(CountOf));
        Assert.All(records, record => Assert.Equal("profile.read", Text(record, "action")));
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", Text(records[0].GetProperty("details"), "day"));
    }

    [Fact]
    public async Task Reads_ByAService_AreWrittenDownAtAGracefulStop()
    {
        await using (ProfilesHost host = await Start())
        {
            await CollectAda(host);
            UseKey(host, ProfilesHost.ReadKey);
            await host.GetJson(ProfilePath);
            await host.GetJson(ProfilePath);
        }

        await using ProfilesHost again = await Start();
        JsonElement[] records = [.. (await List(again, "?objectType=reads&object=reader")).Select(Record)];

        Assert.Equal(2, records.Sum(CountOf));
    }

    /// <summary>What can't be written down is not shown to a person; a service is served, and its counts wait.</summary>
    [Fact]
    public async Task Reads_WhenTheLogCannotBeWritten_AreRefusedToPeopleAlone()
    {
        var log = new BrokenLog();
        await using ProfilesHost host = await ProfilesHost.StartReal(
            _folder,
            configure: services => services.Replace(ServiceDescriptor.Singleton<IAuditLog>(log))
        );
        await CollectAda(host);
        ReadAudit reads = host.Services.GetRequiredService<ReadAudit>();
        UseKey(host, ProfilesHost.AdminKey);
        await host.GetProblem(ProfilePath, 503);

        UseKey(host, ProfilesHost.ReadKey);
        await host.GetJson(ProfilePath);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => reads.Flush());
        await host.GetJson(ProfilePath);
        log.IsBroken = false;
        await reads.Flush();
        await reads.Flush();

        Assert.Equal([1L, 1L], log.Entries.Select(entry => entry.Count));
        Assert.Equal(2, log.Entries.Select(entry => entry.Id).Distinct().Count());
    }

    /// <summary>A caller may send any text; one that can't be stored must not keep all counts from being written.</summary>
    [Theory]
    [InlineData("a\0b")]
    [InlineData("\ud800")]
    [InlineData("ada@exämple.com")]
    [InlineData("x\n")]
    public async Task Reads_WithAPurposeThatIsNoName_AreCountedAllTheSame(string purpose)
    {
        var log = new BrokenLog { IsBroken = false };
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        using var reads = new ReadAudit(
            log,
            new FailedCallers(TimeProvider.System),
            TimeProvider.System,
            host.Services.GetRequiredService<IOptions<AuditOptions>>(),
            NullLogger<ReadAudit>.Instance
        );
        var service = new Asker(new ApiKey("service", Rules.Access.Roles.Read), new Rules.Access.Purpose(purpose));

        await reads.Note(service, "profile.read", "c_1", []);
        await reads.Flush();

        Assert.Equal(ReadAudit.NoName, Assert.Single(log.Entries).Purpose);
    }

    [Fact]
    public async Task Authentication_ThatFails_IsCountedByWayAndReason_AndNothingOfWhatWasShownIsWritten()
    {
        await using (
            ProfilesHost host = await ProfilesHost.StartReal(
                _folder,
                new(StringComparer.Ordinal) { ["Customer360:Access:WrongKeysPerMinuteMax"] = "3" }
            )
        )
        {
            for (int number = 0; number < 50; number++)
            {
                UseKey(host, $"no-such-key-{number:D2}");
                using HttpResponseMessage refused = await host.Client.GetAsync(ProfilePath);
                Assert.Equal(number < 3 ? 401 : 429, (int)refused.StatusCode);
            }

            // Who shows nothing has not tried to be somebody.
            host.Client.DefaultRequestHeaders.Authorization = null;
            using HttpResponseMessage nobody = await host.Client.GetAsync(ProfilePath);
            Assert.Equal(401, (int)nobody.StatusCode);
        }

        await using ProfilesHost again = await Start();
        JsonElement[] records =
        [
            .. (await List(again, "?objectType=authentication&object=key&action=authentication.failed&result=refused"))
                .Select(Record)
                .OrderBy(CountOf),
        ];

        Assert.Equal(
            ["key_unknown 3", "too_many_wrong_keys 47"],
            records.Select(one => $"{Text(one.GetProperty("details"), "reason")} {CountOf(one)}")
        );
        Assert.DoesNotContain("no-such-key", await Raw(again), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", await Raw(again), StringComparison.Ordinal);
    }

    [Fact]
    public void FailedCallers_ManyTimes_AreOneEntryAMinuteOfEachSort()
    {
        var time = new MinuteClock();
        var failed = new FailedCallers(time);
        int id = 0;
        List<AuditEntry> entries = [];
        for (int second = 0; second < 180; second++)
        {
            time.Now += TimeSpan.FromSeconds(1);
            for (int number = 0; number < 100; number++)
            {
                failed.Add(FailedCallers.KeyWay, "key_unknown");
            }

            entries.AddRange(failed.Take(isEnd: false, () => $"{id++}"));
        }

        failed.Add(FailedCallers.TokenWay, "key_unknown");
        entries.AddRange(failed.Take(isEnd: true, () => $"{id++}"));

        Assert.Equal(
            ["key 6000", "key 6000", "key 6000", "token 1"],
            entries.Select(entry => $"{entry.ObjectId} {entry.Count}")
        );
        Assert.Equal(4, entries.Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public void Counts_OfManyPurposes_AreBounded()
    {
        var counts = new ReadCounts();
        var roles = Rules.Access.RoleSet.Of(Rules.Access.Roles.Read, [], []);
        for (int number = 0; number < 3 * ReadCounts.CountersMax; number++)
        {
            counts.Add("service", roles, "profile.read", $"purpose-{number}", new DateOnly(2026, 11, 27));
        }

        ImmutableArray<AuditEntry> entries = counts.Take(ProfilesWorld.Now, () => "id");

        Assert.Equal(3L * ReadCounts.CountersMax, entries.Sum(entry => entry.Count));
        Assert.InRange(entries.Length, 2, ReadCounts.CountersMax + 1);
        Assert.Empty(counts.Take(ProfilesWorld.Now, () => "id"));
    }

    [Fact]
    public async Task Policies_ThatAreChanged_AreAudited()
    {
        await using ProfilesHost host = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/mastership")
        {
            Content = new StringContent("fields:\n  plan: {sources: [crm]}\n", Encoding.UTF8, "application/yaml"),
        };
        using HttpResponseMessage answer = await host.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        JsonElement record = Assert.Single((await List(host, "?objectType=policy&object=mastership")).Select(Record));

        Assert.Equal(
            ("policy.in_force", "operator"),
            (Text(record, "action"), Text(record.GetProperty("actor"), "name"))
        );
    }

    [Fact]
    public async Task List_WhenPaged_GivesEachOnceTheNewestFirst()
    {
        await using ProfilesHost host = await Start();
        await Append(host, 23);

        List<string> ids = [];
        string? cursor = null;
        do
        {
            JsonElement page = await host.GetJson(
                $"/v1/audit?limit=5&action=thing.done{(cursor is null ? "" : $"&cursor={cursor}")}"
            );
            ids.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => Text(Record(entry), "id")));
            cursor = page.GetProperty("next").GetString();

            // What comes meanwhile is newer, and moves nothing.
            await host
                .Services.GetRequiredService<IAuditLog>()
                .AppendAsync([Entry($"new-{ids.Count}")], CancellationToken.None);
        } while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 23).Reverse().Select(number => $"t-{number}"), ids);
    }

    [Fact]
    public async Task List_WithFilters_ShowsWhatFitsAll()
    {
        await using ProfilesHost host = await Start();
        await host
            .Services.GetRequiredService<IAuditLog>()
            .AppendAsync(
                [
                    Entry("f-1") with
                    {
                        Purpose = "support",
                    },
                    Entry("f-2") with
                    {
                        Purpose = "ads",
                    },
                    Entry("f-3") with
                    {
                        Purpose = "support",
                        Result = "refused",
                    },
                ],
                CancellationToken.None
            );

        Assert.Equal(["f-3", "f-1"], await Ids(host, "?purpose=support"));
        Assert.Equal(["f-3"], await Ids(host, "?purpose=support&result=refused"));
        Assert.Equal(["f-2"], await Ids(host, "?objectType=thing&object=o-1&purpose=ads"));
        Assert.Equal(3, (await Ids(host, "?action=thing.&actor=tester&from=2026-01-01")).Length);
        Assert.Empty(await Ids(host, "?action=thing"));
        Assert.Empty(await Ids(host, "?purpose=support&from=2999-01-01"));
        Assert.Empty(await Ids(host, "?purpose=support&to=2020-01-01"));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=1000000000")]
    [InlineData("?cursor=nonsense")]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2026-01-02&to=2026-01-01")]
    public async Task List_WithAWrongParameter_SaysSo(string query)
    {
        await using ProfilesHost host = await Start();

        await host.GetProblem($"/v1/audit{query}", 400);
        await host.GetProblem($"/v1/audit?actor={new string('x', 300)}", 400);
    }

    /// <summary>By the access policy, which names the parts that a role sees.</summary>
    [Fact]
    public async Task List_WithTheKeyOfAPrivacyOfficer_IsShown()
    {
        (ApiKey Key, string Secret)[] keys =
        [
            (new ApiKey("web", Rules.Access.Roles.Collect), ProfilesHost.CollectKey),
            (new ApiKey("steward", Rules.Access.Roles.None) { RoleNames = ["steward"] }, "steward-secret"),
            (new ApiKey("officer", Rules.Access.Roles.None) { RoleNames = ["privacy-officer"] }, "officer-secret"),
        ];
        await using ProfilesHost host = await ProfilesHost.StartReal(
            _folder,
            keys: new KnownKeys(
                new ApiKeys(keys.Select(one => (one.Key, Encoding.ASCII.GetBytes(one.Secret)))),
                Made: null
            )
        );
        await CollectAda(host);
        UseKey(host, "steward-secret");
        await host.GetJson(ProfilePath);
        await host.GetProblem("/v1/audit", 403);

        UseKey(host, "officer-secret");
        JsonElement record = Assert.Single((await List(host, "?actor=steward")).Select(Record));

        Assert.Equal(
            ("profile.read", "support", "steward"),
            (Text(record, "action"), Text(record, "purpose"), Text(record.GetProperty("actor"), "roles"))
        );
    }

    [Fact]
    public async Task List_WithAKeyThatMayNot_IsForbidden()
    {
        await using ProfilesHost host = await Start();
        UseKey(host, ProfilesHost.ReadKey);

        await host.GetProblem("/v1/audit", 403);
        await host.GetProblem("/v1/audit/head", 403);
    }

    [Fact]
    public async Task Key_OfHashes_IsTheSettings_OrTheStoresOwn()
    {
        string key = Convert.ToBase64String(Enumerable.Range(0, 32).Select(number => (byte)number).ToArray());
        await using ProfilesHost host = await ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal) { ["Customer360:AuditKey"] = key }
        );

        Assert.Equal(
            new AuditHash(Convert.FromBase64String(key)).Of("email:a@b.c"),
            host.Services.GetRequiredService<AuditHash>().Of("email:a@b.c")
        );
        Assert.False(File.Exists(Path.Combine(_folder, "audit.key")));
    }

    private Task<ProfilesHost> Start() => StartAs(_folder, ProfilesHost.AdminKey);

    /// <summary>A read, too.</summary>
    private static async Task<string> CustomerId(ProfilesHost host) =>
        (await host.GetJson(ProfilePath)).GetProperty("customerId").GetString()!;

    private static async Task<JsonElement[]> List(ProfilesHost host, string query) =>
        [.. (await host.GetJson($"/v1/audit{query}")).GetProperty("entries").EnumerateArray()];

    private static async Task<string[]> Ids(ProfilesHost host, string query) =>
        [.. (await List(host, query)).Select(entry => Text(Record(entry), "id"))];

    /// <summary>All records, as they are stored.</summary>
    private static async Task<string> Raw(ProfilesHost host)
    {
        ImmutableArray<AuditRow> rows = await host
            .Services.GetRequiredService<IAuditReader>()
            .ReadBackAsync(null, long.MaxValue, 10_000, CancellationToken.None);
        return string.Join('\n', rows.Select(row => Encoding.UTF8.GetString(row.Record.Span)));
    }

    private static JsonElement Record(JsonElement entry) => entry.GetProperty("record");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long CountOf(JsonElement record) =>
        record.TryGetProperty("count", out JsonElement count) ? count.GetInt64() : 1;

    private sealed class MinuteClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class BrokenLog : IAuditLog
    {
        private readonly List<AuditEntry> _entries = [];

        public bool IsBroken { get; set; } = true;

        public IReadOnlyList<AuditEntry> Entries => _entries;

        public Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken)
        {
            if (IsBroken)
            {
                return Task.FromException(new StorageUnavailableException("Planned by the test."));
            }

            _entries.AddRange(entries);
            return Task.CompletedTask;
        }
    }
}
