using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts;

/// <summary><c>contracts.yaml</c>, read: what messages must look like, and what is done with those that do not.</summary>
public sealed class ContractsPolicy
{
    private readonly Dictionary<(EventKind Kind, string Name), EventContract[]> _named;
    private readonly Dictionary<EventKind, EventContract[]> _general;

    /// <param name="contracts">By kind and name.</param>
    /// <param name="modes">For all sources.</param>
    /// <param name="sources">By the source's name.</param>
    public ContractsPolicy(
        ImmutableArray<EventContract> contracts,
        ContractModeSet modes,
        ImmutableSortedDictionary<string, SourceModes> sources
    )
    {
        Contracts = contracts;
        Modes = modes;
        Sources = sources;
        _named = contracts
            .Where(one => one.Name is not null)
            .GroupBy(one => (one.Kind, one.Name!))
            .ToDictionary(group => group.Key, group => group.ToArray());
        _general = contracts
            .Where(one => one.Name is null)
            .GroupBy(one => one.Kind)
            .ToDictionary(group => group.Key, group => group.ToArray());
        IsSilent =
            contracts.IsEmpty
            && modes.UnplannedEvents is null or ContractMode.Allow
            && sources.Values.All(source =>
                source.Events.Values.Append(source.Modes).All(one => one.UnplannedEvents is null or ContractMode.Allow)
            );
    }

    public ImmutableArray<EventContract> Contracts { get; }

    public ContractModeSet Modes { get; }

    public ImmutableSortedDictionary<string, SourceModes> Sources { get; }

    /// <summary>It asks nothing of any message.</summary>
    public bool IsSilent { get; }

    /// <summary>The contract of such messages; the one with their name before the one for all of their kind.</summary>
    public EventContract? Find(EventKind kind, string? name, string source)
    {
        if (name is not null && _named.TryGetValue((kind, name), out EventContract[]? named))
        {
            foreach (EventContract one in named)
            {
                if (one.IsFor(source))
                {
                    return one;
                }
            }
        }

        if (_general.TryGetValue(kind, out EventContract[]? general))
        {
            foreach (EventContract one in general)
            {
                if (one.IsFor(source))
                {
                    return one;
                }
            }
        }

        return null;
    }

    /// <summary>What is done with a violation of a contract. Default: observe.</summary>
    public ContractMode ViolationMode(string source, string title) =>
        ModeOf(source, title, static modes => modes.Violations) ?? ContractMode.Observe;

    /// <summary>What is done with an event that nobody has planned. Default: allow.</summary>
    public ContractMode UnplannedEventMode(string source, string title) =>
        ModeOf(source, title, static modes => modes.UnplannedEvents) ?? ContractMode.Allow;

    /// <summary>What is done with properties that nobody has planned. Default: allow.</summary>
    public ContractMode UnplannedPropertyMode(string source, string title) =>
        ModeOf(source, title, static modes => modes.UnplannedProperties) ?? ContractMode.Allow;

    private ContractMode? ModeOf(string source, string title, Func<ContractModeSet, ContractMode?> of)
    {
        ContractMode? mode = null;
        if (Sources.TryGetValue(source, out SourceModes? own))
        {
            mode = own.Events.TryGetValue(title, out ContractModeSet? single) ? of(single) : null;
            mode ??= of(own.Modes);
        }

        return mode ?? of(Modes);
    }
}
