namespace Customer360.Api.Http;

/// <summary>Status 200 with a text that no cache keeps. The route describes it.</summary>
/// <param name="mediaType">Without a charset: it is UTF-8.</param>
public sealed class TextAnswer(string text, string mediaType) : IResult
{
    /// <summary>The entity tag with its quotes; null: the answer has none.</summary>
    public string? ETag { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = $"{mediaType}; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (ETag is not null)
        {
            response.Headers.ETag = ETag;
        }

        return response.WriteAsync(text, httpContext.RequestAborted);
    }
}
