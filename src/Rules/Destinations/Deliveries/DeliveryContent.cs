using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Quality;

namespace Customer360.Rules.Destinations;

/// <summary>What is known when an effect is sent.</summary>
/// <param name="CustomerId">Whom it is about now: merges were followed.</param>
/// <param name="View">The profile; null: there is none any more.</param>
/// <param name="HasMoved">The effect's customer is another's by now.</param>
public sealed record DeliveryFacts(string CustomerId, ProfileView? View, bool HasMoved)
{
    /// <summary>Of a message: the message; null: it is gone.</summary>
    public Envelope? Message { get; init; }

    /// <summary>Of a lead: the lead; null: it is gone.</summary>
    public LeadFile? Lead { get; init; }

    /// <summary>Of an alert: it; null: it is gone.</summary>
    public QualityAlert? Alert { get; init; }
}

/// <summary>The policies that decide what is sent, each as it is in force at that moment.</summary>
/// <param name="Right">What the destination's role may see for its purpose; null: nothing, or it is not for that purpose.</param>
public sealed record DeliveryPolicies(AccessRight? Right, ConsentPolicy Consent, MastershipPolicy Mastership);

/// <summary>
/// What is sent of an effect, as far as consent, access and the destination let it. Decided when it is sent, also when it is sent again:
/// what counts is what the person says today.
/// </summary>
/// <param name="Effect">What it is about.</param>
/// <param name="CustomerId">Whom it is about now.</param>
public sealed record DeliveryContent(Effect Effect, string CustomerId)
{
    /// <summary>By type, then value.</summary>
    public ImmutableArray<Identifier> Identifiers { get; init; } = [];

    /// <summary>By name; values are JSON.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Traits { get; init; } =
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    /// <summary>Of a profile: its version; 0: it is about no profile.</summary>
    public long Version { get; init; }

    /// <summary>Of a message: it, as the destination may see it.</summary>
    public VisibleMessage? Message { get; init; }

    public LeadFile? Lead { get; init; }

    public QualityAlert? Alert { get; init; }

    /// <summary>The destination was not told something of this customer that came before.</summary>
    public bool HasGap { get; init; }

    /// <summary>What is sent; or null and why nothing is.</summary>
    public static (DeliveryContent? Content, string Withheld) Of(
        Destination destination,
        OutboxItem item,
        DeliveryFacts facts,
        DeliveryPolicies policies,
        DateTimeOffset now
    )
    {
        Effect effect = item.Effect;
        if (EffectKinds.IsCorrection(effect.Kind) && !item.SentBefore)
        {
            return (null, DeliveryWords.NeverSent);
        }

        var content = new DeliveryContent(effect, facts.CustomerId) { HasGap = item.HasGap };
        return effect.Kind switch
        {
            EffectKind.PersonErased => (
                content with
                {
                    Identifiers = Known(destination, policies.Right, [.. effect.Identifiers.Select(Identifier.Parse)]),
                },
                ""
            ),
            // That the one is the other is passed on by the row, whether it is sent or not.
            EffectKind.CustomersMerged or EffectKind.CustomerSplit => destination.Chooses(effect)
                ? (content, "")
                : (null, "not_chosen"),
            // It is about nobody: there is no consent to ask for, and no field that a role may not see.
            EffectKind.QualityAlert => facts.Alert is { } alert ? (content with { Alert = alert }, "") : (null, "gone"),
            _ when facts.View is not { } view => (null, facts.HasMoved ? "moved" : "gone"),
            // The customer that has it now is told of by its own.
            EffectKind.ProfileChanged when facts.HasMoved => (null, "moved"),
            // Before it is asked what the role sees: who was sent the person must hear of it, even where the purpose is the role's no more.
            EffectKind.ConsentWithdrawn => Withdrawal(destination, content, facts.View!, policies.Right),
            _ when policies.Right is null => (null, "access_withheld"),
            _ => OfPerson(destination, content, facts, policies, now),
        };
    }

