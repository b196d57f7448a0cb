using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Collect;

/// <summary>
/// The collect side of the Segment HTTP Tracking API: the documented paths, the one-letter ones that browser SDKs
/// call, and <c>/v1/import</c>. Trailing slashes are the routing's business: it does not mind them.
/// </summary>
public static class CollectEndpoints
{
    private static readonly (string[] Paths, EventKind? Kind)[] s_calls =
    [
        (["identify", "i"], EventKind.Identify),
        (["track", "t"], EventKind.Track),
        (["page", "p"], EventKind.Page),
        (["screen", "s"], EventKind.Screen),
        (["group", "g"], EventKind.Group),
        (["alias", "a"], EventKind.Alias),
        (["batch", "b", "import"], null),
    ];

    /// <summary>A sender may be slow to begin: it may have to find its network first.</summary>
    private static readonly TimeSpan s_bodyGrace = TimeSpan.FromSeconds(5);

    public static void AddCollect(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<CollectOptions>>().Value);
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<CollectOptions>(
                (kestrel, options) =>
                    kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.BodyBytesPerSecondMin, s_bodyGrace)
            );
        builder.Services.AddSingleton<IntakeGate>();
        builder.Services.AddSingleton<ReceiptClock>();
        builder.Services.AddSingleton<MessageDelivery>();
        builder.Services.AddSingleton<CollectHandler>();
    }

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        CollectHandler handler = routes.ServiceProvider.GetRequiredService<CollectHandler>();
        RouteGroupBuilder group = routes.MapGroup("/v1").ChecksKeyItself(Roles.Collect).AllowAnyOrigin();
        foreach ((string[] paths, EventKind? kind) in s_calls)
        {
            foreach (string path in paths)
            {
                group
                    .MapPost(path, context => handler.HandleAsync(context, kind))
                    .Describe(CollectDescriptions.Call(path, kind));
            }
        }

        group.MapPost("m", DropMetrics).OpenToAnybody().Describe(CollectDescriptions.Metrics);
    }

    /// <summary>What an SDK says about itself is of no use here; without an answer it would go on asking.</summary>
    private static Task DropMetrics(HttpContext context) => CollectAnswer.WriteSuccessAsync(context.Response);
}
