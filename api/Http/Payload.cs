using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Http;

/// <summary>Writes payloads as their types say, by the same options by which they are described.</summary>
internal static class Payload
{
    private const string ContentType = "application/json";

    /// <summary>Makes the payloads of a room known: how they are written is generated when the program is built.</summary>
    public static void AddPayloads(this IServiceCollection services, IJsonTypeInfoResolver payloads) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, payloads));

    public static async Task WriteAsync<T>(HttpContext context, int status, T payload)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        if (response.Headers.CacheControl.Count == 0)
        {
            // A handler may have marked it as personal, which says more.
            response.Headers.CacheControl = "no-store";
        }

        await using (var writer = new Utf8JsonWriter(response.BodyWriter, AnswerJson.Options))
        {
            JsonSerializer.Serialize(writer, payload, TypeOf<T>(context.RequestServices));
        }

        await response.BodyWriter.FlushAsync();
    }

    public static ProducesResponseTypeMetadata Describe<T>(int status) => new(status, typeof(T), [ContentType]);

    private static JsonTypeInfo<T> TypeOf<T>(IServiceProvider services) =>
        (JsonTypeInfo<T>)
            services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.GetTypeInfo(typeof(T));
}
