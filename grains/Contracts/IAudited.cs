using System.Collections.Immutable;
using Customer360.Rules.Audit;

namespace Customer360.Grains.Contracts;

/// <summary>
/// A state that brings the audit entries of what its next write changes. Both are written in one transaction: there is no change
/// without its record, and no record of a change that was not.
/// </summary>
public interface IAudited
{
    /// <summary>Set by the grain before it writes. It is no part of the stored state.</summary>
    ImmutableArray<AuditEntry> Audit { get; set; }
}
