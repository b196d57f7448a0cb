using System.Text.Json;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

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
        IQueryCollection query,
        Func<string, int, TRequest?> ofCursor,
        Func<TimeRange, int, Outcome<TRequest>> first
    )
        where TRequest : class
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        if (ProfilesQuery.Single(query, "cursor") is { } cursor)
        {
            return ofCursor(cursor, limit.Value) is { } request
                ? request
                : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
        }

        Outcome<TimeRange> range = TimeRange.Read(query, "from", "to");
        return range.Succeeded ? first(range.Value, limit.Value) : range.Refusal;
    }

    /// <summary>Asks the customer that the path names, and writes its page.</summary>
    /// <param name="movedTo">Reads from the answer where the customer has gone, or null.</param>
    /// <param name="items">Writes the page's list, with its name.</param>
    /// <param name="next">The next page's cursor, or null.</param>
    public static async Task Answer<TRequest, TReply>(
        HttpContext context,
        ProfilesDirectory directory,
        Outcome<TRequest> asked,
        Func<ICustomerGrain, TRequest, Task<TReply>> ask,
        Func<TReply, string?> movedTo,
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

        TRequest request = asked.Value;
        Outcome<Answer<TReply>> found = await directory.Ask(
            ProfilesPath.InRegion(context),
            customer => ask(customer, request),
            movedTo
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("customerId"u8, found.Value.CustomerId);
                items(writer, found.Value.Reply);
                writer.WriteString("next"u8, next(request, found.Value.Reply));
                writer.WriteEndObject();
            }
        );
    }
}
