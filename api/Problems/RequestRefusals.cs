using Customer360.Rules.Outcomes;

namespace Customer360.Api.Problems;

/// <summary>Why a whole request is refused. What each means in HTTP stands in <see cref="ProblemOf"/>.</summary>
public abstract record RequestRefusal(string Code, string Message) : Refusal(Code, Message);

public sealed record KeyMissing() : RequestRefusal("key_missing", "The request has no key.");

public sealed record KeyUnknown() : RequestRefusal("key_unknown", "The key is not known.");

/// <summary>So many wrong keys came from one network that the next ones are put off.</summary>
public sealed record WrongKeysTooMany(int RetryAfterSeconds)
    : RequestRefusal(
        "too_many_wrong_keys",
        "Too many wrong keys came from here. The key of this request is not known."
    );

/// <summary>The caller has sent as much as it may in a window of time.</summary>
/// <param name="Policy">The window: <c>minute</c> or <c>day</c>.</param>
public sealed record QuotaExceeded(int RetryAfterSeconds, string Policy)
    : RequestRefusal("quota_exceeded", $"The caller has sent as many requests as it may in this {Policy}.");

public sealed record RoleMissing() : RequestRefusal("role_missing", "The key does not have the role that this needs.");

public sealed record BodyNotJson(string Rule) : RequestRefusal("invalid_json", $"The body must be JSON: {Rule}.");

public sealed record BodyTooLarge(int BytesMax)
    : RequestRefusal("body_too_large", $"A body may have {BytesMax} bytes at most, unpacked.");

public sealed record BodyTooSlow(TimeSpan TimeMax)
    : RequestRefusal("body_too_slow", $"A body must arrive within {TimeMax.TotalSeconds:0} seconds.");

public sealed record BodyBadlySent() : RequestRefusal("bad_body", "The body can't be read as it was sent.");

public sealed record HeaderInvalid(string Name) : RequestRefusal("invalid_header", $"The header {Name} is not valid.");

public sealed record BodyBadlyPacked() : RequestRefusal("invalid_encoding", "The body is not what its encoding says.");

public sealed record EncodingUnknown()
    : RequestRefusal("unknown_encoding", "The encoding of a body must be gzip, or there must be none.");

public sealed record BatchMissing()
    : RequestRefusal("batch_missing", "The body must be an object whose batch is an array of messages.");

public sealed record BatchEmpty() : RequestRefusal("batch_empty", "The batch holds no message.");

public sealed record ParameterInvalid(string Name, string Rule)
    : RequestRefusal("invalid_parameter", $"The parameter '{Name}' is not valid: {Rule}.");

public sealed record NotFound(string What) : RequestRefusal("not_found", $"There is no such {What}.");

/// <summary>The process has as much under way as it takes. Nothing of the request was taken.</summary>
public sealed record TooBusy(int RetryAfterSeconds)
    : RequestRefusal("too_many_requests", "Too much is under way. Nothing was taken; send it again later.");

/// <summary>Storage or a grain does not answer. Whether something was taken is not known; a repeat is recognised.</summary>
public sealed record Unavailable(int RetryAfterSeconds)
    : RequestRefusal("unavailable", "The service can't do this right now. Send it again later.");
