using System.Globalization;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Problems;

/// <summary>Answers a request with a problem, in the shape of its endpoint.</summary>
public static class ProblemWriter
{
    /// <summary>Answers with what a refusal means.</summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal) =>
        WriteAsync(context, ProblemOf.Refusal(refusal));

    /// <summary>Answers with a problem. The response must not have started.</summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        HttpResponse response = context.Response;
        ProblemShape shape = context.GetEndpoint()?.Metadata.GetMetadata<ProblemShape>() ?? ProblemShape.Details;
        response.StatusCode = problem.Status;
        response.ContentType = shape.ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            // Bearer, unless the endpoint is for browsers: a Basic challenge makes them ask their user for a password.
            if (response.Headers.WWWAuthenticate.Count == 0)
            {
                response.Headers.WWWAuthenticate = "Bearer";
            }
        }

        if (problem.RetryAfterSeconds > 0)
        {
            string seconds = problem.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            response.Headers.RetryAfter = seconds;
            if (problem.Status == StatusCodes.Status429TooManyRequests)
            {
                response.Headers["X-RateLimit-Reset"] = seconds;
            }
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            shape.Write(problem with { RequestId = context.TraceIdentifier }, response.BodyWriter);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
