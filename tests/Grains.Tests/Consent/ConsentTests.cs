using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audit;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Consent;

/// <summary>Consent on a real grid: crashes, merges and splits, and what is said by requests.</summary>
public sealed class ConsentTests
{
    private static readonly DateTimeOffset s_now = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static int s_number;

    [Fact]
    public async Task Words_SurviveACrash_BeforeTheStateIsWritten()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:SaveAfterMessages", "1000"));
        await grid.CollectApplied(Track("m0", "u-1", "a-1"), Says("m1", "u-1", "a-1", "profiling", grants: true));
        string before = await Holdings(grid, "user_id:u-1");

        await grid.CrashAndRestartAsync();

        Assert.Equal(before, await Holdings(grid, "user_id:u-1"));
        Assert.Equal("granted", await Status(grid, "user_id:u-1", "profiling"));
        await grid.AssertShelfIsWhatCallsShow("user_id:u-1", "anonymous_id:a-1");
    }

    [Fact]
    public async Task Merge_OfOneWhoDenied_Denies_AndUndoneRestoresBoth()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Says("m1", null, "a-1", "profiling", grants: false));
        await grid.CollectApplied(Says("m2", "u-1", null, "profiling", grants: true));
        string device = await Holdings(grid, "anonymous_id:a-1");
        string person = await Holdings(grid, "user_id:u-1");
        Assert.Equal("denied", await Status(grid, "anonymous_id:a-1", "profiling"));
        Assert.Equal("granted", await Status(grid, "user_id:u-1", "profiling"));

        await grid.CollectApplied(Identify("m3", "u-1", "a-1"));

        string merged = (await grid.OwnerOf("user_id:u-1"))!;
        Assert.Equal(merged, await grid.OwnerOf("anonymous_id:a-1"));
        Assert.Equal("denied", await Status(grid, "user_id:u-1", "profiling"));

        SplitReply split = await Split(grid, merged, "user_id:u-1");
        Assert.Null(split.Refused);
        Assert.Equal(device, await Holdings(grid, "anonymous_id:a-1"));
        Assert.Equal(person, await Holdings(grid, "user_id:u-1"));
        Assert.Equal("granted", await Status(grid, "user_id:u-1", "profiling"));
    }

    [Fact]
    public async Task Request_CountsForEveryIdentifier_AlsoAfterASplitAndARestart()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(
            Says("m1", "u-1", "a-1", "profiling", grants: false),
            Says("m2", "u-1", "a-2", "profiling", grants: true)
        );
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        Assert.Equal("denied", await Status(grid, "user_id:u-1", "profiling"));

        ConsentReply reply = await Put(grid, customer, "r-1", ("profiling", true));

        Assert.False(reply.IsRefused);
        Assert.Equal("granted", await Status(grid, "user_id:u-1", "profiling"));
        await grid.AssertShelfIsWhatCallsShow("user_id:u-1", "anonymous_id:a-1", "anonymous_id:a-2");
        await Split(grid, customer, "anonymous_id:a-1");
        await grid.CrashAndRestartAsync();
        Assert.Equal("granted", await Status(grid, "anonymous_id:a-1", "profiling"));
        Assert.Equal("granted", await Status(grid, "user_id:u-1", "profiling"));
    }

    /// <summary>The write may have reached the disk or not; who repeats the request finds one word and one record either way.</summary>
    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Request_WhoseWriteFails_IsWrittenOnceByItsRepeat(FaultKind fault)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", "u-1", "a-1"));
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        grid.Faults.Plan(write => write == 1 ? fault : null);

        await Assert.ThrowsAnyAsync<Exception>(() => Put(grid, customer, "r-1", ("ads", false)));
        grid.Faults.Plan(_ => null);
        await Put(grid, customer, "r-1", ("ads", false));
        ConsentReply again = await Put(grid, customer, "r-1", ("ads", false));

        ConsentEntry entry = Assert.Single(ConsentHistory.Of(ConsentHoldingsJson.Read(again.HoldingsJson)));
        Assert.Equal(["anonymous_id:a-1", "user_id:u-1"], entry.Covers.Select(one => one.ToString()));
        ImmutableArray<AuditRow> rows = await grid
            .Services.GetRequiredService<IAuditReader>()
            .ReadBackAsync(chain: null, long.MaxValue, limit: 1_000, CancellationToken.None);
        AuditEntry record = Assert.Single(
            rows.Select(row => AuditRecord.Read(row.Record).Entry),
            one => one.Action == ConsentRequest.AuditAction
        );
        Assert.Equal(customer, record.ObjectId);
        Assert.Equal("denied", record.Details["purpose.ads"]);
    }

    [Fact]
    public async Task Request_WithAnIdThatAnotherHad_IsRefused_AndWritesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", "u-1", "a-1"));
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        await Put(grid, customer, "r-1", ("ads", false));

        ConsentReply other = await Put(grid, customer, "r-1", ("ads", true));

        Assert.True(other.IsRefused);
        Assert.Equal("denied", await Status(grid, "user_id:u-1", "ads"));
    }

    [Fact]
    public async Task Request_OfAMergedCustomer_IsSentOn_AndOfNobodyFindsNobody()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "a-1"));
        await grid.CollectApplied(Track("m2", "u-1", null));
        string younger = (await grid.OwnerOf("user_id:u-1"))!;
        await grid.CollectApplied(Identify("m3", "u-1", "a-1"));

        ConsentReply moved = await Put(grid, younger, "r-1", ("ads", true));

        Assert.Equal(await grid.OwnerOf("user_id:u-1"), moved.MovedTo);
        string nobody = CustomerId.ForSplit($"d_{new string('0', 32)}", younger, s_now);
        Assert.False((await Put(grid, nobody, "r-1", ("ads", true))).Exists);
    }

    /// <summary>A profile that is too large learns no more traits, but a no is still heard.</summary>
    [Fact]
    public async Task Profile_ThatIsOversized_StillHearsConsent()
    {
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Grid:ProfileBytesMax", "2000"),
            ("Customer360:Grid:SaveAfterMessages", "1")
        );
        await grid.CollectApplied([
            .. Enumerable
                .Range(0, 40)
                .Select(number => Identify($"m{number}", "u-1", null, new JsonObject { [$"trait{number}"] = number })),
        ]);
        await TestGrid.UntilAsync(async () =>
        {
            await grid.CollectApplied(Track($"w{Interlocked.Increment(ref s_number)}", "u-1", null));
            return (bool?)(await grid.Profile("user_id:u-1"))["lifecycle"]!["oversized"] == true;
        });

        await grid.CollectApplied(Says("n1", "u-1", null, "profiling", grants: false));

        Assert.Equal("denied", await Status(grid, "user_id:u-1", "profiling"));
        await grid.CrashAndRestartAsync();
        Assert.Equal("denied", await Status(grid, "user_id:u-1", "profiling"));
    }

    private static JsonObject Says(string messageId, string? userId, string? anonymousId, string purpose, bool grants)
    {
        JsonObject message = Track(messageId, userId, anonymousId, "Segment Consent Preference Updated");
        message["context"] = new JsonObject
        {
            ["consent"] = new JsonObject { ["categoryPreferences"] = new JsonObject { [purpose] = grants } },
        };
        return message;
    }

    private static async Task<string?> Status(TestGrid grid, string identifier, string purpose) =>
        (string?)(await grid.Profile(identifier))["consent"]![purpose]?["status"];

    private static async Task<string> Holdings(TestGrid grid, string identifier)
    {
        ConsentReply reply = await grid.Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf(identifier))!).GetConsent();
        return System.Text.Encoding.UTF8.GetString(reply.HoldingsJson.Span);
    }

    private static Task<ConsentReply> Put(
        TestGrid grid,
        string customer,
        string requestId,
        params ImmutableArray<(string Purpose, bool Grants)> answers
    ) =>
        grid
            .Grains.GetGrain<ICustomerGrain>(customer)
            .PutConsent(
                new ConsentPut(
                    requestId,
                    [.. answers.Select(one => new ConsentSaid(one.Purpose, one.Grants, Until: null))],
                    "centre",
                    "admin",
                    s_now,
                    "v1",
                    Evidence: null
                )
            );

    private static Task<SplitReply> Split(TestGrid grid, string from, string identifier)
    {
        string splitId = $"d_consent{Interlocked.Increment(ref s_number):D24}";
        return grid
            .Grains.GetGrain<ICustomerGrain>(CustomerId.ForSplit(splitId, from, s_now))
            .SplitFrom(
                new SplitRequest(
                    splitId,
                    from,
                    [Rules.Events.Identifier.Parse(identifier)],
                    "test",
                    "operator",
                    TimeProvider.System.GetUtcNow()
                )
            );
    }
}
