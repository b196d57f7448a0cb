using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>
/// What <c>/openapi/v1.json</c> says of a route. The shapes of a handler with typed parameters and results come from them, and
/// what is here adds words and examples. Of a handler that takes the whole request, because its path is busy or its answer is
/// not ours to shape, all is here.
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

    /// <summary>The answer when all is well. Null: the type of the handler's result says enough.</summary>
    public RouteAnswer? Answer { get; init; }

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
/// <param name="Shape">The type whose schema it has; null: what the example is.</param>
public sealed record RouteBody(string ContentType, string Description, string Example, Type? Shape = null)
{
    /// <summary>
    /// A body that the handler reads itself, bounded and whatever content type it is sent with; ASP.NET would refuse others.
    /// </summary>
    public static RouteBody Json<T>(string description, string example) =>
        new("application/json", description, example, typeof(T));

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

    /// <summary>
    /// Describes a route. Without a method's metadata the document would leave a request delegate out; of a handler with
    /// parameters the routing has told its method, and two of them would end the making of the whole document.
    /// </summary>
    public static TBuilder Describe<TBuilder>(this TBuilder builder, RouteDescription description)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            if (!endpoint.Metadata.OfType<MethodInfo>().Any())
            {
                endpoint.Metadata.Add(s_requestDelegate);
            }
        });
        return builder.WithMetadata(description, new EndpointNameMetadata(description.OperationId));
    }
}
