using System.Collections.Immutable;

namespace Customer360.Rules.Crm;

/// <summary>
/// What a CRM's fields are called in profiles: the words that other sources use for them, so that a field has one name and the
/// mastership policy can compare what each source says of it. A field without an entry keeps its name.
/// </summary>
public sealed class CrmFieldNames
{
    private readonly ImmutableDictionary<string, string> _names;

    private CrmFieldNames(ImmutableDictionary<string, string> names) => _names = names;

    public static CrmFieldNames HubSpot { get; } =
        Of(
            ("closedate", "closeDate"),
            ("deal_currency_code", "currency"),
            ("dealname", "name"),
            ("dealstage", "stage"),
            ("firstname", "firstName"),
            ("hs_is_closed", "isClosed"),
            ("hs_is_closed_won", "isWon"),
            ("hs_parent_company_id", "parentId"),
            ("hubspot_owner_id", "ownerId"),
            ("jobtitle", "title"),
            ("lastname", "lastName"),
            ("mobilephone", "mobilePhone"),
            ("numberofemployees", "employees")
        );

    public static CrmFieldNames Salesforce { get; } =
        Of(
            ("Amount", "amount"),
            ("BillingCountry", "country"),
            ("CloseDate", "closeDate"),
            ("Company", "companyName"),
            ("CurrencyIsoCode", "currency"),
            ("Email", "email"),
            ("FirstName", "firstName"),
            ("Industry", "industry"),
            ("IsClosed", "isClosed"),
            ("IsWon", "isWon"),
            ("LastName", "lastName"),
            ("LeadSource", "leadSource"),
            ("MobilePhone", "mobilePhone"),
            ("Name", "name"),
            ("NumberOfEmployees", "employees"),
            ("OwnerId", "ownerId"),
            ("ParentId", "parentId"),
            ("Phone", "phone"),
            ("StageName", "stage"),
            ("Title", "title"),
            ("Website", "website")
        );

    public static CrmFieldNames None { get; } = Of();

    /// <summary>The name in profiles; null where the field is left out.</summary>
    public string? Find(string field)
    {
        string name = _names.GetValueOrDefault(field, field);
        return name.Length == 0 ? null : name;
    }

    /// <summary>The CRM's names of the fields that a source names itself and keeps: they are read beside the usual ones.</summary>
    public ImmutableArray<string> Own { get; private init; } = [];

    /// <summary>These and more, which count before them.</summary>
    /// <param name="names">By the CRM's name; an empty one leaves the field out.</param>
    public CrmFieldNames With(IEnumerable<KeyValuePair<string, string>> names)
    {
        KeyValuePair<string, string>[] more = [.. names];
        return new CrmFieldNames(_names.SetItems(more))
        {
            Own =
            [
                .. Own.Concat(more.Where(one => one.Value.Length > 0).Select(one => one.Key))
                    .Distinct(StringComparer.Ordinal),
            ],
        };
    }

    private static CrmFieldNames Of(params (string Field, string Name)[] names) =>
        new(names.ToImmutableDictionary(one => one.Field, one => one.Name, StringComparer.Ordinal));
}
