using System.Globalization;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;

namespace Customer360.Rules.Accounts;

/// <summary>
/// Ids of companies: <c>g:</c> and the group id of the company that a group is by itself, <c>s</c>, two digits, a colon and 32 hexadecimal
/// digits of one that a split has made. Their order says which is older: merges go from the younger to the older one only, so that calls
/// can't form a circle.
/// </summary>
public static class CompanyId
{
    /// <summary>The type of the identifiers that companies hold: group ids.</summary>
    public const string GroupType = "group";

    private const string Own = "g:";
    private const string Split = "s";

    /// <summary>Splits of splits of splits that can be told apart.</summary>
    private const int DepthMax = 99;

    /// <summary>The company that a group is while nothing has joined it with another.</summary>
    public static string Of(string groupId) => Own + groupId;

    public static Identifier GroupOf(string groupId) => Identifier.Create(GroupType, groupId);

    /// <summary>The group that a company is by itself; null where a split has made it.</summary>
    public static string? GroupIn(string companyId) =>
        companyId.StartsWith(Own, StringComparison.Ordinal) ? companyId[Own.Length..] : null;

    /// <summary>The id of what a split takes away from a company: younger than that one. Null where it has been split too often.</summary>
    public static string? ForSplit(string splitId, string from)
    {
        int depth = GroupIn(from) is null ? int.Parse(from.AsSpan(1, 2), CultureInfo.InvariantCulture) + 1 : 1;
        return depth > DepthMax
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Split}{depth:d2}:{DecisionId.Of("company", splitId)[2..]}"
            );
    }

    public static bool IsOlder(string one, string other) => string.CompareOrdinal(one, other) < 0;
}
