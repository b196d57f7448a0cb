using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.Verification;

/// <summary>Why a request is not taken for its source's own. Nothing of it is kept.</summary>
public abstract record VerificationRefusal(string Code, string Message) : Refusal(Code, Message);

public sealed record SignatureMissing()
    : VerificationRefusal(
        "signature_missing",
        "The request has no signature or token where its source has to put one."
    );

public sealed record SignatureWrong()
    : VerificationRefusal("signature_wrong", "The signature or token is not the source's.");

/// <param name="WindowSeconds">How far the time of a request may be from now.</param>
public sealed record SignatureStale(int WindowSeconds)
    : VerificationRefusal(
        "signature_stale",
        $"The time of the request is missing, or over {WindowSeconds} seconds away from now."
    );

public sealed record SecretNotSet()
    : VerificationRefusal("secret_not_set", "The source has no secret here, so nothing can be proven to be its own.");
