using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>Companies, and the people in them.</summary>
internal sealed partial class ProfileAccess
{
    private const int PeopleAtOnce = 200;

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
        AccountReply? account = await grains.FindAccount(groupId, more);
        if (account is null && text != groupId)
        {
            account = await grains.FindAccount(text, more);
        }

        if (account is null)
        {
            return s_noAccount;
        }

        HashSet<Identifier> hidden = await Restricted(right.Value, PeopleOf(account, query.MemberLimit));
        var visible = new VisibleAccount(account, right.Value, query.MemberLimit, hidden);
        return await Told<VisibleAccount>(asker, "account.read", null, right.Value.Fields, visible);
    }

    /// <summary>
    /// A page of accounts by their group ids. By a name only those are searched for who see names: an answer would tell it.
    /// </summary>
    public async Task<Outcome<VisibleAccounts>> ListAccounts(Asker asker, AccountListQuery query)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Companies);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        if (query.NamePrefix is not null && right.Value.Fields.Table is { } table && !table.Of("company.name").IsShown)
        {
            return s_withheld;
        }

        AccountListPage page = await grains.GetGrain<IAccountListGrain>(0).Read(query);
        var visible = new VisibleAccounts(
            [.. page.Rows.Select(row => new VisibleAccountRow(row, right.Value.Fields))],
            page.Next
        );
        return await Told<VisibleAccounts>(asker, "accounts.listed", null, right.Value.Fields, visible);
    }

    /// <summary>The people that an answer would show.</summary>
    private static IEnumerable<Identifier> PeopleOf(AccountReply account, int memberLimit) =>
        account
            .Members.Take(memberLimit)
            .Select(member => member.Identifier)
            .Concat(
                AccountMore.OpportunitiesOf(account).SelectMany(one => one.Facts.Contacts).Select(one => one.Identifier)
            );

    /// <summary>Those of them whose data is kept and not used, where the caller must not see that they are there.</summary>
    private async Task<HashSet<Identifier>> Restricted(AccessRight right, IEnumerable<Identifier> people)
    {
        HashSet<Identifier> restricted = [];
        if (right.SeesRestricted || !right.Fields.Show(FieldSets.Members))
        {
            return restricted;
        }

        foreach (Identifier[] some in people.Distinct().Chunk(PeopleAtOnce))
        {
            bool[] are = await Task.WhenAll(some.Select(one => IsRestricted(one)));
            restricted.UnionWith(some.Where((_, place) => are[place]));
        }

        return restricted;
    }

    /// <summary>What is known of whoever has the identifier is kept and not used.</summary>
    private async Task<bool> IsRestricted(Identifier identifier)
    {
        Outcome<ProfileView> person = await View(identifier, text: null);
        return person.Succeeded && person.Value.Consent.IsRestricted;
    }

    /// <summary>
    /// To which company a person belongs, and why. Whoever does not see every field is told which and by what kind of evidence, and not
    /// which of the person's data names it.
    /// </summary>
    /// <returns>As <see cref="AccountMatch.WriteJson"/> writes it.</returns>
    public async Task<Outcome<ReadOnlyMemory<byte>>> MatchAccount(Asker asker, string? text)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Accounts | FieldSets.Companies);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<CustomerAnswer<AccountMatchReply>> found = await AskCustomer(
            right.Value,
            text,
            customer => grains.GetGrain<IAccountMatchGrain>(customer.GetPrimaryKeyString()).Match(),
            static reply => reply.MovedTo
        );
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        VisibleFields fields = found.Value.Fields;
        if (!fields.Show(FieldSets.Accounts | FieldSets.Companies) || found.Value.Reply.MatchJson.IsEmpty)
        {
            return s_withheld;
        }

        ReadOnlyMemory<byte> match = found.Value.Reply.MatchJson;
        return await Told<ReadOnlyMemory<byte>>(
            asker,
            "account.matched",
            found.Value.CustomerId,
            fields,
            fields.Table is null ? match : AccountMatch.WithoutClues(match)
        );
    }
}

/// <summary>An account as one caller sees it.</summary>
/// <param name="limit">Members that were asked for.</param>
/// <param name="hidden">People of whom the caller must not see that they are there.</param>
internal sealed class VisibleAccount(
    AccountReply account,
    AccessRight right,
    int limit,
    IReadOnlySet<Identifier> hidden
)
{
    public string GroupId => account.GroupId;

    /// <summary>All group ids by which it is known.</summary>
    public IReadOnlyList<string> GroupIds => account.GroupIds.IsDefault ? [account.GroupId] : account.GroupIds;

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
                .Where(member => !hidden.Contains(member.Identifier))
                .Select(member => (Member: member, Shown: right.Show(member.Identifier)))
                .Where(one => one.Shown is not null)
                .Select(one => one.Member with { Identifier = one.Shown!.Value })
            : [];

    /// <summary>The last member of the page; null on the last page. It may be one that the caller does not see.</summary>
    public Identifier? Last =>
        ShowsMembers && account.Members.Length > limit ? account.Members[limit - 1].Identifier : null;

    /// <summary>Its domains and deals, <c>{"domains":[…],"opportunities":[…]}</c>; what the caller may not see is not there.</summary>
    public JsonObject More { get; } =
        AccountMore.Of(account, one => hidden.Contains(one) ? null : right.Show(one), right);

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

/// <param name="Next">The group id behind which the next page begins; null: there is none.</param>
internal sealed record VisibleAccounts(IReadOnlyList<VisibleAccountRow> Rows, string? Next);

/// <summary>An account of a list, as one caller sees it.</summary>
internal sealed class VisibleAccountRow(AccountListRow row, VisibleFields fields)
{
    public string GroupId => row.GroupId;

    public string? PartOf => row.PartOf;

    /// <summary>Perhaps a mask of it; null: it has none, or the caller does not see it.</summary>
    public ReadOnlyMemory<byte>? NameJson =>
        row.NameJson.IsEmpty ? null
        : fields.Table is { } table ? table.Show("name", row.NameJson, FieldScope.Company)
        : row.NameJson;

    /// <summary>Null: the caller does not see them.</summary>
    public IReadOnlyList<string>? Domains => Shows("domains") ? row.Domains : null;

    /// <inheritdoc cref="Domains"/>
    public int? OpenDeals => Shows("opportunities") ? row.OpenDeals : null;

    /// <summary>Null for whoever may not see members, or not each of them.</summary>
    public int? Linked => fields.Show(FieldSets.Members) && fields.Table is null ? row.Linked : null;

    private bool Shows(string field) => fields.Table is not { } table || table.Of($"company.{field}").IsShown;
}
