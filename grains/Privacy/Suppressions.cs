using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>
/// A node's copy of the list of suppressed identifiers: what every message is looked up in before it is stored. It is never ahead of
/// the stored list, and whoever needs it as far as a certain place waits for that. Thread-safe.
/// </summary>
public sealed class Suppressions(ISuppressionList list, SuppressionKey key)
{
    private const int PageEntries = 5_000;

    /// <summary>Identifiers that are remembered as not suppressed: the hash of one costs more than all else that a message is looked at for.</summary>
    private const int KnownMax = 65_536;

    private readonly ConcurrentDictionary<SuppressionHash, (long Sequence, bool IsSuppressed)> _entries = [];
    private volatile ConcurrentDictionary<Identifier, bool> _free = [];
    private long _sequence;

    /// <summary>The place in the list up to which this copy goes.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Brings the copy up to the end of the list.</summary>
    /// <exception cref="StorageUnavailableException">The list can't be read: nobody may be taken for not suppressed.</exception>
    public async Task Refresh(CancellationToken cancellationToken)
    {
        ImmutableArray<SuppressionEntry> page;
        do
        {
            long from = Sequence;
            page = await list.ReadAsync(from, PageEntries, cancellationToken);
            Take(page);
        } while (page.Length == PageEntries);
    }

    /// <summary>Brings the copy up to a place in the list, at least.</summary>
    public async Task Follow(long sequence, CancellationToken cancellationToken)
    {
        if (Sequence < sequence)
        {
            await Refresh(cancellationToken);
        }

        if (Sequence < sequence)
        {
            throw new StorageUnavailableException("The list of suppressions does not go as far as it must.");
        }
    }

    private bool Has(Identifier identifier) =>
        _entries.TryGetValue(key.Of(identifier), out var entry) && entry.IsSuppressed;

    public bool IsSuppressed(Identifier identifier)
    {
        if (_entries.IsEmpty)
        {
            return false;
        }

        // The one that stands now: after a change of the list there is another, and what is found out by the old list is not kept.
        ConcurrentDictionary<Identifier, bool> free = _free;
        if (free.ContainsKey(identifier))
        {
            return false;
        }

        // A former id in an alias call is read as a device's, whatever it was: whoever is gone as one is gone as the other.
        bool isSuppressed = Has(identifier) || (FormerIds.TwinOf(identifier) is { } twin && Has(twin));
        if (!isSuppressed && free.Count < KnownMax)
        {
            free.TryAdd(identifier, true);
        }
        else if (!isSuppressed)
        {
            _free = [];
        }

        return isSuppressed;
    }

    /// <summary>
    /// What may be taken in of a message: all of it (the same object), the message without the identifiers that are suppressed, or
    /// nothing (null), where its anchor is.
    /// </summary>
    public Envelope? Strip(Envelope envelope)
    {
        if (_entries.IsEmpty)
        {
            return envelope;
        }

        if (IsSuppressed(envelope.Anchor))
        {
            return null;
        }

        List<Identifier>? suppressed = null;
        for (int index = 1; index < envelope.Identifiers.Length; index++)
        {
            if (IsSuppressed(envelope.Identifiers[index]))
            {
                (suppressed ??= []).Add(envelope.Identifiers[index]);
            }
        }

        // A deal names people beside those whom it is about: a CRM that is read again would bring back who was forgotten.
        foreach (OpportunityContact contact in OpportunityReader.ContactsIn(envelope))
        {
            if (IsSuppressed(contact.Identifier))
            {
                (suppressed ??= []).Add(contact.Identifier);
            }
        }

        return suppressed is null
            ? envelope
            : EnvelopeReader.FromJson(
                EnvelopeRedaction.Redact(envelope.Json.Span, new ErasureTargets(suppressed)) ?? envelope.Json
            );
    }

    private void Take(ImmutableArray<SuppressionEntry> page)
    {
        foreach (SuppressionEntry entry in page)
        {
            if (entry.Sequence == 1 && entry.Hash != key.Mark)
            {
                throw new StorageUnavailableException("The list of suppressions was made with another key.");
            }

            (long Sequence, bool IsSuppressed) one = (entry.Sequence, entry.Change == SuppressionChange.Suppressed);
            // Two may read the list at once; of an identifier the last entry counts, whoever brings it.
            _entries.AddOrUpdate(
                entry.Hash,
                static (_, added) => added,
                static (_, known, added) => added.Sequence > known.Sequence ? added : known,
                one
            );
        }

        if (page.IsEmpty)
        {
            return;
        }

        _free = [];
        long last = page[^1].Sequence;
        long known;
        while ((known = Volatile.Read(ref _sequence)) < last)
        {
            Interlocked.CompareExchange(ref _sequence, last, known);
        }
    }
}
