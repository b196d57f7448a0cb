using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary>Finds the account that a path of Segment's Profile API names.</summary>
internal static class SegmentAccounts
{
    public static async Task<Outcome<AccountReply>> Find(IGrainFactory grains, SegmentRequest request, int memberLimit)
    {
        Outcome<string> groupId = request.GroupId();
        if (!groupId.Succeeded)
        {
            return groupId.Refusal;
        }

        AccountReply? account = await AccountsDirectory.Get(grains, groupId.Value, new AccountQuery(null, memberLimit));
        return account is null ? new NotFound("account") : account;
    }
}
