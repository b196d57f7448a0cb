using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Customer360.Rules.Consent.Wire;

/// <summary>
/// Collects what a form says. An id that is said twice and differently is denied, whichever stands last: a form that
/// contradicts itself grants nothing.
/// </summary>
internal sealed class WireEntries(string form, WireJudgement judgement)
{
    /// <summary>
    /// A form with more ids is no form of a person's choice. None of it counts, since leaving out the rest could leave out
    /// a denial.
    /// </summary>
    public const int CountMax = 1_000;

    /// <summary>Segment's categories have fewer than 35 characters; ids of services are UUIDs.</summary>
    public const int IdLengthMax = 200;

    private readonly List<WireConsent> _entries = [];
    private readonly Dictionary<(string Form, string Id), int> _places = [];
    private bool _isRefused;

    /// <summary>What the meaning of the form depends on.</summary>
    public WireJudgement Judgement { get; } = judgement;

    /// <summary>Adds a denial where the form refuses the id, a grant where it allows it, nothing where it says neither.</summary>
    /// <param name="id">One that is empty or too long, or that no store takes as a text, is none.</param>
    /// <param name="isGranted">Null: the form says nothing about it.</param>
    /// <param name="saidAtLatest">When the form was written, where it tells; a time after receipt is the time of receipt.</param>
    /// <param name="until">When a grant ends.</param>
    public void Add(string? id, bool? isGranted, DateTimeOffset? saidAtLatest = null, DateTimeOffset? until = null)
    {
        if (id is not { Length: > 0 and <= IdLengthMax } || isGranted is not { } granted || !IsText(id))
        {
            return;
        }

        Add(
            new WireConsent(
                form,
                id,
                granted ? ConsentStatus.Granted : ConsentStatus.Denied,
                saidAtLatest > Judgement.ReceivedAt ? Judgement.ReceivedAt : saidAtLatest,
                granted ? until : null
            )
        );
    }

    /// <summary>Adds what a form inside this one says, under that form's own name.</summary>
    public void AddAll(ImmutableArray<WireConsent> entries)
    {
        foreach (WireConsent entry in entries)
        {
            Add(entry);
        }
    }

    /// <summary>Denies each id that is asked about and that the form, which lists all that is allowed, doesn't have.</summary>
    public void DenyMissing()
    {
        foreach (string id in Judgement.AskedIds)
        {
            if (!_places.ContainsKey((form, id)))
            {
                Add(id, isGranted: false);
            }
        }
    }

    /// <summary>What was collected, in the order in which the ids first came.</summary>
    public ImmutableArray<WireConsent> ToImmutable() => _isRefused ? [] : [.. _entries];

    /// <summary>False of U+0000, which PostgreSQL stores in no text, and of half of a surrogate pair.</summary>
    private static bool IsText(string id)
    {
        ReadOnlySpan<char> rest = id;
        while (Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == OperationStatus.Done && rune.Value != 0)
        {
            rest = rest[used..];
        }

        return rest.Length == 0;
    }

    private void Add(WireConsent entry)
    {
        if (_places.TryGetValue((entry.Form, entry.Id), out int place))
        {
            if (IsWeaker(entry, _entries[place]))
            {
                _entries[place] = entry;
            }
        }
        else if (_entries.Count == CountMax)
        {
            _isRefused = true;
        }
        else
        {
            _places.Add((entry.Form, entry.Id), _entries.Count);
            _entries.Add(entry);
        }
    }

    /// <summary>A denial is weaker than a grant; of two grants, the one that ends first.</summary>
    private static bool IsWeaker(WireConsent entry, WireConsent than) =>
        than.Status == ConsentStatus.Granted
        && (entry.Status == ConsentStatus.Denied || (entry.Until is { } until && !(than.Until <= until)));
}
