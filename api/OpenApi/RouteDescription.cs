using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>
/// What <c>/openapi/v1.json</c> says of a route whose handler takes the whole request. What binds no parameters can't
/// be described from its signature, so it is written down, next to the route.
/// </summary>
/// <param name="OperationId">Unique, camelCase: what client generators name the method by.</param>
/// <param name="Tag">The heading that it stands under.</param>
/// <param name="Summary">One line.</param>
public sealed record RouteDescription(string OperationId, string Tag, string Summary)
{
    /// <summary>What the summary has no room for; markdown.</summary>
    public string? Details { get; init; }

    public ImmutableArray<RouteParameter> Parameters { get; init; } = [];

    public RouteBody? Body { get; init; }

    /// <summary>The answer when all is well.</summary>
    public required RouteAnswer Answer { get; init; }

    /// <summary>Other answers that are no problem: 304.</summary>
    public ImmutableArray<RouteAnswer> OtherAnswers { get; init; } = [];

    /// <summary>Statuses of the problems that it can answer with; 401 and 403 follow from its access rule.</summary>
    public ImmutableArray<int> Problems { get; init; } = [];
}

/// <param name="Example">A JSON value.</param>
public sealed record RouteParameter(
    string Name,
    ParameterLocation In,
    JsonSchemaType Type,
    string Description,
    string Example
)
{
    public static RouteParameter Path(string name, string description, string example) =>
        new(name, ParameterLocation.Path, JsonSchemaType.String, description, example);

    public static RouteParameter Query(string name, JsonSchemaType type, string description, string example) =>
        new(name, ParameterLocation.Query, type, description, example);

    public static RouteParameter Header(string name, string description, string example) =>
        new(name, ParameterLocation.Header, JsonSchemaType.String, description, example);
}

/// <param name="Example">JSON, or text where the content type says so.</param>
public sealed record RouteBody(string ContentType, string Description, string Example)
{
    /// <summary>The example as the document holds it.</summary>
    internal JsonNode? ExampleNode =>
        ContentType == "application/json" ? JsonNode.Parse(Example) : JsonValue.Create(Example);
}

/// <param name="ContentType">Null: the answer has no body.</param>
/// <param name="Example">The body: JSON, or text where the content type says so.</param>
public sealed record RouteAnswer(int Status, string Description, string? ContentType = null, string? Example = null)
{
    public static RouteAnswer Json(string description, string example) =>
        new(StatusCodes.Status200OK, description, "application/json", example);

    /// <summary>The example as the document holds it.</summary>
    internal JsonNode? ExampleNode =>
        Example is null ? null
        : ContentType == "application/json" ? JsonNode.Parse(Example)
        : JsonValue.Create(Example);
}

/// <summary>Puts descriptions on routes.</summary>
public static class RouteDescriptionExtensions
{
    private static readonly MethodInfo s_requestDelegate = typeof(RequestDelegate).GetMethod(
        nameof(RequestDelegate.Invoke)
    )!;

    /// <summary>Describes a route. Without the method's metadata the document would leave a request delegate out.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder builder, RouteDescription description)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(s_requestDelegate, description, new EndpointNameMetadata(description.OperationId));
}
