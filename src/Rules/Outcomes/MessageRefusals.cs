using Customer360.Rules.Contracts;

namespace Customer360.Rules.Outcomes;

/// <summary>Why one message of a request is not taken. Permanently bad: sending it again changes nothing.</summary>
public abstract record MessageRefusal(string Code, string Message) : Refusal(Code, Message);

public sealed record MessageNotAnObject() : MessageRefusal("invalid_message", "A message must be a JSON object.");

public sealed record MessageTypeUnknown()
    : MessageRefusal("unknown_type", "The type of a message must be identify, track, page, screen, group or alias.");

public sealed record MessageHasNoIdentifier()
    : MessageRefusal(
        "no_user_anon_id",
        "A message needs a userId, an anonymousId or another identifier that is not blocked."
    );

public sealed record MessageTooLarge() : MessageRefusal("message_too_large", "A message may have 32 KB at most.");

public sealed record MessageTooDeep()
    : MessageRefusal("message_too_deep", "The message is nested deeper than a body may be.");

public sealed record MessageFieldInvalid(string Field, string Rule)
    : MessageRefusal("invalid_field", $"The field '{Field}' is not valid: {Rule}.");

/// <param name="Judgement">Which contract, and what of it the message does not keep.</param>
public sealed record ContractViolated(ContractJudgement Judgement)
    : MessageRefusal(
        ContractViolations.Reason,
        "The message does not keep its contract: "
            + string.Join(", ", Judgement.Violations.Select(one => $"{one.Path} {one.Kind}".TrimStart()))
            + "."
    );
