using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Privacy;

/// <summary>What becomes of a decision's record in an erasure.</summary>
/// <param name="IsRemoved">It goes.</param>
/// <param name="Replaced">The record that stands under its id from now on; null: it stays as it is, or goes.</param>
public readonly record struct DecisionVerdict(bool IsRemoved, DecisionRecord? Replaced);

/// <summary>Says of each decision's record whether it stays. Asked by storage, by one thread at a time.</summary>
public interface IDecisionJudge
{
    DecisionVerdict Judge(DecisionRecord decision);
}

/// <summary>
/// Records of the erased customers alone go: their ids are made of identifiers, too. A record that another customer has a part in
/// stays without the erased identifiers, since it explains what became of the other.
/// </summary>
public sealed class DecisionErasure(ErasureTargets targets, IReadOnlySet<string> customers) : IDecisionJudge
{
    public DecisionVerdict Judge(DecisionRecord decision)
    {
        bool isOfErased = IsErased(decision.CustomerId);
        bool isOtherErased = decision.OtherCustomerId is null || IsErased(decision.OtherCustomerId);
        if (isOfErased && isOtherErased)
        {
            return new DecisionVerdict(IsRemoved: true, Replaced: null);
        }

        var payload = DecisionPayload.Read(decision.Payload);
        bool isShared = isOfErased || (decision.OtherCustomerId is { } other && IsErased(other));
        if (!isShared && !payload.Identifiers.Any(targets.Contains) && !targets.AreMentioned(decision.Payload.Span))
        {
            return default;
        }

        // A record about the erased identifiers alone has an id that is made of them.
        bool isOfIdentifier =
            decision.Kind is DecisionKinds.Demoted or DecisionKinds.Refused or DecisionKinds.Quarantined
            && payload.MergeId is null
            && payload.Identifiers.All(targets.Contains);
        return isOfIdentifier
            ? new DecisionVerdict(IsRemoved: true, Replaced: null)
            : new DecisionVerdict(
                IsRemoved: false,
                decision with
                {
                    Payload = (
                        payload with
                        {
                            MessageId = null,
                            Reason = payload.By is null ? payload.Reason : "erased",
                            Identifiers = [.. payload.Identifiers.Where(one => !targets.Contains(one))],
                        }
                    ).Write(),
                }
            );
    }

    /// <summary>An identifier that nobody owned stands in a customer's place.</summary>
    private bool IsErased(string customerId) => customers.Contains(customerId) || targets.ContainsText(customerId);
}
