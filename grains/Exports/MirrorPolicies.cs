using System.Collections.Immutable;
using Customer360.Rules.Audiences;
using Customer360.Rules.Destinations;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <summary>The policies by which rows of the mirror are made, each as it is in force at that moment.</summary>
public sealed class MirrorPolicies(
    IPolicy<MastershipPolicy> mastership,
    IPolicy<LifecyclePolicy> lifecycle,
    IPolicy<ScoringPolicy> scoring,
    IPolicy<AudiencePolicy> audiences,
    IPolicy<DestinationPolicy> destinations,
    PolicyKinds kinds
)
{
    public MastershipPolicy Mastership => mastership.Current;

    public LifecyclePolicy Lifecycle => lifecycle.Current;

    public ScoringPolicy Scoring => scoring.Current;

    public AudiencePolicy Audiences => audiences.Current;

    public DestinationPolicy Destinations => destinations.Current;

    /// <summary>By name.</summary>
    public ImmutableArray<PolicyKind> Kinds => kinds.All;
}
