using Customer360.Api.Hosting;
using Customer360.Api.Security;
using Customer360.Api.Security.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Customer360.Api.Console;

/// <summary>
/// Signs people in at the OpenID provider whose tokens the API takes: authorization code with PKCE, on the server. What comes of it is the
/// provider's access token, which is judged as if a program had sent it, and kept in the session's cookie alone.
/// </summary>
internal static partial class OpenIdSignIn
{
    /// <summary>Where a browser goes to sign in; <c>returnTo</c> is the page that it wants to see then.</summary>
    public const string Path = "/console/sign-in";

    private const string CallbackPath = "/console/signed-in";
    private const string SchemeName = "Console";
    private const string ReturnTo = "returnTo";
    private const string AccessToken = "access_token";

    public static void AddOpenIdSignIn(this IServiceCollection services, ConsoleOptions console, TokenOptions tokens) =>
        services
            .AddAuthentication()
            .AddOpenIdConnect(
                SchemeName,
                options =>
                {
                    options.Authority = tokens.Issuer;
                    options.RequireHttpsMetadata = !new Uri(tokens.Issuer!).IsLoopback;
                    options.ClientId = console.ClientId;
                    options.ClientSecret = console.ClientSecret;
                    options.ResponseType = OpenIdConnectResponseType.Code;
                    options.ResponseMode = OpenIdConnectResponseMode.Query;
                    options.UsePkce = true;
                    options.CallbackPath = CallbackPath;
                    options.MapInboundClaims = false;
                    options.SaveTokens = true;
                    options.Scope.Clear();
                    foreach (string scope in console.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        options.Scope.Add(scope);
                    }

                    // The provider sends the browser back with a plain link, so these cookies need not be there for other sites' forms;
                    // and without TLS, as on a developer's machine, browsers keep none that ask for it.
                    foreach (CookieBuilder cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
                    {
                        cookie.SameSite = SameSiteMode.Lax;
                        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                    }

                    options.Events.OnTicketReceived = Receive;
                    options.Events.OnRemoteFailure = Fail;
                }
            );

    public static void MapOpenIdSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Begin).OpenToAnybody().AnswerBeforeStart().ExcludeFromDescription();
        routes.MapGet(CallbackPath, GoOn).OpenToAnybody().ExcludeFromDescription();
    }

    private static Task Begin(HttpContext context) =>
        context.ChallengeAsync(
            SchemeName,
            new AuthenticationProperties { RedirectUri = LocalPath(context.Request.Query[ReturnTo]) }
        );

    /// <summary>The answer of the provider is the scheme's to read; it is asked here, since authentication is passed by for open routes.</summary>
    private static async Task GoOn(HttpContext context)
    {
        IAuthenticationHandlerProvider handlers =
            context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var handler = (IAuthenticationRequestHandler?)await handlers.GetHandlerAsync(context, SchemeName);
        await handler!.HandleRequestAsync();
    }

    private static async Task Receive(TicketReceivedContext received)
    {
        HttpContext context = received.HttpContext;
        context.Request.Headers.Authorization = $"Bearer {received.Properties?.GetTokenValue(AccessToken)}";
        FoundCaller found = await context.RequestServices.GetRequiredService<CallerFinder>().Find(context);
        if (found.Key is not null)
        {
            string authorization = context.Request.Headers.Authorization.ToString();
            context.RequestServices.GetRequiredService<ConsoleSessions>().Begin(context, authorization);
        }

        received.HandleResponse();
        context.Response.Redirect(found.Key is null ? "/?signIn=refused" : LocalPath(received.ReturnUri));
    }

    private static Task Fail(RemoteFailureContext failed)
    {
        // The failure's own words may hold what the person typed at the provider.
        ILogger logger = failed
            .HttpContext.RequestServices.GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(OpenIdSignIn).FullName!);
        LogFailed(logger, failed.Failure?.GetType().Name ?? "unknown");
        failed.HandleResponse();
        failed.Response.Redirect("/?signIn=failed");
        return Task.CompletedTask;
    }

    /// <summary>Nobody is sent to another site by a link that begins with this one.</summary>
    private static string LocalPath(string? path) =>
        path is ['/', .. var rest] && (rest.Length == 0 || rest[0] is not ('/' or '\\')) ? path : "/";

    [LoggerMessage(423, LogLevel.Warning, "A sign-in to the console did not come to its end ({Cause}).")]
    private static partial void LogFailed(ILogger logger, string cause);
}
