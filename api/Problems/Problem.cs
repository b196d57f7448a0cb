using System.Collections.Immutable;
using Customer360.Rules.Configuration;

namespace Customer360.Api.Problems;

/// <summary>What a caller is told when a request was not done, before it takes the shape of its path.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Code">Stable: what programs compare.</param>
/// <param name="Detail">One sentence for people, without personal data.</param>
/// <param name="RetryAfterSeconds">When another try makes sense; 0: not said.</param>
public readonly record struct Problem(int Status, string Code, string Detail, int RetryAfterSeconds = 0)
{
    /// <summary>Of a file that is not valid: everything that is wrong with it; else default.</summary>
    public ImmutableArray<ConfigFault> Faults { get; init; }

    /// <summary>The address of a kind of problem that others know, too; null: it is known by its status and code alone.</summary>
    public string? Type { get; init; }

    /// <summary>Of a caller with too many requests: the names of the limits that have no room; else default.</summary>
    public ImmutableArray<string> ViolatedPolicies { get; init; }

    /// <summary>The request's id, by which the log knows it, too; null in examples.</summary>
    public string? RequestId { get; init; }
}
