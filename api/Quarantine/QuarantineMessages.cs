using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Quarantine;

/// <summary><c>/v1/quarantine/messages</c>: stored messages that could not be applied.</summary>
internal sealed class QuarantineMessages(IGrainFactory grains, ProfileAccess access, IOptions<GridOptions> options)
{
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    /// <summary>A page, by partition and position. The messages themselves are in the log.</summary>
    public async Task List(HttpContext context)
    {
        Outcome<int> limit = QueryValues.Limit(context.Request.Query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, limit.Refusal);
            return;
        }

        var asker = Asker.Of(context);
        MessagePlace? after = null;
        if (
            QueryValues.Single(context.Request.Query, "cursor") is { } cursor
            && (after = CallerCursors.Unbind(asker, cursor) is { } own ? QuarantineCursors.ReadMessage(own) : null)
                is null
        )
        {
            await ProblemWriter.WriteAsync(
                context,
                new ParameterInvalid("cursor", "it must be the 'next' of a page before")
            );
            return;
        }

        // One more than is shown says whether another page follows.
        Outcome<ImmutableArray<QuarantinedPlace>> found = await access.ListHeldMessages(asker, after, limit.Value + 1);
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => Write(writer, found.Value, limit.Value, asker));
    }

    /// <summary>Tries a message again.</summary>
    public async Task Retry(HttpContext context)
    {
        MessagePlace? place = QuarantineCursors.ReadPlace(
            context.Request.RouteValues["partition"] as string,
            context.Request.RouteValues["position"] as string
        );
        if (place is null || place.Partition >= options.Value.Partitions)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("quarantined message"));
            return;
        }

        RetryReply reply = await grains.GetGrain<IIntakeGrain>(place.Partition).RetryQuarantined(place.Position);
        if (!reply.IsFound)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("quarantined message"));
            return;
        }

        if (reply.Reason is { } reason)
        {
            await ProblemWriter.WriteAsync(context, new StillFailing(reason));
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("partition"u8, place.Partition);
                writer.WriteNumber("position"u8, place.Position);
                writer.WriteBoolean("applied"u8, true);
                writer.WriteEndObject();
            }
        );
    }

    private static void Write(Utf8JsonWriter writer, ImmutableArray<QuarantinedPlace> found, int limit, Asker asker)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("messages"u8);
        foreach (QuarantinedPlace one in found.AsSpan(0, Math.Min(limit, found.Length)))
        {
            writer.WriteStartObject();
            writer.WriteNumber("partition"u8, one.Partition);
            writer.WriteNumber("position"u8, one.Position);
            writer.WriteString("reason"u8, one.Reason);
            writer.WriteTime("quarantinedAt"u8, one.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString(
            "next"u8,
            found.Length > limit ? CallerCursors.Bind(asker, QuarantineCursors.Write(found[limit - 1])) : null
        );
        writer.WriteEndObject();
    }
}
