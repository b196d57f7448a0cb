using System.Collections.Immutable;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Quarantine;

/// <summary><c>/v1/quarantine/messages</c>: stored messages that could not be applied.</summary>
internal sealed class QuarantineMessages(
    IGrainFactory grains,
    ProfileAccess access,
    JobsHandler jobs,
    IOptions<GridOptions> options
)
{
    /// <summary>Begins a re-drive of those that did not keep their contracts.</summary>
    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Redrive(
        QueryText dryRun,
        QueryText source,
        QueryText contract,
        QueryText kind,
        CallerName caller
    )
    {
        // A misspelt word must not change anything.
        if (dryRun.Value is not (null or "true" or "false"))
        {
            return new ProblemResult(new ParameterInvalid(nameof(dryRun), "it must be true or false"));
        }

        Outcome<JobAnswer> job = await jobs.StartRedrive(
            caller,
            new RedriveFilter(source.Value, contract.Value, kind.Value),
            isDryRun: dryRun.Value == "true"
        );
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    /// <summary>A page, by partition and position. The messages themselves are in the log.</summary>
    public async Task<Results<Answer<QuarantinedMessagesAnswer>, ProblemResult>> List(
        HttpContext context,
        PageAsked asked
    )
    {
        if (!asked.Limit.Succeeded)
        {
            return new ProblemResult(asked.Limit.Refusal);
        }

        var asker = Asker.Of(context);
        MessagePlace? after = null;
        if (
            asked.Cursor is { } cursor
            && (after = CallerCursors.Unbind(asker, cursor) is { } own ? QuarantineCursors.ReadMessage(own) : null)
                is null
        )
        {
            return new ProblemResult(new ParameterInvalid("cursor", "it must be the 'next' of a page before"));
        }

        // One more than is shown says whether another page follows.
        int limit = asked.Limit.Value;
        Outcome<ImmutableArray<QuarantinedPlace>> found = await access.ListHeldMessages(asker, after, limit + 1);
        if (!found.Succeeded)
        {
            return new ProblemResult(found.Refusal);
        }

        context.Response.MarkUnstored();
        string? next =
            found.Value.Length > limit
                ? CallerCursors.Bind(asker, QuarantineCursors.Write(found.Value[limit - 1]))
                : null;
        return new Answer<QuarantinedMessagesAnswer>(QuarantinedMessagesAnswer.From(found.Value, limit, next));
    }

    /// <summary>Tries a message again.</summary>
    public async Task<Results<Answer<RetriedMessageAnswer>, ProblemResult>> Retry(HttpContext context)
    {
        MessagePlace? place = QuarantineCursors.ReadPlace(
            context.Request.RouteValues["partition"] as string,
            context.Request.RouteValues["position"] as string
        );
        if (place is null || place.Partition >= options.Value.Partitions)
        {
            return new ProblemResult(new NotFound("quarantined message"));
        }

        RetryReply reply = await grains.GetGrain<IIntakeGrain>(place.Partition).RetryQuarantined(place.Position);
        if (!reply.IsFound)
        {
            return new ProblemResult(new NotFound("quarantined message"));
        }

        if (reply.Reason is { } reason)
        {
            return new ProblemResult(new StillFailing(reason));
        }

        context.Response.MarkUnstored();
        return new Answer<RetriedMessageAnswer>(new(place.Partition, place.Position, Applied: true));
    }
}
