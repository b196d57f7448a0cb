using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Http;

/// <summary>
/// A name for each request, in the answer, in problems and in the log: the caller's, where it brought a plain one, else a new one.
/// </summary>
/// <remarks>
/// What a caller says stands in the log, so only letters, digits and a few marks are taken: a line break would begin a line of the
/// caller's own. <c>traceparent</c> is the tracing's, and is left to it.
/// </remarks>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    private const int LengthMax = 64;

    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.:"
    );

    /// <summary>Before everything else, so that every answer has it.</summary>
    public static void UseRequestIds(this IApplicationBuilder app)
    {
        TimeProvider time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        app.Use(next =>
            context =>
            {
                string id =
                    Given(context.Request.Headers[Header]) ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
                context.TraceIdentifier = id;
                context.Response.Headers[Header] = id;
                return next(context);
            }
        );
    }

    private static string? Given(StringValues header) =>
        header is [{ Length: > 0 and <= LengthMax } id] && !id.AsSpan().ContainsAnyExcept(s_plain) ? id : null;
}
