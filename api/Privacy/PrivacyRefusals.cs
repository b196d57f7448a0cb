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

/// <summary>The program knows the word and does not do it.</summary>
public sealed record PrivacyKindNotKnown()
    : Refusal("type_not_supported", "Requests of type access, portability and erasure are carried out here.");

public sealed record PrivacyNotErased()
    : PrivacyConflict("not_erased", "Only what a finished erasure has suppressed can be lifted.");
