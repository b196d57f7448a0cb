using System.Text.Json.Serialization;
using Customer360.Api.Quality;

namespace Customer360.Api.Catalog;

/// <summary>A page of what there is.</summary>
/// <param name="Entries">By kind and name.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record CatalogAnswer(IReadOnlyList<CatalogEntry> Entries, string? Next);

/// <summary>One thing that data is made of, or that is made of data.</summary>
/// <param name="Kind"><c>event</c>, <c>field</c>, <c>identifier</c>, <c>audience</c>, <c>destination</c> or <c>policy</c>.</param>
/// <param name="Name">An event's name, a field's path, a type, a name of a file.</param>
public sealed record CatalogEntry(string Kind, string Name)
{
    public string? Description { get; init; }

    /// <summary>Who answers for it; null: nobody is named.</summary>
    public QualityOwnerAnswer? Owner { get; init; }

    /// <summary>Of a field: <c>public</c>, <c>personal</c>, <c>sensitive</c> …; null of what has none.</summary>
    public string? Class { get; init; }

    /// <summary>Of an event: the newest version of its contract that counts; of a field: the events and traits whose contract has it.</summary>
    public IReadOnlyList<string> Contracts { get; init; } = [];

    /// <summary>Of an event: who has sent it; of a field: those that master it, the highest first.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Of an event: when it was first received, as far back as it is known, UTC.</summary>
    public DateTime? FirstSeenAt { get; init; }

    /// <summary>Of an event: when it was last received, as of the last look within minutes, UTC.</summary>
    public DateTime? LastSeenAt { get; init; }

    /// <summary>What depends on it: <c>audience:vip</c>, <c>destination:crm</c>, <c>check:order-total</c>, <c>conversion:order</c>.</summary>
    public IReadOnlyList<string> Consumers { get; init; } = [];

    /// <summary>Of a policy: the version in force.</summary>
    public string? Version { get; init; }

    /// <summary>By what pages are ordered.</summary>
    internal string Key => $"{Kind}\n{Name}";
}

/// <summary>Where a field is mastered.</summary>
/// <param name="Field">What was asked for.</param>
/// <param name="Rule">The field whose rule counts: its own, or <c>*</c> where it has none.</param>
/// <param name="Strategy"><c>latest</c>, <c>first</c>, <c>source-priority</c>, <c>most-frequent</c>, <c>max</c> or <c>min</c>.</param>
/// <param name="Sources">Ranked, the highest first.</param>
/// <param name="Writers">The only sources that may write it; null: every source.</param>
/// <param name="Class">How sensitive it is.</param>
/// <param name="Owner">Who answers for it by the contract of traits; null: nobody is named.</param>
/// <param name="PolicyVersion">Of <c>mastership.yaml</c>.</param>
public sealed record MasteredAnswer(
    string Field,
    string Rule,
    string Strategy,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string>? Writers,
    string Class,
    QualityOwnerAnswer? Owner,
    string PolicyVersion
);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(CatalogAnswer))]
[JsonSerializable(typeof(MasteredAnswer))]
internal sealed partial class CatalogJson : JsonSerializerContext;
