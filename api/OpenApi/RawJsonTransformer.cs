using System.Text.Json.Serialization.Metadata;
using Customer360.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>Describes <see cref="RawJson{T}"/> by the shape that it stands for: its converter tells none.</summary>
internal static class RawJsonTransformer
{
    public static void DescribeRawJson(this OpenApiOptions options)
    {
        // Where it stands it is described as what it stands for, so it has no name of its own.
        options.CreateSchemaReferenceId = type =>
            RawJsonConverterFactory.ShapeOf(type.Type) is null
                ? OpenApiOptions.CreateDefaultSchemaReferenceId(type)
                : null;
        options.AddSchemaTransformer(Apply);
    }

    private static async Task Apply(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        JsonTypeInfo type = context.JsonTypeInfo;
        if (RawJsonConverterFactory.ShapeOf(type.Type) is { } one)
        {
            OpenApiSchema shape = await context.GetOrCreateSchemaAsync(one, cancellationToken: cancellationToken);
            JsonPropertyInfo? member = context.JsonPropertyInfo;
            schema.Type = member is { IsGetNullable: true } ? shape.Type | JsonSchemaType.Null : shape.Type;
            schema.Properties = shape.Properties;
            schema.Required = shape.Required;
            // A member has words of its own.
            schema.Description = member is null ? shape.Description : schema.Description;
        }
        else if (type.ElementType is { } element && RawJsonConverterFactory.ShapeOf(element) is { } each)
        {
            // The items have no schema that could be changed, since anything may stand there.
            schema.Items = await context.GetOrCreateSchemaAsync(each, cancellationToken: cancellationToken);
        }
    }
}
