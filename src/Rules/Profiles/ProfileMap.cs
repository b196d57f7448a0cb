using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Profiles;

/// <summary>
/// What a customer holds: identifier → what was learned under it. Immutable. A merge is the union of two maps, a split
/// moves entries to another map, so either costs the state and neither needs the history.
/// </summary>
/// <remarks>
/// A value, and not an object around its entries: every message makes a new one, and of a customer that was not heard of
/// for a while each object on the way to what it holds is one more wait for memory. Two are equal when they are the same
/// map, not when they hold the same.
/// </remarks>
public readonly record struct ProfileMap : IHoldings<ProfileMap>
{
    private readonly ImmutableArray<ProfileEntry> _entries;

    private ProfileMap(ImmutableArray<ProfileEntry> entries)
    {
        // So all empty maps are one, whatever they were made from.
        _entries = entries.IsEmpty ? default : entries;
    }

    public static ProfileMap Empty => default;

    /// <summary>By identifier.</summary>
    public ImmutableArray<ProfileEntry> Entries => _entries.IsDefault ? [] : _entries;

    public ImmutableArray<Identifier> Identifiers => [.. Entries.Select(entry => entry.Identifier)];

    /// <summary>How many messages are folded in it.</summary>
    public long MessageCount
    {
        get
        {
            long count = 0;
            foreach (ProfileEntry entry in Entries)
            {
                count += entry.Fold.MessageCount;
            }

            return count;
        }
    }

    /// <summary>The leads of all entries, and the identifier under which each began.</summary>
    public ImmutableArray<(Identifier Anchor, string LeadId)> Leads =>
        [.. Entries.SelectMany(entry => entry.Leads.Select(lead => (entry.Identifier, lead)))];

    /// <summary>Makes a map of entries in any order.</summary>
    /// <exception cref="ArgumentException">Two entries have the same identifier.</exception>
    public static ProfileMap Of(IEnumerable<ProfileEntry> entries)
    {
        ImmutableArray<ProfileEntry> sorted = [.. entries.OrderBy(entry => entry.Identifier)];
        for (int index = 1; index < sorted.Length; index++)
        {
            if (sorted[index - 1].Identifier == sorted[index].Identifier)
            {
                throw new ArgumentException("Two entries have the same identifier.", nameof(entries));
            }
        }

        return new ProfileMap(sorted);
    }

    public bool Holds(Identifier identifier) => IndexOf(identifier) >= 0;

    public bool TryGet(Identifier identifier, [NotNullWhen(true)] out ProfileEntry? entry)
    {
        int index = IndexOf(identifier);
        entry = index >= 0 ? Entries[index] : null;
        return entry is not null;
    }

    /// <summary>
    /// Folds a message of the log under its anchor. The same map where the message is in it already; null where the map
    /// does not hold the anchor.
    /// </summary>
    /// <param name="selection">The events that audiences count; null: none.</param>
    public ProfileMap? Fold(LogPlace place, Envelope envelope, IEventSelection? selection = null)
    {
        int index = IndexOf(envelope.Anchor);
        if (index < 0)
        {
            return null;
        }

        ProfileEntry entry = Entries[index];
        return entry.Lacks(place.Position)
            ? new ProfileMap(
                Entries.SetItem(
                    index,
                    Counted(Heard(entry, envelope), place, envelope, selection)
                        .With(place.Position, entry.Fold.Apply(envelope, place))
                )
            )
            : this;
    }

    /// <summary>
    /// Joins what was learned of a message of an anchor that the map holds: <see cref="Fold"/> with less in it. What the message
    /// says about consent counts whole.
    /// </summary>
    public ProfileMap Learn(LogPlace place, Envelope envelope, ProfileFold learned, IEventSelection? selection = null)
    {
        int index = IndexOf(envelope.Anchor);
        ProfileEntry entry = Entries[index];
        return entry.Lacks(place.Position)
            ? new ProfileMap(
                Entries.SetItem(
                    index,
                    Counted(Heard(entry, envelope), place, envelope, selection)
                        .With(place.Position, ProfileFold.Join(entry.Fold, learned))
                )
            )
            : this;
    }

    /// <summary>
    /// Writes what a person has said down under every identifier, each a copy of its own: so it goes along with whichever of
    /// them a split moves.
    /// </summary>
    /// <param name="words">About no identifier in particular: they cover the one under which they stand.</param>
    public ProfileMap Say(ConsentLedger words) =>
        new([.. Entries.Select(entry => entry with { Consent = ConsentLedger.Join(entry.Consent, words) })]);

    /// <summary>
    /// What a request has restricted, under every identifier: a copy goes along with whichever of them a split moves, so neither part
    /// is free of it. The same map where it is written down everywhere.
    /// </summary>
    public ProfileMap Restrict(Restriction restriction) =>
        Entries.All(entry => entry.Consent.Restrictions.Any(one => one.RequestId == restriction.RequestId))
            ? this
            : Say(ConsentLedger.Of([], [], restriction));

    /// <summary>Lifts what a request has restricted, where it is in force; the same map where it is not.</summary>
    public ProfileMap Lift(string requestId, DateTimeOffset at)
    {
        ImmutableArray<ProfileEntry> lifted =
        [
            .. Entries.Select(entry =>
                entry.Consent.Restrictions.Any(one => one.IsInForce && one.RequestId == requestId)
                    ? entry with
                    {
                        Consent = ConsentLedger.Join(
                            entry.Consent,
                            ConsentLedger.Of([], [], new Restriction(requestId, at, at))
                        ),
                    }
                    : entry
            ),
        ];
        return lifted.Zip(Entries).All(static pair => ReferenceEquals(pair.First, pair.Second))
            ? this
            : new ProfileMap(lifted);
    }

    /// <summary>
    /// Goes on behind a message that can't be folded; it is folded when it comes again. The same map where the anchor is
    /// not held, or the message is folded or set aside already.
    /// </summary>
    public ProfileMap SetAside(long position, Identifier anchor)
    {
        int index = IndexOf(anchor);
        return index < 0 || position <= Entries[index].AppliedTo
            ? this
            : new ProfileMap(Entries.SetItem(index, Entries[index].Without(position)));
    }

    /// <summary>A lead begins under an identifier; the same map where that is not held, or the lead is there.</summary>
    public ProfileMap Begin(Identifier anchor, string leadId)
    {
        int index = IndexOf(anchor);
        return index < 0 || Entries[index].Leads.Contains(leadId)
            ? this
            : new ProfileMap(Entries.SetItem(index, Entries[index] with { Leads = Entries[index].Leads.Add(leadId) }));
    }

    /// <summary>Adds an identifier of which nothing has been learned yet; the same map where it is held already.</summary>
    public ProfileMap Link(Identifier identifier, LinkEvidence evidence)
    {
        int index = IndexOf(identifier);
        return index >= 0
            ? this
            : new ProfileMap(Entries.Insert(~index, new ProfileEntry(identifier, evidence, 0, ProfileFold.Empty)));
    }

    /// <summary>
    /// Both maps in one. Where both hold an identifier, the entry that has folded further stands: both are folds of the
    /// same messages, one of them of more. What was said about consent is joined, since requests say it, too; and so are leads.
    /// </summary>
    public static ProfileMap Union(ProfileMap left, ProfileMap right)
    {
        var entries = ImmutableArray.CreateBuilder<ProfileEntry>(left.Entries.Length + right.Entries.Length);
        int leftIndex = 0;
        int rightIndex = 0;
        while (leftIndex < left.Entries.Length && rightIndex < right.Entries.Length)
        {
            ProfileEntry fromLeft = left.Entries[leftIndex];
            ProfileEntry fromRight = right.Entries[rightIndex];
            int order = fromLeft.Identifier.CompareTo(fromRight.Identifier);
            if (order == 0)
            {
                ProfileEntry further = fromLeft.AppliedTo >= fromRight.AppliedTo ? fromLeft : fromRight;
                entries.Add(
                    further with
                    {
                        Consent = ConsentLedger.Join(fromLeft.Consent, fromRight.Consent),
                        Leads = fromLeft.Leads.IsEmpty
                            ? fromRight.Leads
                            : [.. fromLeft.Leads.Union(fromRight.Leads, StringComparer.Ordinal)],
                    }
                );
                leftIndex++;
                rightIndex++;
            }
            else if (order < 0)
            {
                entries.Add(fromLeft);
                leftIndex++;
            }
            else
            {
                entries.Add(fromRight);
                rightIndex++;
            }
        }

        entries.AddRange(left.Entries.AsSpan()[leftIndex..]);
        entries.AddRange(right.Entries.AsSpan()[rightIndex..]);
        return new ProfileMap(entries.DrainToImmutable());
    }

    /// <summary>The map in two: the entries of these identifiers, and the others. <see cref="Union"/> is its inverse.</summary>
    public Parts<ProfileMap> Split(IReadOnlySet<Identifier> leaving) =>
        new(
            new ProfileMap([.. Entries.Where(entry => leaving.Contains(entry.Identifier))]),
            new ProfileMap([.. Entries.Where(entry => !leaving.Contains(entry.Identifier))])
        );

    /// <summary>What all entries together say: the profile that people see.</summary>
    public ProfileFold Join()
    {
        ProfileFold joined = ProfileFold.Empty;
        foreach (ProfileEntry entry in Entries)
        {
            joined = ProfileFold.Join(joined, entry.Fold);
        }

        return joined;
    }

    /// <summary>What all entries together count of a selector; null where it has met nothing.</summary>
    public Tally? TallyOf(string selector)
    {
        Tally? joined = null;
        foreach (ProfileEntry entry in Entries)
        {
            if (entry.Tallies.Find(selector) is { } tally)
            {
                joined = joined is null ? tally : Tally.Join(joined, tally);
            }
        }

        return joined;
    }

    /// <summary>Takes what was counted anew of an identifier; the same map where it is not held any more, or folded further since.</summary>
    public ProfileMap Recounted(Identifier identifier, long appliedTo, EntryTallies tallies)
    {
        int index = IndexOf(identifier);
        return index < 0 || Entries[index].AppliedTo != appliedTo
            ? this
            : new ProfileMap(Entries.SetItem(index, Entries[index] with { Tallies = tallies }));
    }

    private static ProfileEntry Counted(
        ProfileEntry entry,
        LogPlace place,
        Envelope envelope,
        IEventSelection? selection
    ) =>
        selection is null && entry.Tallies.IsEmpty
            ? entry
            : entry with
            {
                Tallies = entry.Tallies.With(envelope, place, entry.AppliedTo, selection),
            };

    private static ProfileEntry Heard(ProfileEntry entry, Envelope envelope) =>
        envelope.Consent is { } statement
            ? entry with
            {
                Consent = entry.Consent.With(statement.SpansOf(envelope)),
            }
            : entry;

    private int IndexOf(Identifier identifier)
    {
        ReadOnlySpan<ProfileEntry> entries = Entries.AsSpan();
        int low = 0;
        int high = entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = entries[middle].Identifier.CompareTo(identifier);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
