using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Consent;

/// <summary>One word as the tests say it: whose ledger it stands in, and whom it is about.</summary>
/// <param name="Anchor">Number of the identifier under which it stands.</param>
/// <param name="Covers">Numbers of the identifiers that it is about; empty: the anchor alone.</param>
/// <param name="Minute">When it was said.</param>
internal sealed record Word(
    int Anchor,
    ImmutableArray<int> Covers,
    string Purpose,
    bool Grants,
    string Source,
    int Minute
)
{
    public int Number { get; init; }

    public int? UntilMinute { get; init; }

    public ConsentSpan ToSpan() =>
        new()
        {
            Status = Grants ? ConsentStatus.Granted : ConsentStatus.Denied,
            Purpose = Purpose,
            Form = "segment",
            Source = Source,
            Covers = [.. Covers.Select(Ledgers.Name).Order()],
            Words =
            [
                new ConsentWord(Ledgers.At(Minute), $"m-{Number}", "p1")
                {
                    Until = UntilMinute is { } until ? Ledgers.At(until) : null,
                },
            ],
        };
}

/// <summary>Makes words that collide in every way, ledgers and maps of them, and what they come to by a plain model.</summary>
internal static class Ledgers
{
    public static readonly string[] Purposes = ["ads", "analytics"];

    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Word> s_words = Gen.Choose(0, 3)
        .SelectMany(_ => Gen.SubListOf(0, 1, 2, 3), (anchor, covers) => (anchor, covers))
        .SelectMany(_ => Gen.Elements(Purposes), (made, purpose) => (made.anchor, made.covers, purpose))
        .SelectMany(_ => Gen.Elements(true, false), (made, grants) => (made, grants))
        .SelectMany(_ => Gen.Elements("web", "crm"), (made, source) => (made, source))
        .SelectMany(
            _ => Gen.Choose(0, 5),
            (all, minute) =>
                new Word(
                    all.made.made.anchor,
                    [.. all.made.made.covers.Order()],
                    all.made.made.purpose,
                    all.made.grants,
                    all.source,
                    minute
                )
        );

    /// <summary>Few times, so that ties are common; each word has a number of its own.</summary>
    public static Gen<Word[]> Runs { get; } =
        s_words
            .ArrayOf()
            .Resize(40)
            .Select(words => words.Select((word, index) => word with { Number = index }).ToArray());

    public static DateTimeOffset At(int minute) => s_start.AddMinutes(minute);

    public static Identifier Name(int number) => Identifier.Create("anonymous_id", $"a-{number}");

    public static ConsentLedger Of(IEnumerable<Word> words) =>
        ConsentLedger.Empty.With(words.Select(word => word.ToSpan()));

    /// <summary>A map that holds these identifiers, with the words that stand under them.</summary>
    public static ProfileMap MapOf(IEnumerable<int> held, IReadOnlyCollection<Word> words) =>
        ProfileMap.Of(
            held.Select(number => new ProfileEntry(
                Name(number),
                new LinkEvidence("m", "web", s_start, "r"),
                0,
                ProfileFold.Empty
            )
            {
                Consent = Of(words.Where(word => word.Anchor == number)),
            })
        );

    public static string Json(ConsentLedger ledger)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        ConsentLedgerJson.Write(writer, ledger);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string Json(ProfileMap map) => Encoding.UTF8.GetString(ConsentHoldingsJson.Write(map));

    /// <summary>By the rule as it is told to people, over all words: no ledger, no bound.</summary>
    public static ConsentStatus Model(
        IReadOnlyCollection<int> held,
        IEnumerable<Word> words,
        string purpose,
        int minute
    )
    {
        ConsentStatus[] perIdentifier =
        [
            .. held.Select(one =>
            {
                Word[] about =
                [
                    .. words.Where(word =>
                        held.Contains(word.Anchor)
                        && word.Purpose == purpose
                        && word.Minute <= minute
                        && (word.Covers.IsEmpty ? word.Anchor == one : word.Covers.Contains(one))
                    ),
                ];
                Word[] latest = [.. about.Where(word => word.Minute == about.Max(other => other.Minute))];
                return latest.Length == 0 ? ConsentStatus.Unknown
                    : latest.All(word => word.Grants) ? ConsentStatus.Granted
                    : ConsentStatus.Denied;
            }),
        ];
        return perIdentifier.Contains(ConsentStatus.Denied) ? ConsentStatus.Denied
            : perIdentifier.Contains(ConsentStatus.Granted) ? ConsentStatus.Granted
            : ConsentStatus.Unknown;
    }

    public static ConsentStatus StatusAt(ProfileMap map, string purpose, int minute) =>
        ConsentJoin.At(map, At(minute)).FirstOrDefault(one => one.Effective.Purpose == purpose)?.Effective.Status
        ?? ConsentStatus.Unknown;
}
