using System.Collections.Immutable;

namespace Customer360.Rules.Destinations;

/// <summary>What a change of a customer causes that others may have to be told.</summary>
public enum EffectKind
{
    /// <summary>Traits, identifiers, companies or consent are other than they were. A state: what is sent is the profile of then.</summary>
    ProfileChanged = 1,

    /// <summary>A message was folded. An event: what is sent is that message.</summary>
    Message = 2,

    AudienceEntered = 3,

    AudienceLeft = 4,

    /// <summary>A lead was given to somebody, or to a queue.</summary>
    LeadHandoff = 5,

    /// <summary>The customer is another's from now on.</summary>
    CustomersMerged = 6,

    /// <summary>The customer was taken out of another.</summary>
    CustomerSplit = 7,

    /// <summary>A purpose that was not denied is denied.</summary>
    ConsentWithdrawn = 8,

    /// <summary>The person is forgotten. What was sent has to be deleted, too.</summary>
    PersonErased = 9,

    /// <summary>A check of <c>quality.yaml</c> is not good, still is not, or is good again. It is about nobody.</summary>
    QualityAlert = 10,
}

/// <summary>The words for kinds, in files, on the wire and in tables.</summary>
public static class EffectKinds
{
    private static readonly ImmutableArray<(EffectKind Kind, string Word)> s_words =
    [
        (EffectKind.ProfileChanged, "profile.changed"),
        (EffectKind.Message, "message"),
        (EffectKind.AudienceEntered, "audience.entered"),
        (EffectKind.AudienceLeft, "audience.left"),
        (EffectKind.LeadHandoff, "lead.handoff"),
        (EffectKind.CustomersMerged, "customer.merged"),
        (EffectKind.CustomerSplit, "customer.split"),
        (EffectKind.ConsentWithdrawn, "consent.withdrawn"),
        (EffectKind.PersonErased, "person.erased"),
        (EffectKind.QualityAlert, "quality.alert"),
    ];

    /// <summary>All words, in the order of the kinds.</summary>
    public static ImmutableArray<string> Words { get; } = [.. s_words.Select(one => one.Word)];

    /// <summary>Those that a destination chooses. The others are told to whoever was sent the person before.</summary>
    public static ImmutableArray<string> ChosenWords { get; } =
    [.. s_words.Where(one => !IsObligation(one.Kind)).Select(one => one.Word)];

    public static string WordOf(EffectKind kind) => s_words[(int)kind - 1].Word;

    /// <summary>Null where no kind has the word.</summary>
    public static EffectKind? KindOf(string word)
    {
        foreach ((EffectKind kind, string known) in s_words)
        {
            if (string.Equals(known, word, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>A later one of the same subject and name says all that an earlier one does, since what is sent is the state of then.</summary>
    public static bool Coalesces(EffectKind kind) => kind == EffectKind.ProfileChanged;

    /// <summary>It is told whatever the destination has chosen, to whoever was sent the person before, and never given up.</summary>
    public static bool IsObligation(EffectKind kind) => kind is EffectKind.ConsentWithdrawn or EffectKind.PersonErased;

    /// <summary>It corrects what a destination holds: who was never sent the person needs none of it.</summary>
    public static bool IsCorrection(EffectKind kind) =>
        IsObligation(kind) || kind is EffectKind.CustomersMerged or EffectKind.CustomerSplit;
}
