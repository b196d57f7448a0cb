using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Payloads;

/// <summary>Reads the JSON bodies of calls that are not collect calls: small, bounded, parsed as a whole.</summary>
internal static class JsonBody
{
    /// <summary>Reads the body and hands its root to <paramref name="read"/>; refuses what is too large or no JSON.</summary>
    public static async ValueTask<Outcome<T>> ReadAsync<T>(
        HttpRequest request,
        int bytesMax,
        Func<JsonElement, Outcome<T>> read,
        CancellationToken cancellationToken
    )
        where T : notnull
    {
        Outcome<MemoryStream> body = await ReadBytes(request, bytesMax, cancellationToken);
        if (!body.Succeeded)
        {
            return body.Refusal;
        }

        try
        {
            using var document = JsonDocument.Parse(body.Value.GetBuffer().AsMemory(0, (int)body.Value.Length));
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid UTF-16 (a lone surrogate).
            return new BodyNotJson("it is not JSON in UTF-8");
        }
    }

    private static async ValueTask<Outcome<MemoryStream>> ReadBytes(
        HttpRequest request,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > bytesMax)
        {
            return new BodyTooLarge(bytesMax);
        }

        var body = new MemoryStream();
        byte[] buffer = new byte[4096];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0; )
        {
            if (body.Length + read > bytesMax)
            {
                return new BodyTooLarge(bytesMax);
            }

            body.Write(buffer, 0, read);
        }

        return body;
    }
}
