using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Warehouse;

/// <summary>The tables of people: who there is, what is known of them and from whom, by what they are known, what they have agreed to.</summary>
public static class PersonRows
{
    public static MirrorTable Profiles { get; } =
        new(
            "profiles",
            "Each customer as it stands.",
            [
                new("customer_id", MirrorKind.Text, "The customer."),
                new(
                    "version",
                    MirrorKind.Number,
                    "Rises with every change; missing where the role does not see the whole profile."
                ),
                new("first_seen_at", MirrorKind.Time, "When its first message happened."),
                new("last_seen_at", MirrorKind.Time, "When its last message happened."),
                new("message_count", MirrorKind.Number, "How many messages were folded."),
                new("accounts", MirrorKind.Json, "The ids of its accounts."),
                new("audiences", MirrorKind.Json, "The names of the audiences that it is in."),
                new("is_oversized", MirrorKind.Flag, "It is over its size and learns aggregates only."),
            ]
        )
        {
            Key = ["customer_id"],
        };

    public static MirrorTable Traits { get; } =
        new(
            "traits",
            "Each trait of each customer: the value that the mastership policy chooses, and where the role sees them the others, too.",
            [
                new("customer_id", MirrorKind.Text, "The customer."),
                new("name", MirrorKind.Text, "The trait."),
                new("value", MirrorKind.Json, "Its value, as the mirror's role may see it."),
                new("source", MirrorKind.Text, "Who says so; missing where the role does not see sources."),
                new("message_id", MirrorKind.Text, "The message that said it, likewise."),
                new("valid_from", MirrorKind.Time, "When it was said; it holds from then on."),
                new("is_current", MirrorKind.Flag, "It is the value that the profile shows."),
            ]
        );

    public static MirrorTable Identifiers { get; } =
        new(
            "identifiers",
            "By what each customer is known now; identity_graph has what was before.",
            [
                new("customer_id", MirrorKind.Text, "The customer."),
                new("identifier_type", MirrorKind.Text, "For example email."),
                new("identifier_value", MirrorKind.Text, "The value, as the mirror's role may see it."),
                new("identifier_key", MirrorKind.Text, "The same for the same identifier, in all tables."),
                new("linked_at", MirrorKind.Time, "When the message happened that linked it."),
                new("source", MirrorKind.Text, "Who linked it; missing where the role does not see sources."),
                new("message_id", MirrorKind.Text, "The message that linked it, likewise."),
                new("rule_version", MirrorKind.Text, "The rules by which it was linked."),
            ]
        );

    public static MirrorTable Consents { get; } =
        new(
            "consents",
            "The ledger of consent: each word that was said and is kept. What stands for a person is worked out from all of them.",
            [
                new("customer_id", MirrorKind.Text, "The customer."),
                new("purpose", MirrorKind.Text, "What for."),
                new("status", MirrorKind.Text, "granted or denied."),
                new("valid_from", MirrorKind.Time, "Since when it counts."),
                new("valid_to", MirrorKind.Time, "When the grant ends; missing: it does not end by itself."),
                new("form", MirrorKind.Text, "How it was written: segment, tcf, gpp, api …"),
                new("source", MirrorKind.Text, "Who said it; missing where the role does not see sources."),
                new("cause_id", MirrorKind.Text, "The message or request that said it, likewise."),
                new("policy_version", MirrorKind.Text, "The consent policy by which it was understood."),
                new(
                    "covers",
                    MirrorKind.Json,
                    "Keys of the identifiers that it counts for; they join with identifier_key."
                ),
                new("is_claimed", MirrorKind.Flag, "A public source said it."),
                new(
                    "gap_until",
                    MirrorKind.Time,
                    "Until when other words of the same source were forgotten; missing: none was."
                ),
            ]
        );

