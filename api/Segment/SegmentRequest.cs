using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Segment;

/// <summary>What a path of Segment's Profile API names, and who asks.</summary>
/// <param name="Accounts">True: the collection <c>accounts</c>; false: <c>users</c>.</param>
/// <param name="Identifier">As asked for: <c>type:value</c>, decoded.</param>
internal sealed record SegmentRequest(
    Asker Asker,
    string Space,
    bool Accounts,
    string? Identifier,
    IQueryCollection Query
)
{
    private const string GroupIdType = "group_id";

    public static Outcome<SegmentRequest> Read(HttpContext context)
    {
        string? space = PathValues.Value(context, "space");
        if (string.IsNullOrWhiteSpace(space))
        {
            return new ParameterInvalid("space", "it must not be empty");
        }

        var asker = Asker.Of(context);
        string? identifier = PathValues.InRegion(context);
        return PathValues.Value(context, "collection") switch
        {
            "users" => new SegmentRequest(asker, space, Accounts: false, identifier, context.Request.Query),
            "accounts" => new SegmentRequest(asker, space, Accounts: true, identifier, context.Request.Query),
            _ => new ParameterInvalid("collection", "it must be users or accounts"),
        };
    }

    /// <summary>The account that the identifier names: <c>group_id:…</c> is the only type that an account has.</summary>
    private Outcome<string> GroupId()
    {
        if (!Rules.Events.Identifier.TryParse(Identifier, out Identifier asked))
        {
            return new IdentifierMalformed();
        }

        return string.Equals(asked.Type, GroupIdType, StringComparison.Ordinal)
            ? asked.Value
            : new IdentifierTypeUnknown(GroupIdType);
    }

    /// <summary>Asks the gate for the account.</summary>
    public async Task<Outcome<VisibleAccount>> FindAccount(ProfileAccess access, int memberLimit)
    {
        Outcome<string> groupId = GroupId();
        return groupId.Succeeded
            ? await access.GetAccount(Asker, groupId.Value, new AccountQuery(AfterMember: null, memberLimit))
            : groupId.Refusal;
    }

    /// <summary>The path of one of the profile's lists. It names a person by the customer's id, never by an identifier.</summary>
    /// <param name="list">The list's name.</param>
    /// <param name="owner">The customer's id, or the account's group id.</param>
    public string Url(string list, string owner) =>
        Accounts
            ? $"/v1/spaces/{Uri.EscapeDataString(Space)}/collections/accounts/profiles/{GroupIdType}:{Uri.EscapeDataString(owner)}/{list}"
            : $"/v1/spaces/{Uri.EscapeDataString(Space)}/collections/users/profiles/{AskedIdentifiers.CustomerType}:{owner}/{list}";

    /// <summary>A comma-separated list; null where the parameter is absent.</summary>
    public HashSet<string>? Names(string parameter)
    {
        string? text = QueryValues.Single(Query, parameter);
        return text
            ?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
    }
}

/// <summary>What only a user's profile has was asked of an account.</summary>
public sealed record UsersOnly()
    : Refusal("users_only", "Accounts do not have this list here; ask for their traits, external_ids or links.");
