using System.Reflection;

namespace Customer360.Api.Http;

/// <summary>A query parameter that may be left out, by the name of the handler's parameter. The route describes it.</summary>
/// <param name="Value">Null where it is absent or empty; the last where it is repeated.</param>
public sealed record QueryText(string? Value) : IBindableFromHttpContext<QueryText>
{
    public static ValueTask<QueryText?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<QueryText?>(new(QueryValues.Single(context.Request.Query, parameter.Name!)));
}
