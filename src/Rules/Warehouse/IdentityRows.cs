using Customer360.Rules.Access;
using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Warehouse;

/// <summary>The tables of identity: which identifier was whose, and when; and the merges and splits that moved them.</summary>
public static class IdentityRows
{
    public static MirrorTable Graph { get; } =
        new(
            "identity_graph",
            "Which identifier was which customer's, and from when to when. The graph of any day: valid_from <= day, valid_to missing or later.",
            [
                new("identifier_type", MirrorKind.Text, "For example email."),
                new("identifier_value", MirrorKind.Text, "The value, as the mirror's role may see it."),
                new("identifier_key", MirrorKind.Text, "The same for the same identifier, in all tables."),
                new("customer_id", MirrorKind.Text, "The customer."),
                new(
                    "valid_from",
                    MirrorKind.Time,
                    "When the message happened, or the split was asked for, by which it became the customer's."
                ),
                new("valid_to", MirrorKind.Time, "Likewise when it ceased to be; missing: it is still."),
                new("began_by", MirrorKind.Text, "The decision by which it began."),
                new("began_as", MirrorKind.Text, "created, linked, merged or split."),
                new("ended_by", MirrorKind.Text, "The decision by which it ended."),
                new("ended_as", MirrorKind.Text, "merged, split or unlinked."),
                new("rule_version", MirrorKind.Text, "The identity rules by which it began."),
            ]
        );

    public static MirrorTable Moves { get; } =
        new(
            "merges_and_splits",
            "Each merge and each split, with the rules and the reason.",
            [
                new("decision_id", MirrorKind.Text, "The decision."),
                new("kind", MirrorKind.Text, "merged, split, or unlinked by a roll back."),
                new(
                    "decided_at",
                    MirrorKind.Time,
                    "When the message happened that caused it, or the split was asked for."
                ),
                new(
                    "customer_id",
                    MirrorKind.Text,
                    "The customer that stays: of a merge the survivor, of a split the one that gives away."
                ),
                new("other_customer_id", MirrorKind.Text, "The other: merged away, or made by the split."),
                new("rule_version", MirrorKind.Text, "The identity rules."),
                new("because", MirrorKind.Text, "Why, as a sentence."),
                new("reason", MirrorKind.Text, "Of a split what its asker wrote down."),
                new("asked_by", MirrorKind.Text, "Of a split the name of the key that asked for it."),
                new("source", MirrorKind.Text, "The source of the message."),
                new("message_id", MirrorKind.Text, "The message."),
                new("job_id", MirrorKind.Text, "The cut-over or roll back that did it."),
                new("undone_merge_id", MirrorKind.Text, "Of a split the merge that it took back."),
                new("identifiers", MirrorKind.Number, "How many identifiers moved."),
            ]
        )
        {
            Key = ["decision_id"],
            LoadedAt = "decided_at",
        };

    /// <summary>Adds what a customer held; nothing for who may not see how people came together.</summary>
    public static void AddGraph(
        MirrorRows graph,
        string customerId,
        IEnumerable<HeldIdentifier> held,
        VisibleFields fields,
        MirrorSight sight
    )
    {
        if (!fields.Show(FieldSets.Explain))
        {
            return;
        }

        foreach (HeldIdentifier one in held)
        {
            if (MirrorSight.Show(fields, one.Identifier) is not { } shown)
            {
                continue;
            }

            graph.Add([
                shown.Type,
                shown.Value,
                sight.KeyOf(fields, one.Identifier),
                customerId,
                one.From,
                one.To,
                one.Began?.Id,
                one.Began?.Kind,
                one.Ended?.Id,
                one.Ended?.Kind,
                one.Began is { } began ? DecisionPayload.Read(began.Payload).RuleVersion : null,
            ]);
        }
    }

    /// <summary>Adds those of the decisions that moved identifiers, and in which the customer is the one that stays.</summary>
    public static void AddMoves(
        MirrorRows moves,
        string customerId,
        IEnumerable<DecisionRecord> decisions,
        VisibleFields fields
    )
    {
        if (!fields.Show(FieldSets.Explain))
        {
            return;
        }

        bool showsSources = fields.Show(FieldSets.Provenance);
        foreach (DecisionRecord decision in decisions)
        {
            if (
                decision.CustomerId != customerId
                || decision.Kind is not (DecisionKinds.Merged or DecisionKinds.Split or DecisionKinds.Unlinked)
            )
            {
                continue;
            }

            var payload = DecisionPayload.Read(decision.Payload);
            moves.Add([
                decision.Id,
                decision.Kind,
                decision.At,
                decision.CustomerId,
                decision.OtherCustomerId,
                payload.RuleVersion,
                payload.Because,
                payload.Reason,
                payload.By,
                showsSources ? payload.Source : null,
                showsSources ? payload.MessageId : null,
                payload.JobId,
                payload.UndoneMergeId,
                (long)payload.Identifiers.Length,
            ]);
        }
    }
}
