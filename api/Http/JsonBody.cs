using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Http;

/// <summary>Reads the JSON bodies of calls that are not collect calls: small, bounded, parsed as a whole.</summary>
internal static class JsonBody
{
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(30);

    /// <summary>A member that stands there twice means two things, of which one would be done and the other not.</summary>
    public static JsonDocumentOptions Once { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the body and hands its root to <paramref name="read"/>; refuses what is too large or no JSON.</summary>
    public static async ValueTask<Outcome<T>> ReadAsync<T>(
        HttpRequest request,
        int bytesMax,
        Func<JsonElement, Outcome<T>> read
    )
        where T : notnull
    {
        TimeProvider time = request.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        Outcome<RequestBody> sent = await RequestBody.ReadAsync(request, new BodyLimits(bytesMax, s_timeMax), time);
        if (!sent.Succeeded)
        {
            return sent.Refusal;
        }

        using RequestBody body = sent.Value;
        try
        {
            using var document = JsonDocument.Parse(body.Bytes, Once);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid UTF-16 (a lone surrogate).
            return new BodyNotJson("it is not JSON in UTF-8, or has a member twice");
        }
    }
}
