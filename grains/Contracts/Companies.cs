using Customer360.Rules.Accounts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;

namespace Customer360.Grains.Contracts;

/// <summary>Finds companies by their group ids, over merges, and joins them.</summary>
public static class Companies
{
    // Each round follows a merge that came between two questions; so many in a row are a bug.
    private const int RoundsMax = 64;

    /// <summary>The company that a group belongs to now.</summary>
    public static async Task<string> FindCompany(this IGrainFactory grains, string groupId)
    {
        string company = await grains.GetGrain<IAccountGrain>(groupId).GetCompany() ?? CompanyId.Of(groupId);
        for (int round = 0; round < RoundsMax; round++)
        {
            if ((await grains.GetGrain<ICompanyGrain>(company).GetGroups()).MovedTo is not { } next)
            {
                return company;
            }

            company = next;
        }

        throw new InvalidOperationException("Companies lead in a circle.");
    }

    /// <summary>What is known of the company that a group belongs to; null where nothing is.</summary>
    public static async Task<AccountReply?> FindAccount(this IGrainFactory grains, string groupId, AccountQuery query)
    {
        IAccountGrain account = grains.GetGrain<IAccountGrain>(groupId);
        string? company = await account.GetCompany();
        if (company is null)
        {
            return await account.GetAccount(query);
        }

        for (int round = 0; round < RoundsMax; round++)
        {
            CompanyReply reply = await grains.GetGrain<ICompanyGrain>(company).GetAccount(query);
            if (reply.MovedTo is not { } next)
            {
                return reply.Account;
            }

            company = next;
        }

        throw new InvalidOperationException("Companies lead in a circle.");
    }

    /// <summary>Makes the companies of two groups one. Repeating it changes nothing.</summary>
    /// <param name="messageId">The message, or the request, that says so.</param>
    /// <param name="source">Who says so.</param>
    /// <returns>Why they stay two (<see cref="MergeRefusal.Code"/>); null: they are one.</returns>
    public static async Task<string?> JoinCompanies(
        this IGrainFactory grains,
        string groupId,
        string otherGroupId,
        string messageId,
        string source,
        DateTimeOffset at
    )
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            string one = await grains.FindCompany(groupId);
            string other = await grains.FindCompany(otherGroupId);
            if (one == other)
            {
                return null;
            }

            (string older, string younger) = CompanyId.IsOlder(one, other) ? (one, other) : (other, one);
            CompanyMerged merged = await grains
                .GetGrain<ICompanyGrain>(younger)
                .MergeInto(
                    new CompanyMerge(older, DecisionId.Of("company", older, younger, messageId), messageId, source, at)
                );
            if (merged.WaitFor is { } busy)
            {
                // It answers when its split is done.
                await grains.GetGrain<ICompanyGrain>(busy).GetGroups();
            }
            else if (merged.Refused is { } code)
            {
                return code;
            }
        }

        throw new RaceLostException("The companies were merged and split again and again.");
    }
}
