using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Http;

/// <summary>Writes JSON answers of the read side straight into the response's pipe.</summary>
internal static class JsonAnswer
{
    /// <summary>Sends status 200 with what <paramref name="write"/> writes.</summary>
    public static async Task Write(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        response.ContentType = "application/json";
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, AnswerJson.Options))
        {
            write(writer);
        }

        await response.BodyWriter.FlushAsync();
    }

    /// <summary>RFC 3339 in UTC: as many decimals as the time has, and a <c>Z</c>.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time) =>
        writer.WriteString(name, time.UtcDateTime);
}
