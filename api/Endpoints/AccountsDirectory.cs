using Customer360.Grains.Contracts;

namespace Customer360.Api.Endpoints;

/// <summary>Finds accounts.</summary>
internal static class AccountsDirectory
{
    // Longer group ids are refused when they come in (facts/wire-facts.md, 2.1), so nobody has one.
    private const int GroupIdLengthMax = 500;

    /// <summary>The account, or null; an id that none can have asks no grain.</summary>
    public static async Task<AccountReply?> Get(IGrainFactory grains, string? groupId, AccountQuery query) =>
        string.IsNullOrWhiteSpace(groupId) || groupId.Length > GroupIdLengthMax
            ? null
            : await grains.GetGrain<IAccountGrain>(groupId).GetAccount(query);
}
