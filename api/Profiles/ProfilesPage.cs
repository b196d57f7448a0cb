using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>
/// A page of what one customer has: <c>{"customerId",…,"next"}</c>, where <c>next</c> is the next page's <c>cursor</c>, null
/// on the last.
/// </summary>
internal static class ProfilesPage
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    /// <summary>
    /// Which page is asked for. A cursor brings range and order of its first page along: the parameters beside it don't
    /// count.
    /// </summary>
    /// <param name="ofCursor">The page that a cursor points at; null where it is not one of ours.</param>
    /// <param name="first">The first page of a range.</param>
    public static Outcome<TRequest> Read<TRequest>(
        HttpContext context,
        Func<string, int, TRequest?> ofCursor,
        Func<TimeRange, int, Outcome<TRequest>> first
    )
        where TRequest : class
    {
        IQueryCollection query = context.Request.Query;
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        if (QueryValues.Single(query, "cursor") is { } cursor)
        {
            return
                CallerCursors.Unbind(Asker.Of(context), cursor) is { } own && ofCursor(own, limit.Value) is { } request
                ? request
                : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
        }

        Outcome<TimeRange> range = TimeRange.Read(query, "from", "to");
        return range.Succeeded ? first(range.Value, limit.Value) : range.Refusal;
    }

    /// <summary>Asks the gate for a page of the customer that the path names, and writes it.</summary>
    /// <param name="items">Writes the page's list, with its name.</param>
    /// <param name="next">The next page's cursor, or null.</param>
    public static async Task Answer<TRequest, TReply>(
        HttpContext context,
        Outcome<TRequest> asked,
        Func<Asker, string?, TRequest, CancellationToken, Task<Outcome<CustomerAnswer<TReply>>>> ask,
        Action<Utf8JsonWriter, TReply> items,
        Func<TRequest, TReply, string?> next
    )
        where TRequest : class
        where TReply : class
    {
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        var asker = Asker.Of(context);
        TRequest request = asked.Value;
        Outcome<CustomerAnswer<TReply>> found = await ask(
            asker,
            PathValues.InRegion(context),
            request,
            context.RequestAborted
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("customerId"u8, found.Value.CustomerId);
                items(writer, found.Value.Reply);
                writer.WriteString(
                    "next"u8,
                    next(request, found.Value.Reply) is { } place ? CallerCursors.Bind(asker, place) : null
                );
                writer.WriteEndObject();
            }
        );
    }
}
