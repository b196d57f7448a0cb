using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;

namespace Customer360.Grains;

/// <summary>
/// Tells whether a node follows the policy that is in force. One that has just begun knows the built-in one, by which nothing is watched: every
/// alert would be over.
/// </summary>
internal static class QualityPolicyNow
{
    public static async Task<bool> IsBehind(this IPolicy<QualityPolicy> policy, IGrainFactory grains) =>
        policy.InForce.Number < await grains.GetGrain<IPolicyGrain>(QualityPolicyKind.KindName).GetNumber();
}
