using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Policies;

namespace Customer360.Api.Sources;

/// <summary>Who sends, and when each last did.</summary>
public static class SourcesEndpoints
{
    public static void AddSources(this IServiceCollection services)
    {
        services.AddSingleton<SourceWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SourceWatch>());
        services.AddSingleton<SourcesHandler>();
        services.AddPayloads(SourcesJson.Default);
    }

    public static void MapSourcesEndpoints(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/sources", (Delegate)routes.ServiceProvider.GetRequiredService<SourcesHandler>().List)
            .RequireRole(Roles.Admin)
            .Describe(SourcesDescriptions.List);
}

/// <summary><c>GET /v1/sources</c>.</summary>
internal sealed class SourcesHandler(IGrainFactory grains, IPolicy<SourcesPolicy> policy)
{
    /// <summary>Those that have sent, and those that may send webhooks and never did.</summary>
    public async Task<Answer<SourcesAnswer>> List()
    {
        ImmutableArray<SourceSent> sent = await grains.GetGrain<ISourceActivityGrain>(GrainKeys.Current).Get();
        SourcesPolicy services = policy.Current;
        var rows = sent.Select(one => new SourceAnswer(one.Source, KindOf(one.Source), one.At.UtcDateTime))
            .Concat(
                services
                    .Sources.Keys.Except(sent.Select(one => one.Source), StringComparer.Ordinal)
                    .Select(name => new SourceAnswer(name, Webhook, LastAt: null))
            )
            .OrderBy(one => one.Source, StringComparer.Ordinal);
        return new Answer<SourcesAnswer>(new SourcesAnswer([.. rows]));

        string KindOf(string source) => services.Find(source) is null ? Key : Webhook;
    }

    private const string Key = "key";
    private const string Webhook = "webhook";
}

/// <summary>Who sends.</summary>
/// <param name="Sources">By name.</param>
public sealed record SourcesAnswer(IReadOnlyList<SourceAnswer> Sources);

/// <summary>Somebody who sends.</summary>
/// <param name="Source">The source, as messages and traits name it.</param>
/// <param name="Kind"><c>webhook</c> of the policy <c>sources</c>, or <c>key</c>.</param>
/// <param name="LastAt">When something of it was last taken, UTC; null: never, as far as is known.</param>
public sealed record SourceAnswer(string Source, string Kind, DateTime? LastAt);

internal static class SourcesDescriptions
{
    public static RouteDescription List { get; } =
        new("listSources", "Operations", "Says when each source last sent something.")
        {
            Details =
                "The sources of keys, and the services of the policy `sources`. Nodes tell it every five seconds. The 1,000 are known that sent last.",
            Answer = RouteAnswer.Json(
                "By name.",
                """
                {
                  "sources": [
                    { "source": "hubspot", "kind": "webhook", "lastAt": null },
                    { "source": "web", "kind": "key", "lastAt": "2026-11-27T09:00:00.000Z" }
                  ]
                }
                """
            ),
            Problems = [503],
        };
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(SourcesAnswer))]
internal sealed partial class SourcesJson : JsonSerializerContext;
