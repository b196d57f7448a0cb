using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Reads the answers of HubSpot that are failures.</summary>
internal static class HubSpotFailures
{
    /// <summary>An account is being moved to another data centre.</summary>
    private const int Migrating = 477;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tenSeconds = TimeSpan.FromSeconds(10);

    /// <summary>The failure that an answer is; null where it is none. 207 is none: it says itself what it does not have.</summary>
    public static ReadFailure? Of(CrmAnswer answer, TimeSpan? utcOffset)
    {
        if (answer.IsSuccess)
        {
            return null;
        }

        using JsonDocument? body = answer.Parse();
        JsonElement error = body?.RootElement ?? default;
        var failure = new ReadFailure(FaultOf(answer.Status))
        {
            Code = ReadFailure.CodeOf(CrmJson.Text(error, "category")),
            RetryAfter = CrmHeaders.RetryAfterOf(answer),
        };
        if (failure.Fault != ReadFault.LimitReached)
        {
            return failure;
        }

        string? policy = CrmJson.Text(error, "policyName") ?? CrmJson.Text(error, "errorType");
        failure = failure with { Code = ReadFailure.CodeOf(policy) ?? failure.Code };
        return policy switch
        {
            "DAILY" => failure with { Fault = ReadFault.DailyLimitReached, UtcOffset = utcOffset },
            "SECONDLY" => failure with { Window = s_second },
            "TEN_SECONDLY_ROLLING" => failure with { Window = s_tenSeconds },
            _ => failure with { Window = CrmHeaders.IntervalOf(answer) ?? s_tenSeconds },
        };
    }

    private static ReadFault FaultOf(int status) =>
        status switch
        {
            401 => ReadFault.TokenRefused,
            403 => ReadFault.PermissionMissing,
            423 or Migrating => ReadFault.Locked,
            429 => ReadFault.LimitReached,
            408 => ReadFault.Unavailable,
            >= 300 and < 400 => ReadFault.Redirected,
            >= 400 and < 500 => ReadFault.RequestRefused,
            _ => ReadFault.Unavailable,
        };
}
