using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>What a check looks at.</summary>
public enum QualityKind
{
    /// <summary>Messages of an hour.</summary>
    Volume = 1,

    /// <summary>Minutes since the last message.</summary>
    Freshness = 2,

    /// <summary>Share of messages that have a field: there, not null, and no empty text.</summary>
    Completeness = 3,

    /// <summary>Share of messages whose field has one of the values, among those that have it.</summary>
    AcceptedValues = 4,

    /// <summary>Messages that were sent again with an id that is known, for each message that was stored.</summary>
    Repeats = 5,

    /// <summary>Share of messages that do not keep their contract.</summary>
    Violations = 6,

    /// <summary>Share of messages that no contract has planned.</summary>
    Unplanned = 7,

    /// <summary>Share of messages that wait in quarantine.</summary>
    Quarantined = 8,

    /// <summary>Share of messages that say nothing about consent.</summary>
    UnknownConsent = 9,

    /// <summary>Share of messages that carry nothing but an anonymous id.</summary>
    Anonymous = 10,

    /// <summary>Share of messages whose time is impossible, lies after their receipt, or longer before it than the check allows.</summary>
    ClockSkew = 11,
}

/// <summary>What is known of kinds.</summary>
public static class QualityKinds
{
    public static ImmutableArray<QualityKind> All { get; } = [.. Enum.GetValues<QualityKind>()];

    /// <summary>The word of files and answers: <c>acceptedValues</c>.</summary>
    public static string WordOf(QualityKind kind) =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <summary>The page that says what to do when such a check fails: <c>accepted-values.md</c>.</summary>
    public static string PageOf(QualityKind kind) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()) + ".md";

    /// <summary>It looks into messages for a field.</summary>
    public static bool HasField(QualityKind kind) => kind is QualityKind.Completeness or QualityKind.AcceptedValues;

    /// <summary>Its value is a share of messages, so few of them say little.</summary>
    public static bool IsShare(QualityKind kind) => kind is not (QualityKind.Volume or QualityKind.Freshness);
}
