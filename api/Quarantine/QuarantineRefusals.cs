using Customer360.Rules.Outcomes;

namespace Customer360.Api.Quarantine;

/// <summary>Why a quarantine can't be changed as asked; each means 409.</summary>
public abstract record QuarantineRefusal(string Code, string Message) : Refusal(Code, Message);

public sealed record NotQuarantined()
    : QuarantineRefusal("not_quarantined", "The identifier is known, and not in quarantine.");

/// <param name="Reason">The name of the error's type.</param>
public sealed record StillFailing(string Reason)
    : QuarantineRefusal("still_failing", $"The message could not be applied this time either ({Reason}). It stays.");
