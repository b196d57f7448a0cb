using Customer360.Api.Attribution;
using Customer360.Api.Changes;
using Customer360.Api.Console;
using Customer360.Api.Jobs;
using Customer360.Api.Keys;
using Customer360.Api.Mcp;
using Customer360.Api.Policies;
using Customer360.Api.Privacy;
using Customer360.Api.Profiles;
using Customer360.Api.Quarantine;
using Customer360.Api.Webhooks;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Accounts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Consent;
using Customer360.Rules.Crm.Verification;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Privacy.OpenDsr;
using Microsoft.AspNetCore.WebUtilities;

namespace Customer360.Api.Problems;

/// <summary>The one place that says what refusals and exceptions mean in HTTP.</summary>
public static class ProblemOf
{
    /// <summary>The code of a failure that only the operator can end.</summary>
    public const string Damaged = "storage_damaged";

    private const int RetrySeconds = 1;

    // Registered with IANA by draft-ietf-httpapi-ratelimit-headers-10.
    private const string QuotaType = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    /// <summary>The HTTP meaning of a refusal.</summary>
    public static Problem Refusal(Refusal refusal) =>
        refusal switch
        {
            KeyMissing or KeyUnknown or VerificationRefusal => Of(refusal, StatusCodes.Status401Unauthorized),
            RoleMissing or AccessWithheld or OriginForeign or RequestOfAnotherPage or KeySignInIsOff => Of(
                refusal,
                StatusCodes.Status403Forbidden
            ),
            NotFound or OpenDsrIsOff => Of(refusal, StatusCodes.Status404NotFound),
            KeyRefusal or CompanyRefusal => Of(refusal, StatusCodes.Status409Conflict),
            MergeUnknown => Of(refusal, StatusCodes.Status404NotFound),
            SplitIdentifierNotHeld or SplitOfEverything or MergeBroughtNothing => Of(
                refusal,
                StatusCodes.Status409Conflict
            ),
            MergeAlreadyUndone or MergeUnderLaterMerge => Of(refusal, StatusCodes.Status409Conflict),
            QuarantineRefusal => Of(refusal, StatusCodes.Status409Conflict),
            ConsentRequestReused or ConsentNotEvident => Of(refusal, StatusCodes.Status409Conflict),
            BodyTooSlow => Of(refusal, StatusCodes.Status408RequestTimeout),
            BodyTooLarge or MessageTooLarge => Of(refusal, StatusCodes.Status413PayloadTooLarge),
            JobUnderWay or JobHasEnded or JobNotFollowed => Of(refusal, StatusCodes.Status409Conflict),
            LeadNotOpen or LeadOfAnother or LeadNotOffered or LeadAccepted or LeadAttemptStale => Of(
                refusal,
                StatusCodes.Status409Conflict
            ),
            ProfilesAreOne => Of(refusal, StatusCodes.Status409Conflict),
            PrivacyConflict or PartStillFaulty => Of(refusal, StatusCodes.Status409Conflict),
            PolicyReplaced => Of(refusal, StatusCodes.Status412PreconditionFailed),
            PolicyOwnProposal => Of(refusal, StatusCodes.Status403Forbidden),
            PolicyTooManyProposals or PolicyApprovalNeeded or PolicyNotValidNow => Of(
                refusal,
                StatusCodes.Status409Conflict
            ),
            PolicyInvalid invalid => Of(refusal, StatusCodes.Status400BadRequest) with { Faults = invalid.Faults },
            OpenDsrInvalid invalid => Of(refusal, StatusCodes.Status400BadRequest) with
            {
                Faults = [.. invalid.Faults.Select(fault => new ConfigFault(1, fault.Reason, fault.Message))],
            },
            EncodingUnknown => Of(refusal, StatusCodes.Status415UnsupportedMediaType),
            StreamsTooMany many => Of(refusal, StatusCodes.Status429TooManyRequests, many.RetryAfterSeconds),
            TooBusy busy => Of(refusal, StatusCodes.Status429TooManyRequests, busy.RetryAfterSeconds),
            QuotaExceeded quota => Of(refusal, StatusCodes.Status429TooManyRequests, quota.RetryAfterSeconds) with
            {
                Type = QuotaType,
                ViolatedPolicies = [quota.Policy],
            },
            WrongKeysTooMany wrong => Of(refusal, StatusCodes.Status429TooManyRequests, wrong.RetryAfterSeconds),
            ReportTooLarge => Of(refusal, StatusCodes.Status503ServiceUnavailable),
            Unavailable away => Of(refusal, StatusCodes.Status503ServiceUnavailable, away.RetryAfterSeconds),
            _ => Of(refusal, StatusCodes.Status400BadRequest),
        };

    /// <summary>The HTTP meaning of an exception: an outage, a bad request that the server found, or a bug.</summary>
    public static Problem Exception(Exception exception) =>
        exception switch
        {
            // Before outages: to the platform a body that breaks off is an input that failed.
            BadHttpRequestException bad => Status(bad.StatusCode),
            _ when Outages.IsDamage(exception) => new Problem(
                StatusCodes.Status500InternalServerError,
                Damaged,
                "What this request needs is damaged in the store, and sending it again does not help: the operator must restore it, "
                    + "as GET /health/ready and the log say."
            ),
            _ when Outages.Is(exception) => Refusal(new Unavailable(RetrySeconds)),
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

    private static Problem Of(Refusal refusal, int status, int retryAfterSeconds = 0) =>
        new(status, refusal.Code, refusal.Message, retryAfterSeconds);
}