    private static (DeliveryContent?, string) Withdrawal(
        Destination destination,
        DeliveryContent content,
        ProfileView view,
        AccessRight? right
    ) =>
        ConsentCheck.MaySendWithdrawal(destination.Purpose, view.Consent, wasSentBefore: true)
            ? (
                // Nothing but by what the destination knows the person, which it has.
                content with
                {
                    Identifiers = Known(destination, right, [.. view.Identifiers.Select(one => one.Identifier)]),
                },
                ""
            )
            : (null, "not_denied");

    private static (DeliveryContent?, string) OfPerson(
        Destination destination,
        DeliveryContent content,
        DeliveryFacts facts,
        DeliveryPolicies policies,
        DateTimeOffset now
    )
    {
        ProfileView view = facts.View!;
        ConsentAllows allows = ConsentCheck.MaySend(
            destination.Purpose,
            view.Consent,
            // Of whom nobody says here in which region, the strictest counts.
            region: null,
            policies.Consent,
            now
        );
        if (!allows.Is)
        {
            return (null, WordOf(allows.Reason));
        }

        VisibleFields fields = policies.Right!.Of(view, now);
        bool isMessage = content.Effect.Kind == EffectKind.Message;
        // As the API asks of who reads messages: whoever sees fields of a profile need not see what the person did.
        if (!fields.HaveAnyOf(FieldSets.Profile) || (isMessage && !fields.Show(FieldSets.Messages)))
        {
            return (null, "access_withheld");
        }

        if (isMessage && facts.Message is null)
        {
            return (null, "message_gone");
        }

        if (content.Effect.Kind == EffectKind.LeadHandoff && facts.Lead is not { IsErased: false })
        {
            return (null, "lead_gone");
        }

        var profile = new VisibleProfile(view, policies.Mastership, fields);
        return (
            content with
            {
                Identifiers =
                [
                    .. profile.Identifiers.Select(one => one.Identifier).Where(one => Holds(destination, one)),
                ],
                Traits = profile
                    .Traits.Where(one =>
                        destination.Traits.IsEmpty || destination.Traits.Contains(one.Name, StringComparer.Ordinal)
                    )
                    .ToImmutableSortedDictionary(one => one.Name, one => one.ValueJson, StringComparer.Ordinal),
                Version = view.Version,
                Message = facts.Message is { } message ? new VisibleMessage(message, fields) : null,
                Lead = facts.Lead,
            },
            ""
        );
    }

    /// <summary>
    /// By what a correction names the person: no more than the destination may hold, and of a role without the purpose nothing. Consent
    /// is not asked: whoever has withdrawn it is to be forgotten by the names that were given before.
    /// </summary>
    private static ImmutableArray<Identifier> Known(
        Destination destination,
        AccessRight? right,
        ImmutableArray<Identifier> identifiers
    )
    {
        if (right is null)
        {
            return [];
        }

        VisibleFields fields = right.AtMost(identifiers);
        return
        [
            .. identifiers.Select(one => Shown(fields, one)).OfType<Identifier>().Where(one => Holds(destination, one)),
        ];
    }

    private static Identifier? Shown(VisibleFields fields, Identifier identifier) =>
        fields.Table is { } table ? table.Show(identifier)
        : fields.Show(FieldSets.Identifiers) ? identifier
        : null;

    private static bool Holds(Destination destination, Identifier identifier) =>
        destination.Identifiers.IsEmpty
        || destination.Identifiers.Contains(identifier.Type.Split('@')[0], StringComparer.Ordinal);

    private static string WordOf(ConsentReason reason) =>
        reason switch
        {
            ConsentReason.PurposeUnknown => "purpose_unknown",
            ConsentReason.Denied => "consent_denied",
            ConsentReason.Restricted => "restricted",
            _ => "consent_missing",
        };
}
