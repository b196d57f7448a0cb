using Customer360.Api.Endpoints;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Microsoft.AspNetCore.WebUtilities;
using Orleans.Storage;

namespace Customer360.Api.Problems;

/// <summary>The one place that says what refusals and exceptions mean in HTTP.</summary>
public static class ProblemOf
{
    private const int RetrySeconds = 1;

    /// <summary>The HTTP meaning of a refusal.</summary>
    public static Problem Refusal(Refusal refusal) =>
        refusal switch
        {
            KeyMissing or KeyUnknown => Of(refusal, StatusCodes.Status401Unauthorized),
            RoleMissing => Of(refusal, StatusCodes.Status403Forbidden),
            NotFound => Of(refusal, StatusCodes.Status404NotFound),
            MergeUnknown => Of(refusal, StatusCodes.Status404NotFound),
            SplitIdentifierNotHeld or SplitOfEverything or MergeBroughtNothing => Of(
                refusal,
                StatusCodes.Status409Conflict
            ),
            MergeAlreadyUndone or MergeUnderLaterMerge => Of(refusal, StatusCodes.Status409Conflict),
            QuarantineRefusal => Of(refusal, StatusCodes.Status409Conflict),
            BodyTooSlow => Of(refusal, StatusCodes.Status408RequestTimeout),
            BodyTooLarge or MessageTooLarge => Of(refusal, StatusCodes.Status413PayloadTooLarge),
            JobUnderWay or JobHasEnded or JobNotFollowed => Of(refusal, StatusCodes.Status409Conflict),
            IdentityRulesChanged => Of(refusal, StatusCodes.Status412PreconditionFailed),
            IdentityRulesInvalid invalid => Of(refusal, StatusCodes.Status400BadRequest) with
            {
                Faults = invalid.Faults,
            },
            EncodingUnknown => Of(refusal, StatusCodes.Status415UnsupportedMediaType),
            TooBusy busy => Of(refusal, StatusCodes.Status429TooManyRequests, busy.RetryAfterSeconds),
            Unavailable away => Of(refusal, StatusCodes.Status503ServiceUnavailable, away.RetryAfterSeconds),
            ConfigurationInvalid invalid => Of(refusal, StatusCodes.Status400BadRequest) with
            {
                Faults = invalid.Errors,
            },
            _ => Of(refusal, StatusCodes.Status400BadRequest),
        };

    /// <summary>The HTTP meaning of an exception: an outage, a bad request that the server found, or a bug.</summary>
    public static Problem Exception(Exception exception) =>
        exception switch
        {
            _ when IsOutage(exception) => Refusal(new Unavailable(RetrySeconds)),
            BadHttpRequestException bad => Status(bad.StatusCode),
            _ => new Problem(
                StatusCodes.Status500InternalServerError,
                "internal_error",
                "Something went wrong here. It is recorded."
            ),
        };

    /// <summary>The HTTP meaning of a status that came without a word, from routing or the server.</summary>
    public static Problem Status(int status) =>
        status switch
        {
            StatusCodes.Status404NotFound => new Problem(status, "not_found", "There is nothing at this path."),
            StatusCodes.Status405MethodNotAllowed => new Problem(
                status,
                "method_not_allowed",
                "This path does not have that method; the header Allow names those it has."
            ),
            StatusCodes.Status408RequestTimeout => new Problem(status, "body_too_slow", "The body came too slowly."),
            StatusCodes.Status413PayloadTooLarge => new Problem(status, "body_too_large", "The body is too large."),
            _ => new Problem(status, "bad_request", $"{ReasonPhrases.GetReasonPhrase(status)}."),
        };

    /// <summary>
    /// True where another try may succeed. An activation that can't read its state reports that as the engine's own
    /// exception, around the storage's; a node that stops, is overwhelmed or lost a race says so by the exception's type.
    /// </summary>
    private static bool IsOutage(Exception exception) =>
        exception switch
        {
            StorageUnavailableException or TimeoutException => true,
            OrleansMessageRejectionException or LimitExceededException or InconsistentStateException => true,
            OrleansException { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };

    private static Problem Of(Refusal refusal, int status, int retryAfterSeconds = 0) =>
        new(status, refusal.Code, refusal.Message, retryAfterSeconds);
}
