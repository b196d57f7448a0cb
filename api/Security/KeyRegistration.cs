using System.Text;
using Customer360.Api.Hosting;
using Customer360.Api.Security.Limits;
using Customer360.Api.Security.Tokens;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Security;

/// <summary>Wires keys, who may call what, and the closed door behind all that says nothing into the host.</summary>
public static partial class KeyRegistration
{
    /// <summary>The name of the scheme that chooses between keys and tokens.</summary>
    private const string SchemeName = "Caller";

    // The builder puts both middlewares before everything else unless these say that they are there: then requests whose
    // endpoint looks for the key itself would pay for a principal that nobody asks for.
    private static readonly string[] s_isThere = ["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"];

    public static void AddKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
            Read(
                services.GetRequiredService<IConfiguration>(),
                services.GetRequiredService<IHostEnvironment>(),
                services.GetRequiredService<ILogger<KnownKeys>>()
            )
        );
        builder.Services.AddSingleton(services => services.GetRequiredService<KnownKeys>().Keys);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<AccessOptions>>().Value);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TokenOptions>>().Value);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<LimitOptions>>().Value);
        builder.Services.AddSingleton<WrongKeys>();
        builder.Services.AddKeyAccess();
        builder.Services.AddHostedService<KeyRingSync>();
    }

    /// <summary>Looks at the keys before anything is opened or started, and at how easily they are guessed.</summary>
    /// <exception cref="SettingInvalidException">A key can't be used, or is too short for anything but Development.</exception>
    public static void RequireGoodKeys(this IHostApplicationBuilder builder) =>
        _ = KeySettings.Read(
            builder.Configuration,
            builder.Environment.IsDevelopment() ? 1 : KeySettings.SecretLengthMin
        );

    /// <summary>
    /// The schemes, a policy for each role, and the callers' limits. A route that names no role is closed to everybody. Keys and tokens
    /// come in the same header: which of the two somebody shows is seen by its form.
    /// </summary>
    public static void AddKeyAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<StoredKeys>();
        services.TryAddSingleton<FailedCallers>();
        services.TryAddSingleton<CallerFinder>();
        services.AddTokenCallers();
        services.TryAddSingleton(new LimitOptions());
        services.TryAddSingleton<CallerLimits>();
        services
            .AddAuthentication(SchemeName)
            .AddPolicyScheme(SchemeName, displayName: null, ChooseByForm)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(
                KeyAuthentication.SchemeName,
                configureOptions: null
            );
        AuthorizationBuilder access = services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(Policy().RequireAssertion(static _ => false).Build());
        foreach (Roles role in (Roles[])[Roles.Collect, Roles.Read, Roles.Admin])
        {
            access.AddPolicy(RouteAccess.PolicyOf(role), Policy().AddRequirements(new RoleRequirement(role)).Build());
        }

        foreach (
            RoleTasks task in (RoleTasks[])
                [RoleTasks.Consent, RoleTasks.Privacy, RoleTasks.Leads, RoleTasks.Audiences, RoleTasks.Attribution]
        )
        {
            access.AddPolicy(RouteAccess.PolicyOf(task), Policy().AddRequirements(new TaskRequirement(task)).Build());
        }
    }

    /// <exception cref="SettingInvalidException">The keys of the settings can't be used: the process must not start.</exception>
    public static void UseKeys(this IApplicationBuilder app)
    {
        // Asked for now, so wrong keys end the start and not the first request.
        _ = app.ApplicationServices.GetRequiredService<ApiKeys>();
        foreach (string isThere in s_isThere)
        {
            app.Properties[isThere] = true;
        }

        app.UseWhen(
            static context => AsksForAKey(context.GetEndpoint()),
            static branch =>
            {
                branch.UseAuthentication();
                branch.UseAuthorization();
                CallerLimits limits = branch.ApplicationServices.GetRequiredService<CallerLimits>();
                branch.Use(next => context => limits.Pass(context, next));
            }
        );
    }

    /// <summary>What routing itself answers (404, 405) is no route and shows nothing.</summary>
    private static bool AsksForAKey(Endpoint? endpoint) =>
        endpoint is RouteEndpoint && endpoint.Metadata.GetMetadata<OwnKeyCheck>() is null;

    private static AuthorizationPolicyBuilder Policy() => new(SchemeName);

    private static void ChooseByForm(PolicySchemeOptions options)
    {
        options.ForwardDefaultSelector = static context =>
            context.RequestServices.GetRequiredService<TokenCallers>().ShowsToken(context)
                ? TokenCallers.SchemeName
                : KeyAuthentication.SchemeName;

        // Who is refused is told so in one way, whatever was shown.
        options.ForwardChallenge = KeyAuthentication.SchemeName;
        options.ForwardForbid = KeyAuthentication.SchemeName;
    }

    private static KnownKeys Read(IConfiguration configuration, IHostEnvironment environment, ILogger logger)
    {
        IReadOnlyList<(ApiKey Key, byte[])> keys = KeySettings.Read(configuration);
        if (keys.Count > 0)
        {
            foreach ((ApiKey key, _) in keys.Where(one => one.Key.Trust == SourceTrust.Public))
            {
                LogPublic(logger, key.Name);
            }

            return new KnownKeys(new ApiKeys(keys), Made: null);
        }

        if (!environment.IsDevelopment())
        {
            // The grid may keep some: KeyRingSync asks it, and ends the start where it does not.
            return new KnownKeys(new ApiKeys([]), Made: null);
        }

        var made = DevelopmentKeys.ReadOrMake(configuration);
        return new KnownKeys(
            new ApiKeys(made.Keys.Select(pair => (pair.Key, Encoding.ASCII.GetBytes(pair.Secret)))),
            made
        );
    }

    [LoggerMessage(
        402,
        LogLevel.Information,
        "The key {Name} is public: what it states is claimed. Set its TRUST to server if only your servers hold it."
    )]
    private static partial void LogPublic(ILogger logger, string name);
}