    /// <summary>Adds a customer to the first three tables.</summary>
    public static void Add(
        MirrorRows profiles,
        MirrorRows traits,
        MirrorRows identifiers,
        ProfileView view,
        MastershipPolicy policy,
        VisibleFields fields,
        MirrorSight sight
    )
    {
        if (!fields.HaveAnyOf(FieldSets.Profile))
        {
            return;
        }

        var visible = new VisibleProfile(view, policy, fields);
        profiles.Add([
            view.CustomerId,
            fields.IsWholeProfile ? view.Version : (long?)null,
            visible.First?.At,
            visible.Last?.At,
            fields.Show(FieldSets.Activity) ? view.Fold.MessageCount : (long?)null,
            MirrorValue.OfTexts(visible.Accounts.Select(account => account.GroupId)),
            MirrorValue.OfTexts(view.Audiences),
            view.IsOversized,
        ]);
        AddTraits(traits, view, visible, fields);
        foreach (ProfileIdentifier one in view.Identifiers)
        {
            if (MirrorSight.Show(fields, one.Identifier) is { } shown)
            {
                identifiers.Add([
                    view.CustomerId,
                    shown.Type,
                    shown.Value,
                    sight.KeyOf(fields, one.Identifier),
                    one.LinkedAt,
                    visible.ShowsProvenance ? one.Source : null,
                    visible.ShowsProvenance ? one.MessageId : null,
                    one.RuleVersion,
                ]);
            }
        }
    }

    /// <summary>Adds what a customer has said about consent.</summary>
    /// <param name="holdings">Identifiers and ledgers.</param>
    public static void AddConsents(
        MirrorRows consents,
        string customerId,
        ProfileMap holdings,
        VisibleFields fields,
        MirrorSight sight
    )
    {
        if (!fields.HaveAnyOf(FieldSets.Profile))
        {
            return;
        }

        bool showsSources = fields.Show(FieldSets.Provenance);
        foreach (ConsentEntry entry in ConsentHistory.Of(holdings))
        {
            consents.Add([
                customerId,
                entry.Span.Purpose,
                entry.Span.Status == ConsentStatus.Granted ? "granted" : "denied",
                entry.Word.At,
                entry.Word.Until,
                entry.Span.Form,
                showsSources ? entry.Span.Source : null,
                showsSources ? entry.Word.CauseId : null,
                entry.Word.PolicyVersion,
                MirrorValue.OfTexts(entry.Covers.Select(one => sight.KeyOf(fields, one)).OfType<string>()),
                entry.Span.IsClaimed,
                entry.GapUntil,
            ]);
        }
    }

    private static void AddTraits(MirrorRows traits, ProfileView view, VisibleProfile visible, VisibleFields fields)
    {
        Dictionary<string, Trait> winners = new(StringComparer.Ordinal);
        foreach (Trait winner in visible.Traits)
        {
            winners[winner.Name] = winner;
            Add(traits, view.CustomerId, winner, winner.ValueJson, visible.ShowsProvenance, isCurrent: true);
        }

        if (!fields.Show(FieldSets.Overruled))
        {
            return;
        }

        foreach (Trait trait in view.Fold.Traits)
        {
            bool isWinner =
                winners.TryGetValue(trait.Name, out Trait winner)
                && winner.Source == trait.Source
                && winner.MessageId == trait.MessageId;
            ReadOnlyMemory<byte>? value = fields.Table is { } table
                ? table.Show(trait.Name, trait.ValueJson)
                : trait.ValueJson;
            if (!isWinner && value is { } shown)
            {
                Add(traits, view.CustomerId, trait, shown, visible.ShowsProvenance, isCurrent: false);
            }
        }
    }

    private static void Add(
        MirrorRows traits,
        string customerId,
        in Trait trait,
        ReadOnlyMemory<byte> value,
        bool showsSource,
        bool isCurrent
    ) =>
        traits.Add([
            customerId,
            trait.Name,
            MirrorValue.Json(value.Span),
            showsSource ? trait.Source : null,
            showsSource ? trait.MessageId : null,
            trait.At,
            isCurrent,
        ]);
}
