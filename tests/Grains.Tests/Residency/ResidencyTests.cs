using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Identity;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Residency;

/// <summary>What stays in memory, and for how long.</summary>
public sealed class ResidencyTests
{
    private const int Asked = 50;

    /// <summary>The kinds of which anybody can have as many as he has names for.</summary>
    private static readonly string[] s_named =
    [
        nameof(CustomerGrain),
        nameof(IdentifierGrain),
        nameof(AccountGrain),
        nameof(JobGrain),
        nameof(DecisionGrain),
    ];

    public static TheoryData<string> Kinds =>
        ["customer", "timeline", "sessions", "explain", "identifier", "quarantine", "account", "job", "merge"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reads_OfWhatNobodyHas_LeaveNothingInMemory(string kind)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Asked).Select(number => Ask(grid.Grains, kind, number)));

        await TestGrid.UntilAsync(async () => await ActivationsOf(grid, s_named) == 0);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("0")]
    public async Task Customers_WithNothingToDo_EndAndAreWhatTheyWere(string idleWritesPerSecond)
    {
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Grid:CustomerIdleTime", "00:00:05"),
            ("Customer360:Grid:IdleWritesPerSecond", idleWritesPerSecond)
        );
        await grid.CollectApplied(Identify("m1", "u1", "a1"), Track("m2", "u1", null));
        JsonObject before = await grid.Profile("user_id:u1");
        Assert.Equal(1, await ActivationsOf(grid, nameof(CustomerGrain)));

        await TestGrid.UntilAsync(async () => await ActivationsOf(grid, nameof(CustomerGrain)) == 0);

        Assert.Equal(before.ToJsonString(), (await grid.Profile("user_id:u1")).ToJsonString());
    }

    [Fact]
    public async Task Ends_OfManyCustomers_WriteAsManyStatesAsTheyMay()
    {
        const int Customers = 60;
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:IdleWritesPerSecond", "1"));
        for (int customer = 0; customer < Customers; customer++)
        {
            await grid.CollectApplied(
                Identify($"m{customer}", $"u{customer}", null),
                Track($"t{customer}", $"u{customer}", null)
            );
        }

        grid.Faults.Plan(_ => null);
        await grid.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await TestGrid.UntilAsync(async () => await ActivationsOf(grid, nameof(CustomerGrain)) == 0);

        // One a second, and they do not take half a minute.
        Assert.InRange(grid.Faults.Writes, 0, Customers / 2);
        await grid.RestartAsync();
        JsonObject profile = await grid.Profile("user_id:u7");
        Assert.Equal(2, (int)profile["lifecycle"]!["messageCount"]!);
    }

    private static Task Ask(IGrainFactory grains, string kind, int number)
    {
        string customer = CustomerId.ForSplit(
            $"d_{number:x32}",
            "c_01a21974ea3b0020000000001",
            DateTimeOffset.UnixEpoch.AddYears(60)
        );
        return kind switch
        {
            "customer" => grains.GetGrain<ICustomerGrain>(customer).GetProfile(),
            "timeline" => grains
                .GetGrain<ICustomerGrain>(customer)
                .GetTimeline(
                    new TimelineRequest(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, true, 10, null),
                    CancellationToken.None
                ),
            "sessions" => grains
                .GetGrain<ICustomerGrain>(customer)
                .GetSessions(
                    new SessionsRequest(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, 10, null),
                    CancellationToken.None
                ),
            "explain" => grains
                .GetGrain<ICustomerGrain>(customer)
                .GetDecisions(new DecisionsRequest(10, null, []), CancellationToken.None),
            "identifier" => grains.GetGrain<IIdentifierGrain>($"user_id:{number}").FindOwner(),
            "quarantine" => grains.GetGrain<IIdentifierGrain>($"user_id:{number}").LiftQuarantine(isByJob: false),
            "account" => grains.GetGrain<IAccountGrain>($"account-{number}").GetAccount(new AccountQuery(null, 10)),
            "job" => grains.GetGrain<IJobGrain>($"j_{number:x32}").Get(),
            _ => grains.GetGrain<IDecisionGrain>($"d_{number:x32}").FindMerge(),
        };
    }

    private static async Task<int> ActivationsOf(TestGrid grid, params string[] kinds)
    {
        SimpleGrainStatistic[] all = await grid.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return all.Where(one => kinds.Any(kind => one.GrainType.Contains($".{kind}", StringComparison.Ordinal)))
            .Sum(one => one.ActivationCount);
    }
}
