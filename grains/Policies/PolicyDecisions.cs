using System.Collections.Immutable;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Keeps the steps of policies in the decision log, beside those of identities. Their audit records are there already, written
/// with the ledger; where a former release wrote the ledger, the decision brings them.
/// </summary>
public sealed class PolicyDecisions(IDecisionLog decisions) : IPolicyAudit
{
    public Task Record(string kind, ImmutableArray<PolicyStep> steps) =>
        decisions.AppendAsync([.. steps.Select(step => PolicyStepRecord.Of(kind, step))], CancellationToken.None);
}
