using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Why records could not be read.</summary>
public enum ReadFault
{
    /// <summary>The CRM does not take the token. Nothing is asked any more until the program is started with another.</summary>
    TokenRefused = 1,

    /// <summary>The token may not read records of the kind.</summary>
    PermissionMissing = 2,

    /// <summary>The token is another account's than the one that the records are of.</summary>
    AccountOther = 3,

    /// <summary>Too many calls within seconds.</summary>
    LimitReached = 4,

    /// <summary>The calls of the day are used up.</summary>
    DailyLimitReached = 5,

    /// <summary>The records are being written, or the account is being moved.</summary>
    Locked = 6,

    /// <summary>The CRM can't be reached, does not answer in time, or says that it is at fault.</summary>
    Unavailable = 7,

    /// <summary>The CRM says that the call is wrong.</summary>
    RequestRefused = 8,

    /// <summary>The answer is not of the CRM's form.</summary>
    AnswerUnreadable = 9,

    /// <summary>The answer is larger than one may be.</summary>
    AnswerTooLarge = 10,

    /// <summary>The CRM sends the caller elsewhere, where a token is not sent.</summary>
    Redirected = 11,

    /// <summary>The policies in force refuse what a record comes to.</summary>
    MessageRefused = 12,

    /// <summary>This grid could not store what was read.</summary>
    NotStored = 13,
}

/// <summary>The faults by the names under which they are shown: <c>token_refused</c>.</summary>
public static class ReadFaultNames
{
    public static string Of(ReadFault fault) => JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.ToString());
}

/// <summary>A failure, with what says when to come again.</summary>
public sealed record ReadFailure(ReadFault Fault)
{
    private const int CodeLengthMax = 60;

    /// <summary>The CRM's name for it, <c>INVALID_FIELD</c>, or a refusal's of this grid. Never a message, which may hold values.</summary>
    public string? Code { get; init; }

    /// <summary>How long the CRM says to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The window of the limit that was reached.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>How far the clock of the CRM's account is from UTC: its day begins at its midnight.</summary>
    public TimeSpan? UtcOffset { get; init; }

    /// <summary>A name that may be shown: capitals and underscores, as both CRMs write theirs; else null.</summary>
    public static string? CodeOf(string? text) =>
        text is { Length: > 0 and <= CodeLengthMax }
        && text.All(letter => char.IsAsciiLetterUpper(letter) || letter == '_')
            ? text
            : null;
}
