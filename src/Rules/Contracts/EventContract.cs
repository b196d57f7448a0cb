using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Contracts;

/// <summary>How far a version of a contract has come.</summary>
public enum ContractStatus
{
    /// <summary>It is talked about; no message is judged by it.</summary>
    Proposed = 1,
    Active = 2,

    /// <summary>It still counts; who sends it is warned.</summary>
    Deprecated = 3,

    /// <summary>Whoever still sends it violates the contract.</summary>
    Retired = 4,
}

/// <summary>Which part of a message a schema is about.</summary>
public enum ContractCover
{
    /// <summary>The properties of an event, the traits of a person or an account.</summary>
    Part = 1,

    /// <summary>The whole message as it was sent, as in a Segment tracking plan.</summary>
    Message = 2,
}

/// <summary>One version of a contract.</summary>
/// <param name="Status">As the file says it; <see cref="StatusAt"/> knows the dates, too.</param>
/// <param name="SchemaJson">Canonical: what was compiled to <paramref name="Schema"/>.</param>
public sealed record ContractVersion(
    SemanticVersion Version,
    ContractStatus Status,
    string SchemaJson,
    CompiledSchema Schema
)
{
    /// <summary>The properties or traits that it names.</summary>
    public DeclaredMembers Declared { get; init; } = Schema.Declared();

    /// <summary>From then on it is deprecated, UTC.</summary>
    public DateOnly? DeprecatedOn { get; init; }

    /// <summary>From then on it is retired, UTC.</summary>
    public DateOnly? RetiredOn { get; init; }

    /// <summary>Members that must be there and not null.</summary>
    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>Members whose absence is told and nothing more.</summary>
    public ImmutableArray<string> Recommended { get; init; } = [];

    public ContractStatus StatusAt(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return Status == ContractStatus.Proposed ? Status
            : Status == ContractStatus.Retired || day >= RetiredOn ? ContractStatus.Retired
            : Status == ContractStatus.Deprecated || day >= DeprecatedOn ? ContractStatus.Deprecated
            : ContractStatus.Active;
    }
}

/// <summary>What an event, or the traits of a person or an account, must look like.</summary>
/// <param name="Name">Of a track call, page or screen; null: of all of the kind.</param>
/// <param name="Versions">The newest first; never empty.</param>
public sealed record EventContract(
    EventKind Kind,
    string? Name,
    PolicyOwner Owner,
    ImmutableArray<ContractVersion> Versions
)
{
    public string? Description { get; init; }

    public ContractCover Covers { get; init; } = ContractCover.Part;

    /// <summary>Sources that it is for; empty: all.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>Types of identifiers of which a message must carry one; empty: any.</summary>
    public ImmutableArray<string> Identifiers { get; init; } = [];

    /// <summary>How sensitive its fields are, by path.</summary>
    public ImmutableSortedDictionary<string, FieldClass> Classes { get; init; } =
        ImmutableSortedDictionary<string, FieldClass>.Empty;

    /// <summary>How lists and receipts name it: the event's name, else the kind.</summary>
    public string Title => Name ?? EventKinds.Text(Kind);

    public bool IsFor(string source) => Sources.IsEmpty || Sources.Contains(source, StringComparer.Ordinal);
}
