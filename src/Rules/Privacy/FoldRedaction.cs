using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Privacy;

/// <summary>
/// Takes mentions of erased identifiers out of what was learned of other people. What comes out is what folding their redacted
/// messages would have made: a trait whose value is gone keeps its time, so no older value comes back in its place.
/// </summary>
public static class FoldRedaction
{
    /// <summary>The fold without the mentions; the same object where it has none.</summary>
    public static ProfileFold Redact(ProfileFold fold, ErasureTargets targets)
    {
        bool isTruncated = fold.IsTruncated;
        ImmutableArray<Trait> traits = Redact(fold.Traits, targets, ref isTruncated);
        ImmutableArray<EventCounter> counters = Redact(fold.Counters, targets, ref isTruncated);
        return traits == fold.Traits && counters == fold.Counters
            ? fold
            : new ProfileFold
            {
                Traits = traits,
                Counters = counters,
                Accounts = fold.Accounts,
                First = fold.First,
                Last = fold.Last,
                MessageCount = fold.MessageCount,
                ClaimedCount = fold.ClaimedCount,
                IsTruncated = isTruncated,
            };
    }

    /// <summary>
    /// A customer's map without the mentions, and without the entries of erased identifiers: of the customer that is being erased
    /// nothing stays of it.
    /// </summary>
    public static ProfileMap Redact(ProfileMap map, ErasureTargets targets)
    {
        bool isChanged = false;
        var kept = ImmutableArray.CreateBuilder<ProfileEntry>(map.Entries.Length);
        foreach (ProfileEntry entry in map.Entries)
        {
            if (targets.Contains(entry.Identifier))
            {
                isChanged = true;
                continue;
            }

            ProfileFold fold = Redact(entry.Fold, targets);
            bool isLinkedByErased = entry.Evidence.Anchor is { } anchor && targets.Contains(anchor);
            ConsentLedger consent = Redact(entry.Consent, targets);
            EntryTallies tallies = Redact(entry.Tallies, targets);
            isChanged |=
                isLinkedByErased
                || !ReferenceEquals(fold, entry.Fold)
                || !ReferenceEquals(consent, entry.Consent)
                || !ReferenceEquals(tallies, entry.Tallies);
            kept.Add(
                entry with
                {
                    Fold = fold,
                    Consent = consent,
                    Tallies = tallies,
                    Evidence = isLinkedByErased ? entry.Evidence with { Anchor = null } : entry.Evidence,
                }
            );
        }

        return isChanged ? ProfileMap.Of(kept) : map;
    }

    /// <summary>The same where no word mentions anybody; else those words go, and what was counted stays.</summary>
    private static EntryTallies Redact(EntryTallies tallies, ErasureTargets targets)
    {
        bool isMentioned = tallies.All.Any(tally =>
            tally.Moments.Prepend(tally.First).Any(moment => moment.Word is { } word && IsMentionedIn(word))
        );
        return isMentioned ? tallies.WithWords(word => IsMentionedIn(word) ? null : word) : tallies;

        bool IsMentionedIn(string word) => targets.AreMentionedIn(word, member: default);
    }

    /// <summary>Traits of a person or of an account.</summary>
    public static ImmutableArray<Trait> Redact(
        ImmutableArray<Trait> traits,
        ErasureTargets targets,
        ref bool isTruncated
    )
    {
        ImmutableArray<Trait> redacted = [];
        bool isChanged = false;
        foreach (Trait trait in traits)
        {
            bool isNamed = targets.AreMentionedIn(trait.Name, member: default);
            byte[]? value = trait.IsRemoved ? null : targets.Redact(trait.ValueJson.Span, trait.Name);
            isChanged |= isNamed || value is not null;
            Trait kept = isNamed || value is not null ? Redacted(trait, isNamed, value) : trait;
            redacted = FoldEntries.Union(redacted, [kept], ProfileFold.TraitCountMax, ref isTruncated);
        }

        return isChanged ? redacted : traits;
    }

    /// <summary>
    /// What was said about the erased alone goes: without them it would be about whom it stands under, and might grant what nobody
    /// has granted.
    /// </summary>
    private static ConsentLedger Redact(ConsentLedger consent, ErasureTargets targets) =>
        consent.Spans.Any(span => span.Covers.Any(targets.Contains))
            ? ConsentLedger.Of(
                consent
                    .Spans.Select(span =>
                        span with
                        {
                            Covers = [.. span.Covers.Where(identifier => !targets.Contains(identifier))],
                        }
                    )
                    .Where((span, index) => !span.Covers.IsEmpty || consent.Spans[index].Covers.IsEmpty),
                consent.Lost,
                consent.Restrictions
            )
            : consent;

    private static Trait Redacted(in Trait trait, bool isNamed, byte[]? value)
    {
        string name = isNamed ? EnvelopeRedaction.ErasedName : trait.Name;
        return trait.IsTooLong
            ? Trait.TooLong(name, trait.Source, trait.At, trait.MessageId, trait.Arrival, trait.Trust)
            : new Trait(
                name,
                trait.Source,
                value ?? trait.ValueJson,
                trait.At,
                trait.MessageId,
                trait.Arrival,
                trait.Trust
            );
    }

    /// <summary>What a customer has given away and keeps until that is confirmed, likewise; the same array where it has no mention.</summary>
    public static ImmutableArray<PendingRelease<ProfileMap>> Redact(
        ImmutableArray<PendingRelease<ProfileMap>> releases,
        ErasureTargets targets
    )
    {
        ImmutableArray<PendingRelease<ProfileMap>> redacted =
        [
            .. releases.Select(release =>
                release with
                {
                    Held = Redact(release.Held, targets),
                    Separations = Redact(release.Separations, targets),
                }
            ),
        ];
        return redacted.Zip(releases).All(pair => pair.First == pair.Second) ? releases : redacted;
    }

    /// <summary>Separations without the erased identifiers; one that keeps nobody apart any more goes.</summary>
    public static ImmutableArray<Separation> Redact(ImmutableArray<Separation> separations, ErasureTargets targets) =>
        separations.Any(one => one.One.Any(targets.Contains) || one.Other.Any(targets.Contains))
            ?
            [
                .. separations
                    .Select(one =>
                        one with
                        {
                            One = [.. one.One.Where(identifier => !targets.Contains(identifier))],
                            Other = [.. one.Other.Where(identifier => !targets.Contains(identifier))],
                        }
                    )
                    .Where(one => !one.One.IsEmpty && !one.Other.IsEmpty),
            ]
            : separations;

    private static ImmutableArray<EventCounter> Redact(
        ImmutableArray<EventCounter> counters,
        ErasureTargets targets,
        ref bool isTruncated
    )
    {
        if (!counters.Any(counter => targets.AreMentionedIn(counter.Name, member: default)))
        {
            return counters;
        }

        ImmutableArray<EventCounter> redacted = [];
        foreach (EventCounter counter in counters)
        {
            var kept = targets.AreMentionedIn(counter.Name, member: default)
                ? new EventCounter(
                    counter.Kind,
                    EnvelopeRedaction.ErasedName,
                    counter.Count,
                    counter.FirstAt,
                    counter.LastAt
                )
                : counter;
            redacted = FoldEntries.Union(redacted, [kept], ProfileFold.CounterCountMax, ref isTruncated);
        }

        return redacted;
    }
}
