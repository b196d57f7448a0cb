using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary>All events that the audiences of a policy count, found by their names: a message that no audience mentions costs one look-up.</summary>
public sealed class EventSelection : IEventSelection
{
    private const int IdBytes = 6;

    private readonly FrozenDictionary<string, ImmutableArray<EventSelector>> _byName;
    private readonly FrozenSet<string> _ids;

    public EventSelection(IEnumerable<EventSelector> selectors)
    {
        EventSelector[] all = [.. selectors.DistinctBy(one => one.Id).OrderBy(one => one.Id, StringComparer.Ordinal)];
        _byName = all.GroupBy(one => one.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        _ids = all.Select(one => one.Id).ToFrozenSet(StringComparer.Ordinal);
        Id = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all.Select(one => one.Id)))).AsSpan(0, IdBytes)
        );
    }

    public string Id { get; }

    /// <summary>Nothing is counted.</summary>
    public bool IsEmpty => _ids.Count == 0;

    public bool Has(string selector) => _ids.Contains(selector);

    public ImmutableArray<(string Selector, Moment Moment)> Meet(Envelope envelope, LogPlace place)
    {
        if (envelope.Name is not { } name || !_byName.TryGetValue(name, out ImmutableArray<EventSelector> named))
        {
            return [];
        }

        FactSet properties = named.Any(one => one.LooksInside) ? PropertiesOf(envelope) : FactSet.Empty;
        return Meet(named, envelope.Kind, envelope.Timestamp, properties, place);
    }

    /// <summary>The same of an event that is no message, as an example's.</summary>
    internal ImmutableArray<(string Selector, Moment Moment)> Meet(
        EventKind kind,
        string name,
        DateTimeOffset at,
        FactSet properties,
        LogPlace place
    ) =>
        _byName.TryGetValue(name, out ImmutableArray<EventSelector> named)
            ? Meet(named, kind, at, properties, place)
            : [];

    private static ImmutableArray<(string Selector, Moment Moment)> Meet(
        ImmutableArray<EventSelector> named,
        EventKind kind,
        DateTimeOffset at,
        FactSet properties,
        LogPlace place
    )
    {
        var met = ImmutableArray.CreateBuilder<(string, Moment)>(named.Length);
        foreach (EventSelector selector in named)
        {
            if (selector.Kind == kind && selector.Meet(at, properties, place) is { } moment)
            {
                met.Add((selector.Id, moment));
            }
        }

        return met.DrainToImmutable();
    }

    private static FactSet PropertiesOf(Envelope envelope)
    {
        JsonElement? properties = EnvelopeProperties.Of(envelope, out JsonDocument document);
        using JsonDocument owned = document;
        return properties is { } found
            ? LeadFactReader.PropertiesOf(Encoding.UTF8.GetBytes(found.GetRawText()))
            : FactSet.Empty;
    }
}
