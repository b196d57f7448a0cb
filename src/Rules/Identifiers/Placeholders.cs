using System.Collections.Frozen;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// What senders write where they have no id: the one memory of it, for people, devices, accounts and messages. A
/// placeholder that is taken for an id joins thousands of strangers in one customer, or loses all messages but the first.
/// </summary>
/// <remarks>
/// Compared without case: no system that numbers its users tells <c>Null</c> from <c>null</c>. What an operator finds beside
/// these goes into <c>blocked</c> of the identity rules.
/// </remarks>
public static class Placeholders
{
    /// <summary>How languages, formats and databases print nothing.</summary>
    private static readonly string[] s_nothing =
    [
        "null",
        "#null!",
        "null null",
        "dbnull",
        "system.dbnull",
        "nullptr",
        "nil",
        "%!s(<nil>)",
        "optional(nil)",
        "none",
        "nonetype",
        "undefined",
        "undefined undefined",
        "void 0",
        "nan",
        "nat",
        "inf",
        "-inf",
        "infinity",
        "-infinity",
        "1.#qnan",
        "-1.#ind",
        "na",
        "n/a",
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "\\n",
        "true",
        "false",
        "-1",
        "invalid date",
    ];

    /// <summary>How SDKs, forms and reports say that somebody is not known.</summary>
    private static readonly string[] s_nobody =
    [
        "anonymous",
        "anonymous user",
        "anon",
        "guest",
        "unknown",
        "not_authenticated",
        "not authenticated",
        "unauthenticated",
        "not set",
        "not_set",
        "unset",
        "not provided",
        "not available",
        "not_available",
        "not applicable",
        "not_applicable",
        "empty",
        "blank",
        "missing",
        "no one",
        "noone",
        "no_id",
        "no id",
        "no_user",
        "noemail",
        "no_email",
        "no-email",
        "nomail",
        "redacted",
        "anonymized",
        "anonymised",
        "masked",
    ];

    /// <summary>A field's name where its value should be: a template was sent as it is, or two arguments were swapped.</summary>
    private static readonly string[] s_fieldNames =
    [
        "id",
        "_id",
        "uid",
        "uuid",
        "guid",
        "udid",
        "user",
        "userid",
        "user_id",
        "user-id",
        "user.id",
        "anonymousid",
        "anonymous_id",
        "anonymous-id",
        "anonymous.id",
        "distinctid",
        "distinct_id",
        "previousid",
        "previous_id",
        "groupid",
        "group_id",
        "messageid",
        "message_id",
        "externalid",
        "external_id",
        "deviceid",
        "device_id",
        "device.id",
        "advertisingid",
        "advertising_id",
        "android_id",
        "android.id",
        "android.idfa",
        "ios.id",
        "ios.idfa",
        "idfa",
        "idfv",
        "gaid",
        "aaid",
        "token",
        "devicetoken",
        "device_token",
        "push_token",
        "clientid",
        "client_id",
        "ga_client_id",
        "customerid",
        "customer_id",
        "contactid",
        "contact_id",
        "accountid",
        "account_id",
        "sessionid",
        "session_id",
        "visitorid",
        "visitor_id",
        "personid",
        "person_id",
        "profileid",
        "profile_id",
        "memberid",
        "member_id",
        "subscriberid",
        "subscriber_id",
        "leadid",
        "lead_id",
        "companyid",
        "company_id",
        "organizationid",
        "organization_id",
        "orgid",
        "org_id",
        "tenantid",
        "tenant_id",
        "workspaceid",
        "workspace_id",
        "teamid",
        "team_id",
        // The cookies in which SDKs keep their ids.
        "ajs_user_id",
        "ajs_anonymous_id",
        "ajs_group_id",
        "rl_user_id",
        "rl_anonymous_id",
        "rl_group_id",
        "email",
        "e-mail",
        "phone",
        "username",
        "user_name",
        "string",
    ];

