using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>A step without a call: it ends requests that nothing can answer, or says why none can be made.</summary>
internal sealed record IdleStep : ReadStep
{
    public IdleStep(ImmutableArray<ReadRequest> finished, ReadFailure? failure) =>
        Report = new ReadReport { Finished = finished, Failure = failure };

    protected override ReadStep Take(JsonElement answer, CrmAnswer whole) => this;

    protected override ReadFailure? FailureOf(CrmAnswer answer) => null;

    protected override ReadStep Broken(ReadFailure? failure) => this;
}
