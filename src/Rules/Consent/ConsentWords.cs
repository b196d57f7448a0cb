using System.Collections.Immutable;

namespace Customer360.Rules.Consent;

/// <summary>The words that a consent policy is written with.</summary>
internal static class ConsentWords
{
    public static readonly ImmutableArray<(string Text, ConsentScope Value)> Scopes =
    [
        ("person", ConsentScope.Person),
        ("device", ConsentScope.Device),
    ];

    public static readonly ImmutableArray<(string Text, ConsentChoice Value)> Choices =
    [
        ("opt-in", ConsentChoice.OptIn),
        ("opt-out", ConsentChoice.OptOut),
        ("none", ConsentChoice.None),
    ];

    public static readonly ImmutableArray<(string Text, CollectBoundary Value)> Boundaries =
    [
        ("store", CollectBoundary.Stored),
        ("store-without-personal", CollectBoundary.WithoutPersonal),
        ("drop", CollectBoundary.Dropped),
    ];

    public static readonly ImmutableArray<(string Text, ConsentRead Value)> Reads =
    [
        ("withhold", ConsentRead.Withhold),
        ("mask", ConsentRead.Mask),
        ("allow", ConsentRead.Allow),
    ];

    public static readonly ImmutableArray<(string Text, bool Value)> Deliveries = [("block", false), ("allow", true)];

    public static readonly ImmutableArray<(string Text, bool Value)> Objections = [("named", false), ("default", true)];

    public static string TextOf<T>(ImmutableArray<(string Text, T Value)> words, T value) =>
        words.First(one => EqualityComparer<T>.Default.Equals(one.Value, value)).Text;
}
