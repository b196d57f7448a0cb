using System.Collections.Immutable;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Ports;

/// <summary>
/// Takes every step in the life of a policy. A step is written with the change that it tells of and handed over until this has
/// taken it, so it comes once or, after a crash, again.
/// </summary>
public interface IPolicyAudit
{
    /// <summary>Completes when the steps are durable. A step that it has already (kind and number) changes nothing.</summary>
    /// <param name="kind">The kind of policy: <c>identity</c>.</param>
    /// <param name="steps">In their order.</param>
    Task Record(string kind, ImmutableArray<PolicyStep> steps);
}
