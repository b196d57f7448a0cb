using System.Collections.Immutable;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Contracts;

/// <summary>Kinds of violation beside the keywords of JSON Schema.</summary>
public static class ContractViolations
{
    /// <summary>Why such a message lies in quarantine, and the code of its refusal.</summary>
    public const string Reason = "contract_violated";

    public const string UnplannedEvent = "unplanned_event";
    public const string UnplannedProperty = "unplanned_property";

    /// <summary>The message names a version that the contract does not have; it was judged by the newest that fits.</summary>
    public const string UnknownVersion = "unknown_version";

    /// <summary>The version that it keeps is retired.</summary>
    public const string Retired = "retired";

    /// <summary>It carries none of the identifiers that it must.</summary>
    public const string IdentifierMissing = "identifier_missing";

    /// <summary>A recommended field is missing. It is told, and nothing is done.</summary>
    public const string Recommended = "recommended";

    /// <summary>Nobody could say whether the message keeps its contract.</summary>
    public const string NotJudged = "not_judged";
}

/// <summary>
/// What became of a message by its contract, as the policy had it when the message was received. It is part of the envelope, so a
/// replay comes to the same whatever the policy says by then.
/// </summary>
/// <param name="PolicyVersion">That policy.</param>
/// <param name="Contract">The contract's title; null: nobody has planned such an event.</param>
/// <param name="Version">Of the contract; null with it.</param>
/// <param name="Mode">What was done; allow where nothing is wrong.</param>
/// <param name="Violations">What is wrong: paths and kinds, never values.</param>
public sealed record ContractJudgement(
    string PolicyVersion,
    string? Contract,
    string? Version,
    ContractMode Mode,
    ImmutableArray<SchemaViolation> Violations
)
{
    /// <summary>The version is deprecated: its sender should move on.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>Where it lay in quarantine, <c>partition:position</c>: judged anew by the policy of then. Null: it never did.</summary>
    public string? ReleasedFrom { get; init; }

    /// <summary>The message is stored and counts for nobody.</summary>
    public bool IsHeld => Mode == ContractMode.Quarantine;

    /// <summary>Types of which the message must carry one. Known until it is written.</summary>
    internal ImmutableArray<string> MustCarry { get; init; } = [];

    /// <summary>What is done if it carries none.</summary>
    internal ContractMode CarryMode { get; init; }

    /// <summary>The judgement of a message that carries these identifiers.</summary>
    internal ContractJudgement CarriedBy(ImmutableArray<Identifier> identifiers) =>
        MustCarry.IsEmpty || MustCarry.Any(type => identifiers.Any(one => RegionalType.Is(one.Type, type)))
            ? this with
            {
                MustCarry = [],
            }
            : this with
            {
                MustCarry = [],
                Mode = Mode > CarryMode ? Mode : CarryMode,
                Violations = Violations.Add(new SchemaViolation("", ContractViolations.IdentifierMissing)),
            };

    /// <summary>Taken in all the same: what a person forbids must be known, whatever the message around it looks like.</summary>
    internal ContractJudgement Mild() =>
        this with
        {
            Mode = Mode > ContractMode.Annotate ? ContractMode.Annotate : Mode,
            CarryMode = CarryMode > ContractMode.Annotate ? ContractMode.Annotate : CarryMode,
        };

    public bool Equals(ContractJudgement? other) =>
        other is not null
        && PolicyVersion == other.PolicyVersion
        && Contract == other.Contract
        && Version == other.Version
        && Mode == other.Mode
        && IsDeprecated == other.IsDeprecated
        && ReleasedFrom == other.ReleasedFrom
        && Violations.AsSpan().SequenceEqual(other.Violations.AsSpan());

    public override int GetHashCode() => HashCode.Combine(PolicyVersion, Contract, Version, Mode);
}
