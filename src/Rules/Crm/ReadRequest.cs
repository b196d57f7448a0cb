namespace Customer360.Rules.Crm;

/// <summary>Why a record has to be read from the CRM.</summary>
public enum ReadReason
{
    /// <summary>It is new, and the notice holds no values.</summary>
    Created = 1,

    /// <summary>It is back.</summary>
    Restored = 2,

    /// <summary>Others were merged into it, and its values may have changed without a notice.</summary>
    Merged = 3,

    /// <summary>It is gone. It may live on in another, into which it was merged.</summary>
    Deleted = 4,

    /// <summary>It changed, and the notice does not say enough.</summary>
    Changed = 5,

    /// <summary>The CRM could not tell what changed.</summary>
    Gap = 6,

    /// <summary>Too much changed at once: every record of the kind has to be read.</summary>
    Overflow = 7,
}

/// <summary>A record that has to be read from the CRM, since its notice does not say enough.</summary>
/// <param name="Object">The kind of record, as the CRM names it: <c>contact</c>, <c>Opportunity</c>.</param>
/// <param name="Id">The record; null: all of the kind that changed since <paramref name="At"/>.</param>
/// <param name="At">When it changed, by the CRM's clock; null: the notice does not say.</param>
public sealed record ReadRequest(string Object, string? Id, ReadReason Reason, DateTimeOffset? At)
{
    /// <summary>The account of the CRM (HubSpot's portal), where one address takes the notices of several.</summary>
    public string? Account { get; init; }

    /// <summary>By what the person is known whose record it is; null: it is a company's or a deal's, or of many.</summary>
    public CrmId? Person =>
        (Object, Id) switch
        {
            (_, null) => null,
            ("contact", _) => new CrmId(CrmIdentifiers.HubSpotContact, Account is null ? Id : $"{Account}:{Id}"),
            ("Contact", _) => new CrmId(CrmIdentifiers.SalesforceContact, Id),
            ("Lead", _) => new CrmId(CrmIdentifiers.SalesforceLead, Id),
            _ => null,
        };
}

/// <summary>A person who asked the CRM to be forgotten, and so has to be forgotten here.</summary>
/// <param name="Person">By the id of the CRM's record.</param>
/// <param name="Key">Made of the record, so that a repeat is the same request.</param>
public sealed record ErasureCall(CrmId Person, string Key);
