using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Crm.Salesforce;

namespace Customer360.Rules.Crm.Reads;

/// <summary>The calls of Salesforce's REST API by which records are read.</summary>
/// <remarks>
/// All are queries that show deleted records, too (<c>queryAll</c>): only there a record says that it was deleted, and into which it
/// was merged.
/// </remarks>
internal static class SalesforceCalls
{
    /// <summary>A version that every organization has had for years, and has for years to come.</summary>
    public const string Root = "/services/data/v60.0";

    private const int NameLengthMax = 80;
    private const int LocatorLengthMax = 200;

    private static readonly ImmutableSortedDictionary<string, string> s_headers = ImmutableSortedDictionary<
        string,
        string
    >.Empty.Add("Sforce-Query-Options", "batchSize=200");

    /// <summary>What of a record says when it changed, and what became of it.</summary>
    private static readonly ImmutableArray<string> s_all = ["Id", "IsDeleted", "SystemModstamp"];

    private static readonly ImmutableArray<string> s_person =
    [
        "MasterRecordId",
        "FirstName",
        "LastName",
        "Name",
        "Email",
        "Phone",
        "MobilePhone",
        "Title",
        "LeadSource",
    ];

    private static readonly ImmutableDictionary<string, ImmutableArray<string>> s_fields = new Dictionary<
        string,
        ImmutableArray<string>
    >(StringComparer.Ordinal)
    {
        [SalesforceRecord.Contact] = [.. s_person, "AccountId"],
        [SalesforceRecord.Lead] =
        [
            .. s_person,
            "Company",
            "Industry",
            "Website",
            "NumberOfEmployees",
            "Status",
            "IsConverted",
            "ConvertedContactId",
            "ConvertedAccountId",
            "ConvertedOpportunityId",
        ],
        [SalesforceRecord.Account] =
        [
            "MasterRecordId",
            "Name",
            "Industry",
            "Website",
            "Phone",
            "NumberOfEmployees",
            "OwnerId",
            "ParentId",
            "BillingCountry",
        ],
        [SalesforceRecord.Opportunity] =
        [
            "AccountId",
            "Name",
            "StageName",
            "Amount",
            "CurrencyIsoCode",
            "CloseDate",
            "IsClosed",
            "IsWon",
            "Probability",
            "Type",
            "LeadSource",
            "OwnerId",
        ],
        [SalesforceRecord.ContactRole] = ["OpportunityId", "ContactId", "Role", "IsPrimary"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The fields of a kind of record that the token may read.</summary>
    public static CrmCall Describe(string kind) => new($"{Root}/sobjects/{kind}/describe");

    public static CrmCall ByIds(string kind, IEnumerable<string> ids, ImmutableArray<string> fields) =>
        Query(kind, fields, $"Id IN ({string.Join(',', ids.Select(id => $"'{id}'"))})");

    public static CrmCall Since(string kind, DateTimeOffset? since, ImmutableArray<string> fields) =>
        Query(
            kind,
            fields,
            since is { } time
                ? "SystemModstamp >= "
                    + time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : null
        );

    /// <summary>The page behind another; null where the locator is not of the API's form: a token is not sent just anywhere.</summary>
    public static CrmCall? Page(string locator) =>
        IsLocator(locator) ? new CrmCall(locator) { Headers = s_headers } : null;

    /// <summary>The fields that are asked for: the usual ones and the source's own, as far as the token may read them.</summary>
    public static ImmutableArray<string> FieldsOf(
        string kind,
        ImmutableArray<string> own,
        ImmutableHashSet<string> readable
    ) =>
        [
            .. s_all
                .Concat(s_fields.GetValueOrDefault(kind, []))
                .Concat(own.Where(IsName))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(readable.Contains),
        ];

    private static CrmCall Query(string kind, ImmutableArray<string> fields, string? where)
    {
        // Whom a deal is about stands in records of their own.
        string roles =
            kind == SalesforceRecord.Opportunity
                ? ",(SELECT ContactId, Role, IsPrimary FROM OpportunityContactRoles ORDER BY Id LIMIT 100)"
                : "";
        string query =
            $"SELECT {string.Join(',', fields)}{roles} FROM {kind}{(where is null ? "" : " WHERE " + where)} ORDER BY Id";
        return new CrmCall($"{Root}/queryAll?q={Uri.EscapeDataString(query)}") { Headers = s_headers };
    }

    private static bool IsLocator(string text) =>
        text.Length <= LocatorLengthMax
        && text.StartsWith("/services/data/v", StringComparison.Ordinal)
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '.' or '_')
        && !text.Contains("..", StringComparison.Ordinal)
        && !text.Contains("//", StringComparison.Ordinal);

    /// <summary>True of what may stand in a query: names come from a file.</summary>
    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetter(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