    /// <summary>Ids that whole series of devices, emulators and libraries share.</summary>
    private static readonly string[] s_sharedDevices =
    [
        // Android 2.2 of many makers; every SDK passes it over.
        "9774d56d682e549c",
        // Emulators' and test sets' hardware numbers.
        "004999010640000",
        "012345678912345",
        "358240051111110",
        "123456789012345",
        "0123456789abcdef",
        "dead00beef",
        "unknown_device",
        "emulator",
        "simulator",
        "sdk",
        // What Android 6, iOS 7 and later answer when asked for a network address.
        "02:00:00:00:00:00",
        "020000000000",
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "ffffffffffff",
        // The greatest UUID, and those of documentation.
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "ffffffffffffffffffffffffffffffff",
        "01234567-89ab-cdef-0123-456789abcdef",
        "12345678-1234-1234-1234-123456789012",
        "12345678-1234-1234-1234-123456789abc",
        "12345678-1234-5678-1234-567812345678",
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx",
    ];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_known = s_nothing
        .Concat(s_nobody)
        .Concat(s_fieldNames)
        .Concat(s_sharedDevices)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int s_lengthMax = s_known.Set.Max(value => value.Length);

    private static readonly (char Begin, char End)[] s_quotes =
    [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u201C', '\u201D'),
        ('\u2018', '\u2019'),
    ];

    private static readonly (char Begin, char End)[] s_brackets =
    [
        ('<', '>'),
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('%', '%'),
    ];

    /// <summary>A template's variable that nobody filled in: <c>{{user_id}}</c>, <c>${id}</c>, <c>%%ID%%</c>.</summary>
    private static readonly (string Begin, string End)[] s_templates =
    [
        ("{{", "}}"),
        ("${", "}"),
        ("#{", "}"),
        ("{%", "%}"),
        ("<%", "%>"),
        ("%%", "%%"),
        ("[[", "]]"),
        ("*|", "|*"),
    ];

    /// <summary>
    /// True for a value that names nobody: one of the lists, bare or between quotes or brackets, a blank one, one of zeros and
    /// hyphens only, a JavaScript object that was printed, a template's variable.
    /// </summary>
    /// <param name="id">As <see cref="IdText"/> gives it.</param>
    public static bool Contains(string id)
    {
        ReadOnlySpan<char> bare = Inside(id, s_quotes);
        return IsKnown(Inside(bare, s_brackets)) || IsPrintedObject(bare) || IsTemplate(bare);
    }

    /// <summary>An address that two placeholders make: <c>null@null.com</c>, <c>undefined@undefined</c>.</summary>
    /// <param name="address">In normal form.</param>
    public static bool ContainsAddress(string address)
    {
        int at = address.IndexOf('@', StringComparison.Ordinal);
        ReadOnlySpan<char> domain = address.AsSpan(at + 1);
        int dot = domain.IndexOf('.');
        return IsWord(address.AsSpan(0, at)) && IsWord(dot < 0 ? domain : domain[..dot]);

        static bool IsWord(ReadOnlySpan<char> word) => word.Length <= s_lengthMax && s_known.Contains(word);
    }

    private static bool IsKnown(ReadOnlySpan<char> bare) =>
        bare.IndexOfAnyExcept("0-:") < 0 || (bare.Length <= s_lengthMax && s_known.Contains(bare));

    /// <summary>What stands between pairs of these characters, however many there are.</summary>
    private static ReadOnlySpan<char> Inside(ReadOnlySpan<char> value, (char Begin, char End)[] pairs)
    {
        while (value.Length >= 2 && pairs.Contains((value[0], value[^1])))
        {
            value = value[1..^1].Trim();
        }

        return value;
    }

    private static bool IsPrintedObject(ReadOnlySpan<char> value) =>
        value.Length > 9 && value[^1] == ']' && value.StartsWith("[object ", StringComparison.OrdinalIgnoreCase);

    private static bool IsTemplate(ReadOnlySpan<char> value)
    {
        if (value.Length < 3 || char.IsAsciiLetterOrDigit(value[0]))
        {
            return false;
        }

        foreach ((string begin, string end) in s_templates)
        {
            if (
                value.Length >= begin.Length + end.Length
                && value.StartsWith(begin, StringComparison.Ordinal)
                && value.EndsWith(end, StringComparison.Ordinal)
            )
            {
                return true;
            }
        }

        return false;
    }
}
