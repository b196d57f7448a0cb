using Customer360.Rules.Audiences;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <summary>The policies by which a customer's audiences are decided, as this node knows them.</summary>
public sealed class AudiencePolicies(
    IPolicy<AudiencePolicy> audiences,
    IPolicy<MastershipPolicy> mastership,
    IPolicy<RoutingPolicy> routing
)
{
    /// <summary>The same object for as long as the version is the same.</summary>
    public AudiencePolicy Current => audiences.Current;

    public MastershipPolicy Mastership => mastership.Current;

    public RoutingPolicy Routing => routing.Current;
}
