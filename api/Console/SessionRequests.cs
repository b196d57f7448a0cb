using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Console;

/// <summary>
/// Has a request that comes with a session judged as if its key or token stood in the header, and sees to it that only our own pages can
/// make a browser send one that changes something.
/// </summary>
internal static class SessionRequests
{
    /// <summary>Our pages send it with each request that changes something. A page of another origin can't without being let to.</summary>
    public const string Header = "X-Console";

    private const string HeaderValue = "1";

    /// <summary>Behind the routing and what writes problems, before access.</summary>
    public static void UseConsoleSessions(this WebApplication app)
    {
        if (app.Services.GetService<ConsoleSessions>() is not { } sessions)
        {
            return;
        }

        app.Use(next =>
            context =>
                context.Request.Headers.Cookie.Count > 0
                && context.Request.Headers.Authorization.Count == 0
                && ConsoleSessions.HasCookie(context.Request)
                    ? Pass(context, sessions, next)
                    : next(context)
        );
    }

    /// <summary>Why a request of a browser is not done, or null: it is not seen to come from a page of ours.</summary>
    public static Refusal? Refuse(HttpRequest request) =>
        IsOfOurs(request) && request.Headers[Header] is [HeaderValue] ? null : new RequestOfAnotherPage();

    private static Task Pass(HttpContext context, ConsoleSessions sessions, RequestDelegate next)
    {
        if (sessions.Read(context) is not { } session)
        {
            return next(context);
        }

        HttpRequest request = context.Request;
        if (IsSafe(request.Method))
        {
            // What another origin's page asks for itself is asked without the session; so is what it makes the browser load.
            if (!IsOfOurs(request))
            {
                return next(context);
            }
        }
        else if (Refuse(request) is { } refusal)
        {
            return ProblemWriter.WriteAsync(context, refusal);
        }

        context.Features.Set(session);
        request.Headers.Authorization = session.Authorization;
        return next(context);
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>
    /// Browsers say where a request comes from: <c>none</c> is a person who typed the address. Without TLS, on another machine than this
    /// one, they leave that out; but then they name the origin of every request that is not for the page's own.
    /// </summary>
    private static bool IsOfOurs(HttpRequest request)
    {
        StringValues site = request.Headers["Sec-Fetch-Site"];
        StringValues origin = request.Headers.Origin;
        bool isNavigation = request.Headers["Sec-Fetch-Mode"] == "navigate" && IsSafe(request.Method);
        bool siteFits = site.Count == 0 || site == "same-origin" || site == "none" || isNavigation;
        bool originFits = origin.Count == 0 || origin == $"{request.Scheme}://{request.Host.Value}";
        return siteFits && originFits && (site.Count + origin.Count > 0 || IsSafe(request.Method));
    }
}

/// <summary>The session's cookie came, but not from a page of ours.</summary>
public sealed record RequestOfAnotherPage()
    : RequestRefusal(
        "not_from_the_console",
        "A request that changes something and comes with the console's cookie must come from the console's own pages."
    );
