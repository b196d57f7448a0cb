using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary>What became of one identifier of a message.</summary>
/// <param name="Type">The identifier's type.</param>
/// <param name="Value">Its normalized value; null where it was blocked (the value stays in the message only).</param>
/// <param name="Outcome">One of the constants here.</param>
/// <param name="Because">Why, where it was not linked; null where nothing more is known.</param>
public sealed record IdentifierOutcome(string Type, string? Value, string Outcome, string? Because)
{
    /// <summary>The message's customer holds it.</summary>
    public const string Linked = "linked";

    /// <summary>Left out, since a limit would have been broken.</summary>
    public const string Demoted = "demoted";

    /// <summary>It stood in an identifier's place and is none.</summary>
    public const string Blocked = "blocked";

    /// <summary>It would have merged two customers into one over a limit.</summary>
    public const string OverLimit = "over_limit";

    /// <summary>It gathers too many: it links nobody for now.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>Another customer holds it, or a decision took it from this one.</summary>
    public const string Declined = "declined";

    /// <summary>The message waits for its decision.</summary>
    public const string Pending = "pending";

    /// <summary>What became of a value that is no identifier.</summary>
    public static IdentifierOutcome Of(BlockedIdentifier blocked) => new(blocked.Type, null, Blocked, blocked.Reason);

    /// <summary>
    /// What became of an identifier, from who holds it now and what was decided: the last decision that names it and
    /// gave it to nobody says why it is not linked.
    /// </summary>
    /// <param name="identifier">Of the message.</param>
    /// <param name="isHeld">The message's customer holds it.</param>
    /// <param name="isSettled">Everything that the message asks for has been decided.</param>
    /// <param name="history">The customer's decisions, at least those that name the identifier, in any order.</param>
    public static IdentifierOutcome Of(
        Identifier identifier,
        bool isHeld,
        bool isSettled,
        IEnumerable<DecisionRecord> history
    )
    {
        if (isHeld)
        {
            return new IdentifierOutcome(identifier.Type, identifier.Value, Linked, null);
        }

        DecisionRecord? last = history
            .Where(decision =>
                decision.Kind is not (DecisionKinds.Created or DecisionKinds.Linked or DecisionKinds.Merged)
            )
            .Where(decision => DecisionPayload.Read(decision.Payload).Mentions([identifier]))
            .MaxBy(HistoryPlace.Of);
        if (last is null or { Kind: DecisionKinds.Released })
        {
            return new IdentifierOutcome(identifier.Type, identifier.Value, isSettled ? Declined : Pending, null);
        }

        var payload = DecisionPayload.Read(last.Payload);
        return new IdentifierOutcome(identifier.Type, identifier.Value, OutcomeOf(last.Kind, payload), payload.Because);
    }

    private static string OutcomeOf(string kind, DecisionPayload payload) =>
        kind switch
        {
            DecisionKinds.Demoted => Demoted,
            DecisionKinds.Quarantined => Quarantined,
            DecisionKinds.Refused when payload.Reason == MergeRefusal.OverLimit.Code => OverLimit,
            _ => Declined,
        };
}
