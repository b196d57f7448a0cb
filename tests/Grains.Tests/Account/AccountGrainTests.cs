using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Accounts;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Account;

/// <summary>What an account says of itself.</summary>
public sealed class AccountGrainTests
{
    [Fact]
    public async Task Account_WithMoreMembersThanItKeeps_SaysSo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Group("m1", "jane", "acme"));
        AccountReply before = await Account(grid);
        await grid.StopAsync();
        // The state is what the group calls of 10,000 others would have left.
        string others = string.Concat(
            Enumerable
                .Range(0, AccountFold.MemberCountMax - 1)
                .Select(number =>
                    $$"""{"identifier":"user_id:a{{number:d5}}","firstAt":"2026-11-22T10:00:00Z","lastAt":"2026-11-22T10:00:00Z"},"""
                )
        );
        await grid.ChangeStateAsync(
            GrainKeys.AccountState,
            "acme",
            json => json.Replace("\"members\":[", $"\"members\":[{others}", StringComparison.Ordinal)
        );
        await grid.GoOnAsync();
        AccountReply full = await Account(grid);
        await grid.CollectApplied(Group("m2", "zoe", "acme"));
        AccountReply over = await Account(grid);

        Assert.False(before.IsTruncated);
        Assert.Equal((AccountFold.MemberCountMax, false), (full.MemberCount, full.IsTruncated));
        Assert.Equal((AccountFold.MemberCountMax, true), (over.MemberCount, over.IsTruncated));
    }

    private static async Task<AccountReply> Account(TestGrid grid) =>
        (await grid.Grains.GetGrain<IAccountGrain>("acme").GetAccount(new AccountQuery(null, 1)))!;
}
