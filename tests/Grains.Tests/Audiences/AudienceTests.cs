using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Leads;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audiences;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Audiences;

/// <summary>Customers enter and leave audiences by messages, by time, and by what merges and splits make of them.</summary>
public sealed class AudienceTests : IAsyncLifetime
{
    private const string Policy = """
        owner: {team: marketing, contact: marketing}
        audiences:
          - name: buyers
            purpose: personalization
            if: {event: Order, count: {atLeast: 2}}
          - name: fresh
            purpose: personalization
            if: {event: Order, within: 2h}
          - name: seen
            purpose: personalization
            if: {event: Visit}
        examples:
          - input: {events: [{event: Order}, {event: Order}]}
            expect: {in: [buyers, fresh]}
        """;

    private readonly PolicyFolderOf _folder = new("audiences.yaml", Policy);
    private readonly ShiftedTime _time = new();
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(_time),
            ("Customer360:Jobs:AudiencesEvery", "00:00:00"),
            _folder.Setting
        );
        await FollowPolicy(policy => policy.Audiences.Length == 3);
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Message_ThatMeetsTheCondition_Enters_AndTheListHasTheRow()
    {
        await Order("u1", 1);
        Assert.Equal("fresh", await In("user_id:u1"));
        await Order("u1", 2);

        Assert.Equal("buyers fresh", await In("user_id:u1"));
        Assert.Equal(["buyers fresh"], await Listed());
    }

    [Fact]
    public async Task Message_ThatIsRepeated_CountsOnce()
    {
        await Order("u1", 1);
        await Order("u1", 1);

        Assert.Equal("fresh", await In("user_id:u1"));
    }

    [Fact]
    public async Task Crash_AfterTheMessage_LeavesTheCustomerIn()
    {
        await Order("u1", 1);
        await Order("u1", 2);

        await _grid.CrashAndRestartAsync();
        await FollowPolicy(policy => policy.Audiences.Length == 3);

        Assert.Equal("buyers fresh", await In("user_id:u1"));
        Assert.Equal(["buyers fresh"], await Listed());
    }

    [Fact]
    public async Task Window_ThatRunsOut_LetsTheCustomerLeave_ByItsReminder()
    {
        await Order("u1", 1);
        string customer = (await _grid.OwnerOf("user_id:u1"))!;
        CustomerAudiencesReply before = await _grid.Grains.GetGrain<ICustomerGrain>(customer).GetAudiences();
        IReminderStore reminders = _grid.Services.GetRequiredService<IReminderStore>();
        Assert.Contains(
            await reminders.ReadAllAsync(CancellationToken.None),
            one => one.Name == "audiences" && one.GrainKey.EndsWith(customer, StringComparison.Ordinal)
        );

        _time.Pass(TimeSpan.FromHours(2));
        await Remind(customer);

        Assert.NotNull(before.DueAt);
        Assert.Equal("", await In("user_id:u1"));
        Assert.Empty(await Listed());
        Assert.DoesNotContain(await reminders.ReadAllAsync(CancellationToken.None), one => one.Name == "audiences");
    }

    [Fact]
    public async Task Merge_CountsWhatBothDid_AndSplit_TakesItApart()
    {
        await Order("u1", 1);
        await _grid.CollectApplied(
            Track("v1", null, "b1", "Order"),
            Track("v2", null, "b1", "Visit"),
            Identify("i1", null, "b1", new JsonObject { ["email"] = "b@example.org" })
        );
        Assert.Equal("fresh", await In("user_id:u1"));
        Assert.Equal("fresh seen", await In("anonymous_id:b1"));

        await _grid.CollectApplied(Identify("join", "u1", null, new JsonObject { ["email"] = "b@example.org" }));

        Assert.Equal(await _grid.OwnerOf("user_id:u1"), await _grid.OwnerOf("anonymous_id:b1"));
        Assert.Equal("buyers fresh seen", await In("user_id:u1"));
        Assert.Equal(["buyers fresh seen"], await Listed());

        string older = (await _grid.OwnerOf("user_id:u1"))!;
        string splitId = "d_" + new string('1', 32);
        string to = CustomerId.ForSplit(splitId, older, _time.GetUtcNow());
        SplitReply split = await _grid
            .Grains.GetGrain<ICustomerGrain>(to)
            .SplitFrom(
                new SplitRequest(
                    splitId,
                    older,
                    [Identifier.Parse("anonymous_id:b1"), Identifier.Parse("email:b@example.org")],
                    "two people",
                    "test",
                    _time.GetUtcNow()
                )
            );

        Assert.Null(split.Refused);
        Assert.Equal("fresh", await In("user_id:u1"));
        Assert.Equal("fresh seen", await In("anonymous_id:b1"));
        Assert.Equal(["fresh", "fresh seen"], await Listed());
    }

    [Fact]
    public async Task Merge_KeepsTheTimeOfTheEarlierMembership()
    {
        await _grid.CollectApplied(Track("v1", null, "b1", "Visit"));
        await _grid.CollectApplied(Identify("i1", null, "b1", new JsonObject { ["email"] = "b@example.org" }));
        DateTimeOffset since = (await Entry("anonymous_id:b1", "seen")).Since;
        _time.Pass(TimeSpan.FromMinutes(5));
        await _grid.CollectApplied(Track("v2", "u1", null, "Visit"));

        await _grid.CollectApplied(Identify("join", "u1", null, new JsonObject { ["email"] = "b@example.org" }));

        Assert.Equal(since, (await Entry("user_id:u1", "seen")).Since);
    }

    [Fact]
    public async Task Look_AtAnotherPolicy_CountsWhatWasSaidBefore_AndLetsGoOfWhatIsGone()
    {
        await _grid.CollectApplied(Track("c1", "u1", null, "Click"), Track("v1", "u1", null, "Visit"));
        Assert.Equal("seen", await In("user_id:u1"));
        string changed = Policy
            .Replace("name: seen", "name: clicked", StringComparison.Ordinal)
            .Replace("{event: Visit}", "{event: Click}", StringComparison.Ordinal);

        PolicyReply reply = await Policies.Put(_grid, AudiencePolicyKind.KindName, changed);
        Assert.Null(reply.Objection);
        await FollowPolicy(policy => policy.Find("clicked") is not null);
        Assert.Equal("seen", await In("user_id:u1"));
        AudienceLookReply look = await _grid
            .Grains.GetGrain<ICustomerGrain>((await _grid.OwnerOf("user_id:u1"))!)
            .LookAtAudiences();

        Assert.Equal(2, look.Changes);
        Assert.Equal("clicked", await In("user_id:u1"));
        Assert.StartsWith("definition:", (await Entry("user_id:u1", "clicked")).Cause, StringComparison.Ordinal);
        Assert.Equal(["clicked"], await Listed());
    }

    private async Task Order(string user, int number) =>
        await _grid.CollectApplied(Track($"order-{user}-{number}", user, null, "Order"));

    private Task Remind(string customer) =>
        _grid
            .Grains.GetGrain<ICustomerGrain>(customer)
            .AsReference<IRemindable>()
            .ReceiveReminder("audiences", default);

    private async Task<CustomerAudience> Entry(string identifier, string audience) =>
        (await Read(identifier)).Audiences.Single(one => one.Audience == audience);

    private async Task<string> In(string identifier) =>
        string.Join(' ', (await Read(identifier)).Audiences.Select(one => one.Audience));

    private async Task<CustomerAudiencesReply> Read(string identifier)
    {
        CustomerAudiencesReply reply = await _grid
            .Grains.GetGrain<ICustomerGrain>((await _grid.OwnerOf(identifier))!)
            .GetAudiences();
        Assert.True(reply.Exists);
        return reply;
    }

    /// <summary>Of each customer that the list has, its audiences; by these.</summary>
    private async Task<string[]> Listed()
    {
        IAudienceList list = _grid.Services.GetRequiredService<IAudienceList>();
        List<AudienceRow> rows = [];
        foreach (AudienceSize size in await list.ReadSizesAsync(CancellationToken.None))
        {
            rows.AddRange(await list.ReadAsync(size.Audience, "", 100, CancellationToken.None));
        }

        return
        [
            .. rows.GroupBy(row => row.CustomerId)
                .Select(customer => string.Join(' ', customer.Select(row => row.Audience)))
                .Order(StringComparer.Ordinal),
        ];
    }

    private Task FollowPolicy(Func<AudiencePolicy, bool> isIt) =>
        TestGrid.Until(() => isIt(_grid.Services.GetRequiredService<IPolicy<AudiencePolicy>>().Current));
}
