using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>Companies, and the people in them.</summary>
internal sealed partial class ProfileAccess
{
    private static readonly Refusal s_noAccount = new NotFound("account");

    /// <summary>
    /// The account by its id's one spelling; then as it was asked for, since an older release stored ids as they were sent. An
    /// id that none can have asks no grain.
    /// </summary>
    /// <param name="query">The members that are wanted; one more is asked for, which tells whether there are others.</param>
    public async Task<Outcome<VisibleAccount>> GetAccount(Asker asker, string? text, AccountQuery query)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Companies);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        if (text is null || identifiers.Group(text) is not { } groupId)
        {
            return s_noAccount;
        }

        AccountQuery more = query with { MemberLimit = query.MemberLimit + 1 };
        AccountReply? account = await grains.GetGrain<IAccountGrain>(groupId).GetAccount(more);
        if (account is null && text != groupId)
        {
            account = await grains.GetGrain<IAccountGrain>(text).GetAccount(more);
        }

        if (account is null)
        {
            return s_noAccount;
        }

        var visible = new VisibleAccount(account, right.Value, query.MemberLimit);
        return await Told<VisibleAccount>(asker, "account.read", null, right.Value.Fields, visible);
    }
}

/// <summary>An account as one caller sees it.</summary>
/// <param name="limit">Members that were asked for.</param>
internal sealed class VisibleAccount(AccountReply account, AccessRight right, int limit)
{
    public string GroupId => account.GroupId;

    /// <inheritdoc cref="AccountReply.TraitsJson"/>
    public ReadOnlyMemory<byte> TraitsJson { get; } = Traits(account, right);

    /// <summary>The caller sees who is in the company. If not, there are no members, and how many there are is not to be shown.</summary>
    public bool ShowsMembers => right.Fields.Show(FieldSets.Members);

    /// <summary>
    /// The caller sees every member, so how many there are, and the version, which rises with changes of members too, tell
    /// nothing more.
    /// </summary>
    public bool ShowsCounts => ShowsMembers && right.Fields.Table is null;

    /// <summary>Those of the page that the caller sees, perhaps as masks.</summary>
    public IEnumerable<AccountMember> Members =>
        ShowsMembers
            ? account
                .Members.Take(limit)
                .Select(member => (Member: member, Shown: right.Show(member.Identifier)))
                .Where(one => one.Shown is not null)
                .Select(one => one.Member with { Identifier = one.Shown!.Value })
            : [];

    /// <summary>The last member of the page; null on the last page. It may be one that the caller does not see.</summary>
    public Identifier? Last =>
        ShowsMembers && account.Members.Length > limit ? account.Members[limit - 1].Identifier : null;

    public int MemberCount => ShowsCounts ? account.MemberCount : 0;

    public long Version => ShowsCounts ? account.Version : 0;

    public bool IsTruncated => ShowsCounts && account.IsTruncated;

    private static ReadOnlyMemory<byte> Traits(AccountReply account, AccessRight right)
    {
        if (right.Fields.Table is not { } table)
        {
            return account.TraitsJson;
        }

        using var traits = JsonDocument.Parse(account.TraitsJson);
        return table.ShowMembers(traits.RootElement, FieldScope.Company);
    }
}
