using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Destinations;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Quality;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Quality;

/// <summary>Every message is counted once, whatever crashes; and what is not good is told once, to those who asked for it.</summary>
public sealed class QualityGridTests
{
    private const string Total =
        "total: {kind: completeness, event: Bought, field: properties.total, fail: {below: 90%}, minimum: 5}";

    private const string Silent = "silent: {kind: freshness, sources: [web], fail: {above: 60}}";

    private const string Alerts = """
        owner: {team: data, contact: "#data"}
        destinations:
          hook: {kind: webhook, address: "https://alerts.example.com/hook", secrets: [HOOK], effects: [quality.alert]}
          slack:
            kind: http
            address: https://hooks.slack.com/services/x
            effects: [quality.alert]
            body: {text: $.alert.summary}
        """;

    [Fact]
    public async Task Counts_ThroughWritesThatFailAndCrashes_AreThoseOfTheMessages()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:CheckpointInterval", "00:00:00.010"));
        int sent = 0;
        for (int round = 0; round < 4; round++)
        {
            // Some fail before they are stored and some behind that: whoever writes can't tell which.
            int seed = round;
            grid.Faults.Plan(
                write =>
                    ((write * 7) + seed) % 5 == 0
                        ? (write % 2 == 0 ? FaultKind.BeforeCommit : FaultKind.AfterCommit)
                        : null,
                countsBeside: true
            );
            for (int batch = 0; batch < 5; batch++)
            {
                JsonObject[] messages =
                [
                    .. Enumerable
                        .Range(sent, 20)
                        .Select(number => Track($"m{number}", $"u-{number % 9}", null, "Clicked")),
                ];
                await grid.Collect(applied: false, messages);
                sent += messages.Length;
            }

            await grid.CrashAndRestartAsync();
        }

