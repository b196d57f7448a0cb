using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>Writes a <see cref="RouteDescription"/>, and what access rule and problem shape imply, into the document.</summary>
internal static class RouteDescriptionTransformer
{
    public static async Task Apply(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        OpenApiDocument document = context.Document!;
        ProblemShape shape = metadata.OfType<ProblemShape>().LastOrDefault() ?? ProblemShape.Details;
        operation.Deprecated = metadata.OfType<DeprecatedRoute>().Any();
        if (metadata.OfType<RouteDescription>().LastOrDefault() is { } route)
        {
            Name(operation, route, document);
            DescribeParameters(operation, [.. metadata.OfType<RouteParameter>(), .. route.Parameters]);
            DescribeAnswers(operation, route);
            if (route.Body is { } body)
            {
                OpenApiSchema? bodySchema = body.Shape is { } type
                    ? await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken)
                    : null;
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Description = body.Description,
                    Content = ContentOf(body.ContentType, body.ExampleNode, bodySchema),
                };
            }

            foreach (int status in route.Problems)
            {
                AddProblem(operation, status, shape);
            }
        }

        if (RouteAccess.RoleOf(metadata) != Roles.None)
        {
            AddProblem(operation, StatusCodes.Status401Unauthorized, shape);
            AddProblem(operation, StatusCodes.Status403Forbidden, shape);
            operation.Security =
            [
                new() { [new OpenApiSecuritySchemeReference(OpenApiRegistration.Bearer, document)] = [] },
                new() { [new OpenApiSecuritySchemeReference(OpenApiRegistration.Basic, document)] = [] },
            ];
        }
    }

    private static void Name(OpenApiOperation operation, RouteDescription route, OpenApiDocument document)
    {
        operation.OperationId = route.OperationId;
        operation.Summary = route.Summary;
        operation.Description = route.Details;
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = route.Tag });
        operation.Tags = new HashSet<OpenApiTagReference> { new(route.Tag, document) };
    }

    /// <summary>What is described takes the place of what the handler's parameter of that name says.</summary>
    private static void DescribeParameters(OpenApiOperation operation, IEnumerable<RouteParameter> described)
    {
        foreach (RouteParameter parameter in described)
        {
            operation.Parameters ??= [];
            IOpenApiParameter? typed = operation.Parameters.FirstOrDefault(one =>
                one.Name == parameter.Name && one.In == parameter.In
            );
            if (typed is null)
            {
                operation.Parameters.Add(ParameterOf(parameter));
            }
            else
            {
                operation.Parameters[operation.Parameters.IndexOf(typed)] = ParameterOf(parameter);
            }
        }
    }

    /// <summary>An answer keeps the schema of the type that the handler's result has for it.</summary>
    private static void DescribeAnswers(OpenApiOperation operation, RouteDescription route)
    {
        if (route.Answer is not { } whenAllIsWell)
        {
            return;
        }

        OpenApiResponses typed = operation.Responses ?? [];
        operation.Responses = [];
        foreach (RouteAnswer answer in route.OtherAnswers.Prepend(whenAllIsWell))
        {
            string status = Key(answer.Status);
            if (!operation.Responses.TryGetValue(status, out IOpenApiResponse? response))
            {
                response = new OpenApiResponse { Description = answer.Description };
                operation.Responses[status] = response;
            }

            if (answer.ContentType is not { } contentType)
            {
                continue;
            }

            Dictionary<string, OpenApiMediaType> content = ContentOf(
                contentType,
                answer.ExampleNode,
                SchemaOf(typed, status, contentType)
            );
            if (response.Content is { } others)
            {
                others[contentType] = content[contentType];
            }
            else
            {
                ((OpenApiResponse)response).Content = content;
            }
        }
    }

    private static IOpenApiSchema? SchemaOf(OpenApiResponses typed, string status, string contentType) =>
        typed.TryGetValue(status, out IOpenApiResponse? response)
        && response.Content is { } content
        && content.TryGetValue(contentType, out OpenApiMediaType? media)
            ? media.Schema
            : null;

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
            StatusCodes.Status409Conflict => "not_quarantined",
            StatusCodes.Status412PreconditionFailed => "policy_changed",
            StatusCodes.Status413PayloadTooLarge => "body_too_large",
            StatusCodes.Status429TooManyRequests => "too_many_requests",
            _ => "unavailable",
        };

    /// <param name="schema">Null: it is told by what the example is.</param>
    private static Dictionary<string, OpenApiMediaType> ContentOf(
        string contentType,
        JsonNode? example,
        IOpenApiSchema? schema = null
    ) =>
        new(StringComparer.Ordinal)
        {
            [contentType] = new OpenApiMediaType
            {
                Schema = schema ?? new OpenApiSchema { Type = TypeOf(example) },
                Example = example,
            },
        };

    private static JsonSchemaType TypeOf(JsonNode? example) =>
        example is JsonObject ? JsonSchemaType.Object : JsonSchemaType.String;

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
