using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Reads the answers of Salesforce that are failures: a list of <c>{"errorCode","message"}</c>.</summary>
internal static class SalesforceFailures
{
    public const string LocatorInvalid = "INVALID_QUERY_LOCATOR";

    /// <summary>The failure that an answer is; null where it is none.</summary>
    public static ReadFailure? Of(CrmAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return null;
        }

        using JsonDocument? body = answer.Parse();
        JsonElement error = body?.RootElement switch
        {
            { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 => list[0],
            { } one => one,
            null => default,
        };
        string? code = ReadFailure.CodeOf(CrmJson.Text(error, "errorCode"));
        return new ReadFailure(FaultOf(answer.Status, code))
        {
            Code = code,
            RetryAfter = CrmHeaders.RetryAfterOf(answer),
        };
    }

    private static ReadFault FaultOf(int status, string? code) =>
        (status, code) switch
        {
            (401, _) or (_, "INVALID_SESSION_ID") => ReadFault.TokenRefused,
            (_, "REQUEST_LIMIT_EXCEEDED") => ReadFault.DailyLimitReached,
            (_, "UNABLE_TO_LOCK_ROW") => ReadFault.Locked,
            (_, "QUERY_TIMEOUT" or "SERVER_UNAVAILABLE") => ReadFault.Unavailable,
            (403, _) => ReadFault.PermissionMissing,
            (429, _) => ReadFault.LimitReached,
            (408, _) => ReadFault.Unavailable,
            (>= 300 and < 400, _) => ReadFault.Redirected,
            (>= 400 and < 500, _) => ReadFault.RequestRefused,
            _ => ReadFault.Unavailable,
        };
}
