using Customer360.Rules.Outcomes;

namespace Customer360.Api.Privacy;

/// <summary>Why a privacy request can't be taken or changed as it stands.</summary>
public abstract record PrivacyConflict(string Code, string Message) : Refusal(Code, Message);

public sealed record PrivacyRequestDiffers()
    : PrivacyConflict("request_differs", "A request of this id was taken before, and it asks for something else.");

public sealed record PrivacyRequestBegun()
    : PrivacyConflict("request_begun", "The request is being carried out, or is done: it can't be cancelled.");

public sealed record PrivacyNothingToDecide()
    : PrivacyConflict("nothing_to_decide", "The request does not ask who is meant.");

public sealed record PrivacyNotACandidate()
    : PrivacyConflict("not_a_candidate", "One of the customers is none that the request's identifiers lead to.");

public sealed record PrivacyNoPackage()
    : PrivacyConflict("no_package", "The request does not ask for a package, or is not done, or nobody was found.");

/// <param name="Known">Those of the policy.</param>
public sealed record PrivacyPurposeUnknown(string Known)
    : Refusal("unknown_purpose", $"The consent policy has no such purpose. Known: {Known}.");

public sealed record PrivacyNoPurposes()
    : Refusal(
        "purposes_missing",
        "Name the purposes that the person objects to: the consent policy has none with 'objection: default'."
    );

/// <summary>Of a rectification: a trait that is read as an identifier.</summary>
public sealed record PrivacyTraitIdentifies()
    : Refusal(
        "trait_identifies",
        "By one of these traits people are recognised, so putting it right could join two of them: send it as an identify, or split."
    );

public sealed record PrivacyNotErased()
    : PrivacyConflict(
        "not_erased",
        "Only what a finished erasure has suppressed, or a finished restriction has restricted, can be lifted."
    );

/// <summary>There is no OpenDSR here: no certificate is set.</summary>
public sealed record OpenDsrIsOff() : Refusal("not_found", "There is nothing at this path.");
