using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Decisions;

/// <summary>What asked a customer to take identifiers on.</summary>
/// <param name="At">The message's time.</param>
/// <param name="RuleVersion">The rules by which it was decided; others may be in force when it is carried out.</param>
/// <param name="JobId">The cut-over that asks for it, or null.</param>
public sealed record LinkCause(string MessageId, string Source, DateTimeOffset At, string RuleVersion, string? JobId);

/// <summary>
/// Makes the records of identity's decisions, one method a kind. Each id is derived from what the record is about.
/// </summary>
public static class DecisionRecords
{
    /// <summary>Why a job does what it does; the record names the job.</summary>
    private const string CutOver = "the whole log, decided by these rules, says so";

    /// <summary>The customer was created by, or took identifiers on from, a message.</summary>
    public static DecisionRecord Linked(
        bool created,
        string customerId,
        ImmutableArray<Identifier> identifiers,
        LinkCause cause
    )
    {
        string kind = created ? DecisionKinds.Created : DecisionKinds.Linked;
        return Record(
            DecisionId.Of(kind, customerId, cause.JobId ?? cause.MessageId, string.Join('\n', identifiers)),
            kind,
            customerId,
            null,
            cause.At,
            new DecisionPayload
            {
                MessageId = cause.MessageId,
                Source = cause.Source,
                RuleVersion = cause.RuleVersion,
                Because =
                    cause.JobId is not null ? CutOver
                    : created ? "no identifier of the message was known"
                    : "the message carries them together",
                JobId = cause.JobId,
                Identifiers = identifiers,
            }
        );
    }

    /// <summary>A younger customer's state went into an older one.</summary>
    public static DecisionRecord Merged(
        string into,
        string from,
        MergeUnderWay merge,
        ImmutableArray<Identifier> identifiers
    ) =>
        Record(
            merge.MergeId,
            DecisionKinds.Merged,
            into,
            from,
            merge.At,
            new DecisionPayload
            {
                MessageId = merge.MessageId,
                Source = merge.Source,
                RuleVersion = merge.RuleVersion,
                Because = merge.JobId is null
                    ? "the message carries identifiers of both and every limit allows it"
                    : CutOver,
                JobId = merge.JobId,
                Identifiers = identifiers,
            }
        );

    /// <summary>A merge that was asked for was not done; the two stay apart.</summary>
    public static DecisionRecord Refused(
        string into,
        string from,
        MergeUnderWay merge,
        MergeRefusal refusal,
        ImmutableArray<Identifier> identifiers,
        string ruleVersion
    ) =>
        Record(
            DecisionId.Of(DecisionKinds.Refused, merge.MergeId),
            DecisionKinds.Refused,
            into,
            from,
            merge.At,
            new DecisionPayload
            {
                MessageId = merge.MessageId,
                Source = merge.Source,
                RuleVersion = ruleVersion,
                Because = refusal.Because,
                JobId = merge.JobId,
                Reason = refusal.Code,
                MergeId = merge.MergeId,
                Identifiers = identifiers,
            }
        );

    /// <summary>Identifiers left a customer for one of their own: by a steward's split, or because a merge was taken back.</summary>
    /// <param name="to">The customer that gets them.</param>
    public static DecisionRecord Split(
        string id,
        string customerId,
        string to,
        SplitUnderWay split,
        Separation separation,
        string ruleVersion
    ) =>
        Record(
            id,
            DecisionKinds.Split,
            customerId,
            to,
            split.At,
            new DecisionPayload
            {
                RuleVersion = ruleVersion,
                Because =
                    split.MergeId is not null ? "a merge was taken back"
                    : split.JobId is not null ? CutOver
                    : "a split was asked for",
                JobId = split.JobId,
                Reason = split.Reason,
                By = split.By,
                SeparationId = split.JobId is null ? separation.Id : null,
                UndoneMergeId = split.MergeId,
                Identifiers = separation.One,
            }
        );

