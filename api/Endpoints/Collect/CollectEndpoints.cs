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
        RouteGroupBuilder group = routes.MapGroup("/v1").WithTags("Collect").ChecksKeyItself().AllowAnyOrigin();
        foreach ((string[] paths, EventKind? kind) in Calls)
        {
            foreach (string path in paths)
            {
                group
                    .MapPost(path, (HttpContext context, CollectHandler handler) => handler.HandleAsync(context, kind))
                    .WithName($"collect_{path}")
                    .WithSummary($"Takes {(kind is { } one ? $"one {one} message" : "a batch of messages")}.");
            }
        }

        group.MapPost("m", DropMetrics).WithName("collect_m").WithSummary("Takes an SDK's own metrics and drops them.");
    }

    /// <summary>What an SDK says about itself is of no use here; without an answer it would go on asking.</summary>
    private static async Task DropMetrics(HttpResponse response)
    {
        response.ContentType = "application/json";
        await response.Body.WriteAsync(CollectAnswer.Success, response.HttpContext.RequestAborted);
    }
}
