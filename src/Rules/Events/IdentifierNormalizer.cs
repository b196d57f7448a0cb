using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Identifiers;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Events;

/// <summary>
/// Why a value that stands in an identifier's place is none. The code is what receipts and envelopes hold.
/// </summary>
public static class BlockedReasons
{
    /// <summary>A placeholder (<see cref="Placeholders"/>), or what the rules block.</summary>
    public const string IllegalValue = "illegal_value";

    /// <summary>Longer than <see cref="IdentifierNormalizer.LengthMax"/> characters.</summary>
    public const string TooLong = "too_long";

    /// <summary>Not an e-mail address.</summary>
    public const string InvalidEmail = "invalid_email";

    /// <summary>Not a phone number that E.164 could write.</summary>
    public const string InvalidPhone = "invalid_phone";

    /// <summary>It is neither a text nor a number.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>Holds a line break or a tab, or a character that was lost on the way.</summary>
    public const string InvalidText = "invalid_text";

    /// <summary>The message holds more identifiers than are read from one.</summary>
    public const string TooMany = "too_many";
}

/// <summary>
/// Brings an identifier's value to the form in which two values are the same exactly when their characters are. Bringing
/// what is in that form to it again changes nothing.
/// </summary>
/// <remarks>
/// What this says is part of <see cref="ReadingVersion"/>: whoever changes it raises the number there, since messages that
/// are stored may have other anchors by it.
/// </remarks>
public static class IdentifierNormalizer
{
    /// <summary>
    /// Characters of a value at most. A longer one is a mistake (a token, a document), and would be a grain's key.
    /// </summary>
    public const int LengthMax = 500;

    /// <summary>The value in normal form; null, and the reason, where it is no identifier.</summary>
    public static string? Normalize(
        string value,
        IdentifierRule rule,
        IdentityRules rules,
        IPhoneNumbers phones,
        out string reason
    )
    {
        string id = IdText.Of(value);
        if (Fault(id, rules, LengthMax) is { } fault)
        {
            reason = fault;
            return null;
        }

        reason = BlockedReasons.IllegalValue;
        string? normal;
        switch (rule.Normalisation)
        {
            case Normalisation.Phone:
                reason = BlockedReasons.InvalidPhone;
                normal = PhoneText.Of(id, rules.DefaultRegion, phones);
                break;
            case Normalisation.Email:
                normal = EmailText.Of(id);
                reason = normal is null ? BlockedReasons.InvalidEmail : reason;
                normal = normal is not null && Placeholders.ContainsAddress(normal) ? null : normal;
                break;
            default:
                normal = InCase(OfRecord(rule.Type, id), rule.Normalisation);
                break;
        }

        if (normal is null)
        {
            return null;
        }

        reason = BlockedReasons.IllegalValue;
        return rule.Blocked.Contains(normal) ? null : normal;
    }

    /// <summary>An account's id, or null and the reason; its spelling is that of every id, its case counts.</summary>
    public static string? NormalizeGroup(string value, IdentityRules rules, out string reason)
    {
        string id = IdText.Of(value);
        string? fault = Fault(id, rules, LengthMax);
        reason = fault ?? "";
        return fault is null ? OfCompany(id) : null;
    }

    /// <summary>Ids of Salesforce's records have 15 or 18 characters and are one id: that of 18, as its webhooks are read.</summary>
    private static string OfRecord(string type, string id) =>
        type is CrmIdentifiers.SalesforceContact or CrmIdentifiers.SalesforceLead or CrmIdentifiers.SalesforceAccount
        && SalesforceId.TryNormalize(id, out string? normal)
            ? normal
            : id;

    /// <summary>The same of a company's group id, <c>salesforce.account:001…</c>.</summary>
    private static string OfCompany(string id)
    {
        const string Prefix = CrmIdentifiers.SalesforceAccount + ":";
        return id.StartsWith(Prefix, StringComparison.Ordinal)
            ? Prefix + OfRecord(CrmIdentifiers.SalesforceAccount, id[Prefix.Length..])
            : id;
    }

    /// <summary>True of a value that values of this normalisation may be equal to.</summary>
    /// <remarks>
    /// Asked of rules, which are stored: so of a phone number the form only. Which numbers are given out changes with the
    /// library, and rules that were valid must stay so.
    /// </remarks>
    internal static bool IsNormal(string value, Normalisation normalisation) =>
        normalisation switch
        {
            Normalisation.Phone => PhoneText.IsE164(value),
            // As far as every release agreed: what looks alike to a person may have another spelling today, and is looked for
            // in that (BlockedOfType).
            Normalisation.Email => EmailText.Of(IdText.Of(value)) is not null && IsIn(value, Normalisation.LowerCase),
            _ => IsIn(value, normalisation),
        };

    /// <summary>A value of rules as it is compared.</summary>
    internal static string NormalOf(string value, Normalisation normalisation) =>
        normalisation switch
        {
            Normalisation.Phone => value,
            Normalisation.Email => EmailText.Of(IdText.Of(value)) ?? value,
            _ => InCase(IdText.Of(value), normalisation),
        };

    private static bool IsIn(string value, Normalisation normalisation) =>
        value.Length > 0
        && value == value.Trim()
        && (
            normalisation == Normalisation.Exact
            || string.Equals(value, value.ToLowerInvariant(), StringComparison.Ordinal)
        );

    private static string InCase(string id, Normalisation normalisation) =>
        normalisation == Normalisation.Exact ? id : UnicodeComposition.Compose(id.ToLowerInvariant());

    private static string? Fault(string id, IdentityRules rules, int lengthMax)
    {
        if (Placeholders.Contains(id) || rules.Blocked.IsBlocked(id))
        {
            return BlockedReasons.IllegalValue;
        }

        return id.Length > lengthMax ? BlockedReasons.TooLong
            : IdText.IsDamaged(id) ? BlockedReasons.InvalidText
            : null;
    }
}
