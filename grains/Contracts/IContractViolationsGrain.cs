using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>What messages of a source do not keep of their contracts, counted. Key: the source's name.</summary>
[Alias("c360.IContractViolationsGrain")]
public interface IContractViolationsGrain : IGrainWithStringKey
{
    /// <summary>Counts what a partition tells; what it has told before changes nothing.</summary>
    [Alias("Count")]
    Task Count(ViolationReport report);

    /// <summary>All counts, by contract, path and kind.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ImmutableArray<ViolationRow>> Get();
}

/// <param name="Messages">By rising position.</param>
[GenerateSerializer, Immutable, Alias("c360.ViolationReport")]
public sealed record ViolationReport(
    [property: Id(0)] int Partition,
    [property: Id(1)] ImmutableArray<ViolationMessage> Messages
);

/// <param name="Position">Of the message in its partition.</param>
/// <param name="At">When it was received, UTC.</param>
/// <param name="Kinds">What is wrong with it, each once.</param>
[GenerateSerializer, Immutable, Alias("c360.ViolationMessage")]
public sealed record ViolationMessage(
    [property: Id(0)] long Position,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] ImmutableArray<ViolationPlace> Kinds
);

/// <param name="Contract">The contract's title, or <c>*</c>.</param>
/// <param name="Path">Where in the message, by names of the schema alone.</param>
/// <param name="Kind">A keyword of JSON Schema, or a code.</param>
[GenerateSerializer, Immutable, Alias("c360.ViolationPlace")]
public readonly record struct ViolationPlace(
    [property: Id(0)] string Contract,
    [property: Id(1)] string Path,
    [property: Id(2)] string Kind
);

/// <param name="Place">What is counted.</param>
/// <param name="Count">Messages.</param>
/// <param name="FirstAt">When the first of them was received, UTC.</param>
/// <param name="LastAt">When the last of them was received, UTC.</param>
[GenerateSerializer, Immutable, Alias("c360.ViolationRow")]
public sealed record ViolationRow(
    [property: Id(0)] ViolationPlace Place,
    [property: Id(1)] long Count,
    [property: Id(2)] DateTimeOffset FirstAt,
    [property: Id(3)] DateTimeOffset LastAt
);
