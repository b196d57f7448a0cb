using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Http;

/// <summary>How caches must treat answers that hold what is known about people.</summary>
internal static class PersonalData
{
    private static readonly StringValues s_privateNoCache = "private, no-cache";
    private static readonly StringValues s_noStore = "private, no-store";
    private static readonly StringValues s_authorization = "Authorization";

    /// <summary>
    /// The caller's own cache alone may keep the answer, and asks again before it shows it. What another key would have been
    /// shown is another answer. Of a 304, too.
    /// </summary>
    public static void MarkPrivate(this HttpResponse response)
    {
        response.Headers.CacheControl = s_privateNoCache;
        response.Headers.Vary = s_authorization;
    }

    /// <summary>Nobody keeps the answer: it has no tag to ask by whether it still holds.</summary>
    public static void MarkUnstored(this HttpResponse response)
    {
        response.Headers.CacheControl = s_noStore;
        response.Headers.Vary = s_authorization;
    }
}
