using System.Reflection;

namespace Customer360.Api.Security;

/// <summary>Who calls, as a parameter of handlers that note down who changed something.</summary>
/// <param name="Text">The name of the key.</param>
public sealed record CallerName(string Text) : IBindableFromHttpContext<CallerName>
{
    /// <inheritdoc cref="Caller.Of"/>
    public static ValueTask<CallerName?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<CallerName?>(new(Caller.Of(context).Name));
}
