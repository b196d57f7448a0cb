using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Exports;

/// <summary>Begins exports and verifications, and says what the last ones came to.</summary>
internal sealed class ExportsHandler(JobsHandler jobs)
{
    public async Task<Answer<ExportsAnswer>> Get() =>
        new(new ExportsAnswer(await jobs.FindLast(JobKind.Export), await jobs.FindLast(JobKind.ExportVerify)));

    /// <summary>Writes the mirror on.</summary>
    public Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Begin(HttpRequest request, CallerName caller) =>
        Begin(ExportBody.ReadExport(request), caller, isVerification: false);

    /// <summary>Compares it with the grid.</summary>
    public Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Verify(HttpRequest request, CallerName caller) =>
        Begin(ExportBody.ReadVerification(request), caller, isVerification: true);

    private async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Begin(
        ValueTask<Outcome<ExportOrder>> read,
        CallerName caller,
        bool isVerification
    )
    {
        Outcome<ExportOrder> order = await read;
        if (!order.Succeeded)
        {
            return new ProblemResult(order.Refusal);
        }

        Outcome<JobAnswer> job = await jobs.StartExport(caller, order.Value, isVerification);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }
}
