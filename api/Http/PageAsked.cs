using System.Reflection;
using Customer360.Api.OpenApi;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Customer360.Api.Http;

/// <summary>The parameters <c>limit</c> and <c>cursor</c> of a handler that answers with pages.</summary>
/// <param name="Limit">Rows at most; refused where it is no number from 1 to 200.</param>
/// <param name="Cursor">The <c>next</c> of the page before; null: the first page is asked for.</param>
public sealed record PageAsked(Outcome<int> Limit, string? Cursor)
    : IBindableFromHttpContext<PageAsked>,
        IEndpointParameterMetadataProvider
{
    private const string LimitName = "limit";
    private const string CursorName = "cursor";
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    public static ValueTask<PageAsked?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        IQueryCollection query = context.Request.Query;
        return ValueTask.FromResult<PageAsked?>(
            new(QueryValues.Limit(query, LimitDefault, LimitMax), QueryValues.Single(query, CursorName))
        );
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            RouteParameter.Query(
                LimitName,
                JsonSchemaType.Integer,
                $"Rows of a page, 1 to {LimitMax}. Default: {LimitDefault}.",
                "50"
            )
        );
        builder.Metadata.Add(
            RouteParameter.Query(CursorName, JsonSchemaType.String, "The `next` of the page before.", "50")
        );
    }
}
