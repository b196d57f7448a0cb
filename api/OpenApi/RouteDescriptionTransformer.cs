using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>Writes a <see cref="RouteDescription"/>, and what access rule and problem shape imply, into the document.</summary>
internal static class RouteDescriptionTransformer
{
    public static Task Apply(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        OpenApiDocument document = context.Document!;
        RouteDescription? route = metadata.OfType<RouteDescription>().LastOrDefault();
        AccessRule? access = metadata.OfType<AccessRule>().LastOrDefault();
        ProblemShape shape = metadata.OfType<ProblemShape>().LastOrDefault() ?? ProblemShape.Details;
        bool needsKey = (access?.Role ?? Roles.Admin) != Roles.None;
        if (route is not null)
        {
            Describe(operation, route, document);
            foreach (int status in route.Problems)
            {
                AddProblem(operation, status, shape);
            }
        }

        if (needsKey)
        {
            AddProblem(operation, StatusCodes.Status401Unauthorized, shape);
            AddProblem(operation, StatusCodes.Status403Forbidden, shape);
            operation.Security =
            [
                new() { [new OpenApiSecuritySchemeReference(OpenApiRegistration.Bearer, document)] = [] },
                new() { [new OpenApiSecuritySchemeReference(OpenApiRegistration.Basic, document)] = [] },
            ];
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiOperation operation, RouteDescription route, OpenApiDocument document)
    {
        operation.OperationId = route.OperationId;
        operation.Summary = route.Summary;
        operation.Description = route.Details;
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = route.Tag });
        operation.Tags = new HashSet<OpenApiTagReference> { new(route.Tag, document) };
        operation.Parameters = [.. route.Parameters.Select(ParameterOf)];
        if (route.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = body.Description,
                Content = ContentOf(body.ContentType, body.ExampleNode),
            };
        }

        operation.Responses = [];
        foreach (RouteAnswer answer in route.OtherAnswers.Prepend(route.Answer))
        {
            operation.Responses[Key(answer.Status)] = new OpenApiResponse
            {
                Description = answer.Description,
                Content = answer.ContentType is { } type ? ContentOf(type, answer.ExampleNode) : null,
            };
        }
    }

    private static OpenApiParameter ParameterOf(RouteParameter parameter) =>
        new()
        {
            Name = parameter.Name,
            In = parameter.In,
            Required = parameter.In == ParameterLocation.Path,
            Description = parameter.Description,
            Schema = new OpenApiSchema { Type = parameter.Type },
            Example =
                parameter.Type == JsonSchemaType.String
                    ? JsonValue.Create(parameter.Example)
                    : JsonNode.Parse(parameter.Example),
        };

    /// <summary>The example is what the shape really writes.</summary>
    private static void AddProblem(OpenApiOperation operation, int status, ProblemShape shape)
    {
        string reason = ReasonPhrases.GetReasonPhrase(status);
        var body = new ArrayBufferWriter<byte>();
        shape.Write(new Problem(status, ExampleCode(status), $"{reason}."), body);
        operation.Responses ??= [];
        operation.Responses[Key(status)] = new OpenApiResponse
        {
            Description = reason,
            Content = ContentOf(shape.ContentType, JsonNode.Parse(body.WrittenSpan)),
        };
    }

    private static string ExampleCode(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "invalid_parameter",
            StatusCodes.Status401Unauthorized => "key_unknown",
            StatusCodes.Status403Forbidden => "role_missing",
            StatusCodes.Status404NotFound => "not_found",
            StatusCodes.Status412PreconditionFailed => "rules_changed",
            StatusCodes.Status413PayloadTooLarge => "body_too_large",
            StatusCodes.Status429TooManyRequests => "too_many_requests",
            _ => "unavailable",
        };

    private static Dictionary<string, OpenApiMediaType> ContentOf(string contentType, JsonNode? example) =>
        new(StringComparer.Ordinal)
        {
            [contentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = TypeOf(example) },
                Example = example,
            },
        };

    private static JsonSchemaType TypeOf(JsonNode? example) =>
        example is JsonObject ? JsonSchemaType.Object : JsonSchemaType.String;

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
