using Customer360.Grains.Contracts;
using Customer360.Phones;
using Customer360.Rules.Access;
using Customer360.Rules.Attribution;
using Customer360.Rules.Audiences;
using Customer360.Rules.Configuration;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Destinations;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Quality;
using Customer360.Rules.Retention;
using Customer360.Rules.Routing;
using Customer360.Silo.Yaml;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Customer360.Silo.Policies;

/// <summary>The kinds of policy, a line each, and what keeps a node's copies of them.</summary>
public static class PolicyServices
{
    /// <summary>The kinds, and copies that have what is built in until <see cref="AddPolicySync"/> brings what is in force.</summary>
    public static IServiceCollection AddPolicyKinds(this IServiceCollection services)
    {
        services.AddPolicyKind<IdentityRules, IdentityPolicyKind>();
        services.AddPolicyKind<MastershipPolicy, MastershipPolicyKind>();
        services.AddPolicyKind<AccessPolicy, AccessPolicyKind>();
        services.AddPolicyKind<ConsentPolicy, ConsentPolicyKind>();
        services.AddPolicyKind<RetentionPolicy, RetentionPolicyKind>();
        services.AddPolicyKind<LifecyclePolicy, LifecyclePolicyKind>();
        services.AddPolicyKind<ScoringPolicy, ScoringPolicyKind>();
        services.AddPolicyKind<RoutingPolicy, RoutingPolicyKind>();
        services.AddPolicyKind<SalesTeam, SalesTeamKind>();
        services.AddPolicyKind<SourcesPolicy, SourcesPolicyKind>();
        services.AddPolicyKind<AudiencePolicy, AudiencePolicyKind>();
        services.AddPolicyKind<DestinationPolicy, DestinationPolicyKind>();
        services.AddPolicyKind<ContractsPolicy, ContractsPolicyKind>();
        services.AddPolicyKind<AttributionPolicy, AttributionPolicyKind>();
        services.AddPolicyKind<QualityPolicy, QualityPolicyKind>();

        services.TryAddSingleton<IStatedClasses, ContractClasses>();
        services.TryAddSingleton<IPhoneNumbers, LibPhoneNumbers>();
        services.TryAddSingleton<IConfigFormat, YamlFormat>();
        services.TryAddSingleton<PolicyKinds>();
        services.TryAddSingleton<PolicyNode>();
        services.TryAddSingleton<IPolicyNode>(provider => provider.GetRequiredService<PolicyNode>());
        return services;
    }

    /// <summary>The kinds alone, for what needs no node: the check of files.</summary>
    public static PolicyKinds KnownKinds() =>
        new ServiceCollection().AddPolicyKinds().BuildServiceProvider().GetRequiredService<PolicyKinds>();

    /// <summary>Adds a kind. Whoever decides by its policies takes an <see cref="IPolicy{T}"/>.</summary>
    public static IServiceCollection AddPolicyKind<T, TKind>(this IServiceCollection services)
        where T : class
        where TKind : PolicyKind<T>
    {
        services.AddSingleton<TKind>();
        services.AddSingleton<PolicyKind>(provider => provider.GetRequiredService<TKind>());
        services.AddSingleton(provider => new LivePolicy<T>(
            provider.GetRequiredService<TKind>(),
            provider.GetRequiredService<PolicyKinds>()
        ));
        services.AddSingleton<LivePolicy>(provider => provider.GetRequiredService<LivePolicy<T>>());
        services.TryAddSingleton<IPolicy<T>>(provider => provider.GetRequiredService<LivePolicy<T>>());
        return services;
    }

    /// <summary>
    /// Has the copies follow what is in force. Call it after the runtime is added and before what decides by policies: services
    /// start in their order.
    /// </summary>
    internal static void AddPolicySync(this IHostApplicationBuilder builder) =>
        builder.Services.AddHostedService<PolicySync>();
}