    /// <summary>
    /// An identifier of a message was left out. Recorded once per anchor and identifier, not once per message: a shared device
    /// would fill the log.
    /// </summary>
    public static DecisionRecord LeftOut(
        string customerId,
        Envelope envelope,
        DemotedIdentifier demoted,
        string ruleVersion
    )
    {
        (string kind, string because) = demoted.Reason switch
        {
            DemotionReason.Separation => (DecisionKinds.Refused, $"separation {demoted.Because} keeps them apart"),
            DemotionReason.Region or DemotionReason.Proof or DemotionReason.Account => (
                DecisionKinds.Refused,
                demoted.Because
            ),
            DemotionReason.Quarantine => (DecisionKinds.Demoted, "it, or the message's anchor, is quarantined"),
            DemotionReason.Size => (DecisionKinds.Demoted, demoted.Because),
            _ => (DecisionKinds.Demoted, $"the limit of {demoted.Because} would have been broken"),
        };
        return Record(
            DecisionId.Of(kind, customerId, envelope.Anchor.ToString(), demoted.Identifier.ToString()),
            kind,
            customerId,
            null,
            envelope.Timestamp,
            new DecisionPayload
            {
                MessageId = envelope.MessageId,
                Source = envelope.Source,
                RuleVersion = ruleVersion,
                Because = because,
                Identifiers = [demoted.Identifier],
            }
        );
    }

    /// <summary>
    /// A value that a customer took on is another's in another region, and the two stay apart. Under an id made of the two
    /// identifiers.
    /// </summary>
    public static DecisionRecord KeptApart(
        string customerId,
        Identifier identifier,
        Identifier twin,
        string otherCustomerId,
        LinkCause cause,
        string because
    ) =>
        Record(
            DecisionId.Of(DecisionKinds.Refused, identifier.ToString(), twin.ToString()),
            DecisionKinds.Refused,
            customerId,
            otherCustomerId,
            cause.At,
            new DecisionPayload
            {
                MessageId = cause.MessageId,
                Source = cause.Source,
                RuleVersion = cause.RuleVersion,
                Because = because,
                Reason = MergeRefusal.RegionsApart.Code,
                Identifiers = [identifier, twin],
            }
        );

    /// <summary>A roll back took identifiers away that its cut-over had linked.</summary>
    public static DecisionRecord Unlinked(
        string customerId,
        ImmutableArray<Identifier> identifiers,
        string jobId,
        DateTimeOffset at,
        string ruleVersion
    ) =>
        Record(
            DecisionId.Of(DecisionKinds.Unlinked, customerId, jobId, string.Join('\n', identifiers)),
            DecisionKinds.Unlinked,
            customerId,
            null,
            at,
            new DecisionPayload
            {
                RuleVersion = ruleVersion,
                Because = "a cut-over was rolled back",
                JobId = jobId,
                Identifiers = identifiers,
            }
        );

    /// <summary>An identifier came with one anchor too many.</summary>
    /// <param name="releases">How often it was released before: each quarantine has a record of its own.</param>
    public static DecisionRecord Quarantined(
        Identifier identifier,
        string? owner,
        QuarantineUnderWay quarantine,
        int releases,
        int degreeMax
    ) =>
        OfQuarantine(
            DecisionKinds.Quarantined,
            identifier,
            owner,
            quarantine,
            releases,
            quarantine.At,
            $"it came with {quarantine.Degree} different anchors, and {degreeMax} are allowed"
        );

    /// <summary>Somebody ended its quarantine.</summary>
    /// <param name="releases">How often it was released before.</param>
    public static DecisionRecord Released(
        Identifier identifier,
        string? owner,
        QuarantineUnderWay quarantine,
        int releases,
        DateTimeOffset at
    ) =>
        OfQuarantine(
            DecisionKinds.Released,
            identifier,
            owner,
            quarantine,
            releases,
            at,
            "its quarantine was ended on request"
        );

    private static DecisionRecord OfQuarantine(
        string kind,
        Identifier identifier,
        string? owner,
        QuarantineUnderWay quarantine,
        int releases,
        DateTimeOffset at,
        string because
    ) =>
        Record(
            DecisionId.Of(kind, identifier.ToString(), $"{releases}"),
            kind,
            // An identifier that nobody owns stands for itself.
            owner ?? identifier.ToString(),
            null,
            at,
            new DecisionPayload
            {
                MessageId = quarantine.MessageId,
                Source = quarantine.Source,
                RuleVersion = quarantine.RuleVersion,
                Because = because,
                Identifiers = [identifier],
            }
        );

    private static DecisionRecord Record(
        string id,
        string kind,
        string customerId,
        string? otherCustomerId,
        DateTimeOffset at,
        DecisionPayload payload
    ) => new(id, kind, customerId, otherCustomerId, at, payload.Write());
}
