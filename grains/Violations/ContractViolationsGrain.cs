using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;

namespace Customer360.Grains;

/// <inheritdoc cref="IContractViolationsGrain"/>
[GrainType("contract-violations")]
public sealed class ContractViolationsGrain(
    [PersistentState(GrainKeys.ContractViolationsState, GrainKeys.Storage)]
        IPersistentState<ContractViolationsState> stored
) : Grain, IContractViolationsGrain
{
    public async Task Count(ViolationReport report)
    {
        ViolationTally before = stored.State.Tally;
        ViolationTally after = before.With(
            report.Partition,
            [
                .. report.Messages.Select(message => new ViolationFinding(
                    message.Position,
                    message.At,
                    [.. message.Kinds.Select(kind => new ViolationKey(kind.Contract, kind.Path, kind.Kind))]
                )),
            ]
        );
        if (!ReferenceEquals(before, after))
        {
            await stored.SaveOrTakeBack(new ContractViolationsState { Tally = after }, this);
        }
    }

    public Task<ImmutableArray<ViolationRow>> Get() =>
        Task.FromResult<ImmutableArray<ViolationRow>>([
            .. stored.State.Tally.Counts.Select(row => new ViolationRow(
                new ViolationPlace(row.Key.Contract, row.Key.Path, row.Key.Kind),
                row.Value.Count,
                row.Value.FirstAt,
                row.Value.LastAt
            )),
        ]);
}
