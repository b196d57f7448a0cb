using System.Text;
using Customer360.Api.Docs;
using Customer360.Api.Hosting;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Security.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Console;

/// <summary>
/// The pages for people at <c>/</c>: static files that hold nothing of anybody and call this API, and the sessions that they call it with.
/// </summary>
public static class ConsoleEndpoints
{
    private const string SessionPath = "/console/session";
    private const string Forever = "public, max-age=31536000, immutable";

    /// <param name="builder">The program's; <see cref="ConsoleOptions"/> are among its settings.</param>
    /// <param name="place">What the console is told of the process that it is in.</param>
    internal static void AddConsole(this WebApplicationBuilder builder, ConsolePlace place)
    {
        ConsoleOptions options =
            builder.Configuration.GetSection(ConsoleOptions.Section).Get<ConsoleOptions>() ?? new();
        if (!options.Enabled)
        {
            return;
        }

        bool hasProvider =
            !string.IsNullOrEmpty(options.ClientId)
            && !string.IsNullOrEmpty(builder.Configuration[$"{TokenOptions.Section}:{nameof(TokenOptions.Issuer)}"]);
        SignInWays ways = new(options.KeySignIn ?? (builder.Environment.IsDevelopment() || !hasProvider), hasProvider);
        string folder = options.KeysFolder ?? Path.Combine(place.DataFolder, "console-keys");
        builder.Services.AddDataProtection().SetApplicationName("Customer 360 Grid");
        builder
            .Services.AddOptions<KeyManagementOptions>()
            .Configure<ILoggerFactory>(
                (keys, loggers) => keys.XmlRepository = new PrivateKeyFiles(new DirectoryInfo(folder), loggers)
            );
        // It warns at each new key that the files hold it as it is. They are the owner's alone, as the development keys are.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        if (hasProvider)
        {
            builder.Services.AddOpenIdSignIn(
                options,
                builder.Configuration.GetSection(TokenOptions.Section).Get<TokenOptions>()!
            );
        }

        builder.Services.AddSingleton(place);
        builder.Services.AddSingleton(ways);
        builder.Services.AddSingleton<ConsoleFiles>();
        builder.Services.AddSingleton(services => new ConsoleSessions(
            services.GetRequiredService<IDataProtectionProvider>(),
            services.GetRequiredService<IOptions<ConsoleOptions>>().Value,
            services.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton<SessionHandler>();
    }

    public static void MapConsole(this WebApplication app)
    {
        ConsoleFiles? files = app.Services.GetService<ConsoleFiles>();
        bool canTry = app.Environment.IsDevelopment();
        MapIndex(app, files?.Index, Encoding.UTF8.GetBytes(WelcomePage.Html(canTry ? DocsEndpoints.TryPath : null)));
        if (files is null)
        {
            return;
        }

        app.MapGet("/assets/{name}", (HttpContext context, string name) => Asset(context, files.Find($"assets/{name}")))
            .OpenToAnybody()
            .AnswerBeforeStart()
            .ExcludeFromDescription();
        SessionHandler sessions = app.Services.GetRequiredService<SessionHandler>();
        app.MapGet(SessionPath, sessions.Get).OpenToAnybody().ExcludeFromDescription();
        app.MapPost(SessionPath, sessions.Begin).OpenToAnybody().ExcludeFromDescription();
        if (app.Services.GetRequiredService<SignInWays>().OpenId)
        {
            app.MapOpenIdSignIn();
        }

        app.MapDelete(SessionPath, sessions.End).OpenToAnybody().AnswerBeforeStart().ExcludeFromDescription();
    }

    private static void MapIndex(WebApplication app, ConsoleFile? index, byte[] welcome)
    {
        app.MapGet("/", context => index is null ? Welcome(context.Response, welcome) : Page(context, index))
            .OpenToAnybody()
            .AnswerBeforeStart()
            .WithMetadata(PagePolicy.Console)
            .Describe(WelcomePage.Description);
        if (index is null)
        {
            return;
        }

        foreach (string name in ConsolePages.Names)
        {
            app.MapGet($"/{name}/{{**rest}}", context => Page(context, index))
                .OpenToAnybody()
                .AnswerBeforeStart()
                .WithMetadata(PagePolicy.Console)
                .ExcludeFromDescription();
        }
    }

    private static async Task Welcome(HttpResponse response, byte[] page)
    {
        response.Headers.CacheControl = "no-cache";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        await response.BodyWriter.WriteAsync(page, response.HttpContext.RequestAborted);
    }

    /// <summary>It names the files of this build, so a browser asks each time whether it still counts.</summary>
    private static Task Page(HttpContext context, ConsoleFile index) => Send(context, index, "no-cache");

    /// <summary>The name of each holds a hash of what is in it.</summary>
    private static Task Asset(HttpContext context, ConsoleFile? file) =>
        file is null ? ProblemWriter.WriteAsync(context, new NotFound("file")) : Send(context, file, Forever);

    private static async Task Send(HttpContext context, ConsoleFile file, string cacheControl)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = cacheControl;
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = "Accept-Encoding";
        if (EntityTags.Matches(context.Request.Headers.IfNoneMatch, file.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        ReadOnlyMemory<byte> bytes = file.BytesFor(
            context.Request.Headers.AcceptEncoding.ToString(),
            out string? encoding
        );
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        await response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
    }
}

/// <summary>What the console is told of the process that it is in.</summary>
/// <param name="DataFolder">Where the process keeps its files.</param>
/// <param name="Dashboard">The path of Orleans' dashboard; null: there is none.</param>
internal sealed record ConsolePlace(string DataFolder, string? Dashboard);
