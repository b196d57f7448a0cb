using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace Customer360.Api.Access;

/// <summary>
/// Reads what a request behind the gate says about its purpose, and refuses parameters that its path does not have: what is not
/// understood must not be taken for "no filter".
/// </summary>
internal static class GateQueries
{
    /// <summary>The name of the parameter that says what data is for.</summary>
    public const string Purpose = "purpose";

    private const string Cursor = "cursor";

    public static RouteParameter Parameter { get; } =
        RouteParameter.Query(
            Purpose,
            JsonSchemaType.String,
            "What the data is for: a purpose of the access policy. Needed where the key's roles are for several; a key with "
                + "the role `read` or `admin` needs none.",
            "sales-contact"
        );

    /// <summary>The route's answers pass the gate. Parameters that its description does not name are refused.</summary>
    /// <param name="isStrict">False: others than <c>purpose</c> are ignored, as the clients of somebody else's API expect.</param>
    public static TBuilder BehindGate<TBuilder>(this TBuilder builder, bool isStrict = true)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new GatePath(isStrict));

    /// <summary>Checks the parameters of routes behind the gate, once it is known who asks.</summary>
    public static void UseGateQueries(this IApplicationBuilder app) =>
        app.Use(
            static (context, next) =>
                context.Request.QueryString.HasValue
                && context.GetEndpoint()?.Metadata is { } metadata
                && metadata.GetMetadata<OwnKeyCheck>() is null
                && (metadata.GetMetadata<GatePath>() is not null || IsOurs(context, metadata))
                && Check(context) is { } refusal
                    ? ProblemWriter.WriteAsync(context, refusal)
                    : next(context)
        );

    /// <summary>
    /// A described path of the API that is not somebody else's, whose clients may send more: what an administrator misspells must not be
    /// taken for nothing, least of all a dry run.
    /// </summary>
    private static bool IsOurs(HttpContext context, EndpointMetadataCollection metadata) =>
        context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        && metadata.GetMetadata<RouteDescription>() is not null
        && metadata.GetMetadata<GatePath>() is null;

    /// <summary>Why the request's parameters can't be what is meant, or null.</summary>
    public static Refusal? Check(HttpContext context)
    {
        EndpointMetadataCollection? metadata = context.GetEndpoint()?.Metadata;
        bool isStrict =
            metadata?.GetMetadata<GatePath>()?.IsStrict ?? (metadata is not null && IsOurs(context, metadata));
        foreach ((string name, StringValues values) in context.Request.Query)
        {
            if (string.Equals(name, Purpose, StringComparison.OrdinalIgnoreCase))
            {
                if (name != Purpose || values.Count != 1 || string.IsNullOrEmpty(values[0]))
                {
                    return new ParameterInvalid(Purpose, "it must be there once, in lower case, with one value");
                }
            }
            else if (isStrict && !KnownOf(metadata!).Contains(name, StringComparer.Ordinal))
            {
                return new ParameterUnknown(string.Join(", ", KnownOf(metadata!)));
            }
            else if (isStrict && (values.Count != 1 || (string.IsNullOrEmpty(values[0]) && name != Cursor)))
            {
                // A cursor that is empty is that of the first page; of anything else nothing is not "all".
                return new ParameterInvalid(name, "it must be there once, with a value");
            }
        }

        return null;
    }

    /// <summary>The query parameters of a path: those of its description, and those that its handler's own parameters read.</summary>
    private static IEnumerable<string> KnownOf(EndpointMetadataCollection metadata) =>
        metadata
            .OfType<RouteParameter>()
            .Concat(metadata.GetMetadata<RouteDescription>()?.Parameters ?? [])
            .Where(one => one.In == ParameterLocation.Query)
            .Select(one => one.Name);

    /// <summary>What a request says that its data is for; null where it says nothing. Checked before.</summary>
    public static string? PurposeOf(HttpContext context) =>
        context.Request.QueryString.HasValue && context.Request.Query.TryGetValue(Purpose, out StringValues values)
            ? values[0]
            : null;
}

/// <summary>The answers of the endpoint pass the gate.</summary>
internal sealed record GatePath(bool IsStrict);

/// <param name="Known">Those that the path has.</param>
public sealed record ParameterUnknown(string Known)
    : RequestRefusal("unknown_parameter", $"The request has a parameter that this path does not have. Known: {Known}.");
