using System.Collections.Frozen;
using Customer360.Rules.Events;

namespace Customer360.Rules.Retention;

/// <summary>
/// The parts of a message that still count however old it is: by whom it was sent and when, what identifiers it holds (also those
/// that other rules would read), what it states of a person or an account, and what was said about consent. They are what a profile,
/// a merge, a split, a check and a cut-over are made of, so a message without its other parts comes to the same.
/// </summary>
/// <remarks>Whoever makes something else of logged messages, a sum of a property for instance, adds that part here.</remarks>
internal sealed class KeptParts
{
    /// <summary>The whole of it.</summary>
    private static readonly KeptParts s_all = new([]) { IsWhole = true };

    private static readonly KeptParts s_contact = Of(("email", s_all), ("phone", s_all));
    private static readonly KeptParts s_google = Of(("Google Analytics", Of(("clientId", s_all))));

    private static readonly KeptParts s_device = Of(
        ("id", s_all),
        ("type", s_all),
        ("token", s_all),
        ("advertisingId", s_all),
        ("adTrackingEnabled", s_all)
    );

    // What a call states stands in traits, or of an identify without any in context.traits; elsewhere they only hold identifiers.
    private static readonly KeptParts s_statedInTraits = Message(traits: s_all, contextTraits: s_contact);
    private static readonly KeptParts s_statedInContext = Message(traits: s_contact, contextTraits: s_all);
    private static readonly KeptParts s_statesNothing = Message(traits: s_contact, contextTraits: s_contact);

    private readonly FrozenDictionary<string, KeptParts> _members;

    private KeptParts(IEnumerable<(string Name, KeptParts Parts)> members) =>
        _members = members.ToFrozenDictionary(one => one.Name, one => one.Parts, StringComparer.Ordinal);

    /// <summary>All of it stays.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>What stays of a member; null: nothing.</summary>
    public KeptParts? Of(string member) => _members.GetValueOrDefault(member);

    /// <param name="kind">The call's.</param>
    /// <param name="fields">Where the fields of the message stand.</param>
    public static KeptParts Of(EventKind kind, in MessageFields fields) =>
        kind switch
        {
            EventKind.Group => s_statedInTraits,
            EventKind.Identify when EnvelopeText.StatedTraits(fields.Traits, fields.ContextTraits) == fields.Traits =>
                s_statedInTraits,
            EventKind.Identify => s_statedInContext,
            _ => s_statesNothing,
        };

    private static KeptParts Message(KeptParts traits, KeptParts contextTraits) =>
        Of(
            ("type", s_all),
            ("messageId", s_all),
            ("userId", s_all),
            ("anonymousId", s_all),
            ("previousId", s_all),
            ("groupId", s_all),
            ("event", s_all),
            ("name", s_all),
            ("timestamp", s_all),
            ("originalTimestamp", s_all),
            ("sentAt", s_all),
            ("traits", traits),
            ("properties", Of(("email", s_all))),
            ("integrations", s_google),
            (
                "context",
                Of(
                    ("traits", contextTraits),
                    ("device", s_device),
                    ("os", Of(("name", s_all))),
                    ("groupId", s_all),
                    ("region", s_all),
                    ("externalIds", s_all),
                    ("integrations", s_google),
                    ("consent", s_all),
                    ("consentManagement", s_all)
                )
            )
        );

    private static KeptParts Of(params ReadOnlySpan<(string, KeptParts)> members) => new(members.ToArray());
}
