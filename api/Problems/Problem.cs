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
}
