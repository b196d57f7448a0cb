using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Consent;

/// <summary>One word in a customer's history.</summary>
/// <param name="Covers">The customer's identifiers that it counts for, in their order.</param>
/// <param name="GapUntil">Of the first word of a span: until when others of that span were forgotten; null: none was.</param>
public sealed record ConsentEntry(
    ConsentSpan Span,
    ConsentWord Word,
    ImmutableArray<Identifier> Covers,
    DateTimeOffset? GapUntil
);

/// <summary>What was ever said, the latest first. A request that was written under several identifiers is one entry.</summary>
public static class ConsentHistory
{
    public static ImmutableArray<ConsentEntry> Of(ProfileMap map) =>
        [
            .. map
                .Entries.SelectMany(entry =>
                    entry.Consent.Spans.SelectMany(span =>
                        span.Words.Select((word, index) => (entry.Identifier, span, word, isFirst: index == 0))
                    )
                )
                .GroupBy(one => (one.word, one.span.Status, one.span.Purpose, one.span.Form, one.span.Source))
                .Select(group => new ConsentEntry(
                    group.First().span,
                    group.Key.word,
                    [
                        .. group
                            .SelectMany(one => one.span.Covers.IsEmpty ? [one.Identifier] : one.span.Covers)
                            .Where(map.Holds)
                            .Distinct()
                            .Order(),
                    ],
                    group.Max(one => one.isFirst ? one.span.GapUntil : null)
                ))
                .OrderByDescending(entry => entry.Word.At)
                .ThenByDescending(entry => entry.Word.CauseId, StringComparer.Ordinal)
                .ThenBy(entry => entry.Span.Purpose, StringComparer.Ordinal)
                .ThenBy(entry => entry.Span.Form, StringComparer.Ordinal)
                .ThenBy(entry => entry.Span.Source, StringComparer.Ordinal)
                .ThenByDescending(entry => entry.Word),
        ];
}
