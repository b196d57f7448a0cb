using System.Collections.Immutable;

namespace Customer360.Rules.Contracts;

/// <summary>What is done with a message that does not keep its contract, from the mildest on.</summary>
public enum ContractMode
{
    /// <summary>Nothing, and it is no violation: of events and properties that nobody has planned.</summary>
    Allow = 0,

    /// <summary>It counts as usual; the violation is counted, and receipts say it.</summary>
    Observe = 1,

    /// <summary>As observe, and timelines say it, too.</summary>
    Annotate = 2,

    /// <summary>It is stored and counts for nobody until it is re-driven.</summary>
    Quarantine = 3,

    /// <summary>It is not taken, and its sender is told.</summary>
    Refuse = 4,
}

/// <summary>Modes in texts: <c>observe</c>.</summary>
public static class ContractModeNames
{
    public const string Known = "allow, observe, annotate, quarantine, refuse";

    public static string Text(ContractMode mode) =>
        mode switch
        {
            ContractMode.Observe => "observe",
            ContractMode.Annotate => "annotate",
            ContractMode.Quarantine => "quarantine",
            ContractMode.Refuse => "refuse",
            _ => "allow",
        };

    public static ContractMode? Parse(string text) =>
        text switch
        {
            "allow" => ContractMode.Allow,
            "observe" => ContractMode.Observe,
            "annotate" => ContractMode.Annotate,
            "quarantine" => ContractMode.Quarantine,
            "refuse" => ContractMode.Refuse,
            _ => null,
        };
}

/// <summary>What is done, by the kind of violation; what is null is said elsewhere.</summary>
/// <param name="Violations">Of a contract.</param>
/// <param name="UnplannedEvents">A track call whose name no contract has.</param>
/// <param name="UnplannedProperties">Members that the contract does not name.</param>
public sealed record ContractModeSet(
    ContractMode? Violations,
    ContractMode? UnplannedEvents,
    ContractMode? UnplannedProperties
)
{
    public static ContractModeSet Silent { get; } = new(null, null, null);
}

/// <summary>The modes of a source, and those of single events of it.</summary>
public sealed record SourceModes(ContractModeSet Modes, ImmutableSortedDictionary<string, ContractModeSet> Events);
