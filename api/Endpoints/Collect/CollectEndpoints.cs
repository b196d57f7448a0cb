using Customer360.Api.OpenApi;
using Customer360.Api.Payloads;
using Customer360.Api.Security;
using Customer360.Rules.Events;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Endpoints.Collect;

/// <summary>
/// The collect side of the Segment HTTP Tracking API: the documented paths, the one-letter ones that browser SDKs
/// call, and <c>/v1/import</c>. Trailing slashes are the routing's business: it does not mind them.
/// </summary>
public static class CollectEndpoints
{
    private static readonly (string[] Paths, EventKind? Kind)[] Calls =
    [
        (["identify", "i"], EventKind.Identify),
        (["track", "t"], EventKind.Track),
        (["page", "p"], EventKind.Page),
        (["screen", "s"], EventKind.Screen),
        (["group", "g"], EventKind.Group),
        (["alias", "a"], EventKind.Alias),
        (["batch", "b", "import"], null),
    ];

    public static void AddCollect(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<CollectOptions>()
            .Bind(builder.Configuration.GetSection("Customer360:Collect"))
            .Validate(options => options.Problem() is null, "Customer360:Collect is not valid.")
            .ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<CollectOptions>>().Value);
        builder.Services.AddSingleton<IntakeGate>();
        builder.Services.AddSingleton<MessageDelivery>();
        builder.Services.AddSingleton<CollectHandler>();
    }

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        CollectHandler handler = routes.ServiceProvider.GetRequiredService<CollectHandler>();
        RouteGroupBuilder group = routes.MapGroup("/v1").ChecksKeyItself().AllowAnyOrigin();
        foreach ((string[] paths, EventKind? kind) in Calls)
        {
            foreach (string path in paths)
            {
                group
                    .MapPost(path, context => handler.HandleAsync(context, kind))
                    .Describe(CollectDescriptions.Call(path, kind));
            }
        }

        group.MapPost("m", DropMetrics).Describe(CollectDescriptions.Metrics);
    }

    /// <summary>What an SDK says about itself is of no use here; without an answer it would go on asking.</summary>
    private static Task DropMetrics(HttpContext context) => CollectAnswer.WriteSuccessAsync(context.Response);
}