        await TestGrid.UntilAsync(async () => await CountOf(grid) == sent);
        await grid.CrashAndRestartAsync();
        await grid.Collect(applied: true, Track("m0", "u-0", null, "Clicked"), Track("last", "u-0", null, "Clicked"));
        await TestGrid.UntilAsync(async () => await CountOf(grid) == sent + 1);
        await grid.RestartAsync();
        Assert.Equal(sent + 1, await CountOf(grid));
    }

    [Fact]
    public async Task Repeats_OfASourceThatSendsNothingNew_AreCounted()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:CheckpointInterval", "00:00:00.010"));
        JsonObject[] messages =
        [
            .. Enumerable.Range(0, 9).Select(number => Track($"m{number}", "u-1", null, "Clicked")),
        ];
        await grid.Collect(applied: true, messages);

        await grid.Collect(applied: true, messages);
        await grid.Collect(applied: true, messages);

        await TestGrid.UntilAsync(async () => await CountOf(grid, QualityCounts.Repeats) == 18);
        Assert.Equal(9, await CountOf(grid));
    }

    [Fact]
    public async Task Alert_OfACheck_IsToldOnceToEachDestination_AndEndsWhenLateMessagesHeal()
    {
        var receiver = new FakeReceiver();
        await using TestGrid grid = await Start(receiver, Total);
        IQualityMonitorGrain monitor = grid.Grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current);
        await Send(grid, 0, 10, hasTotal: false);

        await monitor.Look();
        await monitor.Look();
        await UntilTold(receiver, 2);

        JsonElement told = Assert.Single(Hook(receiver));
        Assert.Equal("quality.alert", told.GetProperty("type").GetString());
        JsonElement alert = told.GetProperty("data");
        Assert.Equal(
            "firing failing total completeness test Bought data #data docs/runbooks/completeness.md",
            Shown(alert, "status", "level", "check", "kind", "source", "event", "team", "contact", "runbook")
        );
        const string Summary = "completeness of properties.total in Bought of test: 0 of 10 messages.";
        Assert.Equal(Summary, alert.GetProperty("summary").GetString());
        Assert.Contains(
            alert.GetProperty("causes").EnumerateArray(),
            cause => cause.GetString()!.StartsWith("policy quality ", StringComparison.Ordinal)
        );
        Assert.Equal($$"""{"text":"{{Summary}}"}""", Assert.Single(Slack(receiver)).GetRawText());

        // A crash, and another look: it was told.
        await grid.CrashAndRestartAsync();
        await FollowPolicies(grid);
        monitor = grid.Grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current);
        await monitor.Look();
        Assert.Equal(QualityLevel.Failing, (await StandingOf(grid, "total", "test")).Watch.Current);

        // What was received in that hour and is counted late heals it.
        await Send(grid, 10, 200, hasTotal: true);
        await monitor.Look();
        JsonElement resolved = await UntilResolved(receiver);

        Assert.Equal("resolved ok", Shown(resolved, "status", "level"));
        Assert.Equal(Shown(alert, "fingerprint", "startedAt"), Shown(resolved, "fingerprint", "startedAt"));
        // What was on its way when the process died may be told twice, and is the same then.
        Assert.Equal(2, Hook(receiver).Select(body => body.GetRawText()).Distinct().Count());
    }

    [Fact]
    public async Task Check_OfASourceThatNeverSent_HasNoData_AndIsToldOfThat()
    {
        var receiver = new FakeReceiver();
        await using TestGrid grid = await Start(receiver, Silent);

        await grid.Grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current).Look();
        await UntilTold(receiver, 2);

        Assert.Equal(
            "firing noData silent web",
            Shown(Assert.Single(Hook(receiver)).GetProperty("data"), "status", "level", "check", "source")
        );
    }

    [Fact]
    public async Task Check_ThatIsTakenOutOfTheFile_EndsItsAlert()
    {
        var receiver = new FakeReceiver();
        await using TestGrid grid = await Start(receiver, Silent);
        IQualityMonitorGrain monitor = grid.Grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current);
        await monitor.Look();
        await UntilTold(receiver, 2);

        await Put(grid, QualityPolicyKind.KindName, "owner: {team: data, contact: data}\nkeep: 30d\nchecks: {}\n");
        await TestGrid.Until(() => grid.Services.GetRequiredService<IPolicy<QualityPolicy>>().Current.Checks.IsEmpty);
        await monitor.Look();
        await monitor.Look();

        Assert.Equal("resolved silent", Shown(await UntilResolved(receiver), "status", "check"));
    }

    [Fact]
    public async Task Seen_OfSources_IsFirstAndLast_AndNamesOfNobodysPlanAreNotKept()
    {
        await using TestGrid grid = await Start(new FakeReceiver(), Total);
        await Send(grid, 0, 3, hasTotal: true);
        await grid.CollectApplied(Track("other", "u-1", null, "Jane's birthday"));
        IQualityMonitorGrain monitor = grid.Grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current);

        await TestGrid.UntilAsync(async () =>
        {
            await monitor.Look();
            ImmutableArray<QualitySeen> seen = await monitor.GetSeen();
            return string.Join(' ', seen.Select(one => $"{one.Source}/{one.Event}")) == "test/* test/Bought";
        });
        await monitor.Begin();
        await monitor.Begin();
    }

    private static async Task<TestGrid> Start(FakeReceiver receiver, string check)
    {
        TestGrid grid = await TestGrid.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IDeliverySender>(receiver);
                builder.Services.AddSingleton<IDestinationSecrets>(receiver);
            },
            ("Customer360:Grid:CheckpointInterval", "00:00:00.010")
        );
        await Put(grid, DestinationPolicyKind.KindName, Alerts);
        await Put(grid, QualityPolicyKind.KindName, $"owner: {{team: data, contact: \"#data\"}}\nchecks:\n  {check}\n");
        await FollowPolicies(grid);
        return grid;
    }

    private static async Task FollowPolicies(TestGrid grid)
    {
        await TestGrid.Until(() =>
            grid.Services.GetRequiredService<IPolicy<QualityPolicy>>().Current.Checks.Count == 1
            && grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>().Current.Destinations.Count == 2
        );
    }

    private static async Task Put(TestGrid grid, string kind, string yaml) =>
        Assert.Null((await Policies.Put(grid, kind, yaml)).Objection);

    /// <summary>
    /// So many to the last whole hour, and as many to the one after it: that may become whole while the test runs, and is as good or as bad.
    /// </summary>
    private static async Task Send(TestGrid grid, int from, int count, bool hasTotal)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        for (int hour = 0; hour < 2; hour++)
        {
            grid.Age = now - QualityHours.LastWhole(now).AddHours(hour).AddMinutes(5);
            await grid.CollectApplied([
                .. Enumerable
                    .Range(from, count)
                    .Select(number =>
                    {
                        JsonObject message = Track($"m{hour}-{number}", $"u-{number % 5}", null, "Bought");
                        message["properties"] = hasTotal ? new JsonObject { ["total"] = 1 } : new JsonObject();
                        return message;
                    }),
            ]);
        }

        grid.Age = TimeSpan.Zero;
        await TestGrid.UntilAsync(async () => await CountOf(grid) == 2 * (from + count));
    }

    /// <summary>Of the hours around now, whatever was counted in which.</summary>
    private static async Task<long> CountOf(TestGrid grid, string number = QualityCounts.Messages)
    {
        DateTimeOffset hour = QualityFacts.HourOf(TimeProvider.System.GetUtcNow());
        long count = 0;
        for (int back = -1; back <= 3; back++)
        {
            QualityHour counted = QualityJson.ReadHour(
                await grid.Grains.GetGrain<IQualityHourGrain>(GrainKeys.QualityHour("test", hour.AddHours(-back))).Get()
            );
            count += counted.Total[number];
        }

        return count;
    }

    private static async Task<QualityStanding> StandingOf(TestGrid grid, string check, string source) =>
        QualityJson
            .ReadCheck(await grid.Grains.GetGrain<IQualityCheckGrain>(check).Get())
            .Standings.Single(one => one.Source == source);

    /// <summary>Each alert goes to both of the destinations.</summary>
    private static Task UntilTold(FakeReceiver receiver, int requests) =>
        TestGrid.Until(() => Hook(receiver).Count() + Slack(receiver).Count() >= requests);

    private static async Task<JsonElement> UntilResolved(FakeReceiver receiver)
    {
        JsonElement[] resolved = [];
        await TestGrid.Until(() =>
            (
                resolved = [
                    .. Hook(receiver)
                        .Select(body => body.GetProperty("data"))
                        .Where(alert => alert.GetProperty("status").GetString() == "resolved"),
                ]
            ).Length > 0
        );
        return resolved[0];
    }

    private static IEnumerable<JsonElement> Hook(FakeReceiver receiver) =>
        receiver.Bodies.Where(body => body.TryGetProperty("data", out _));

    private static IEnumerable<JsonElement> Slack(FakeReceiver receiver) =>
        receiver.Bodies.Where(body => body.TryGetProperty("text", out _));

    private static string Shown(JsonElement alert, params string[] members) =>
        string.Join(' ', members.Select(member => alert.GetProperty(member).GetString()));
}
