using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains.Contracts;

/// <summary>
/// The mastership policy as this node knows it. Supplied by the silo, which keeps a copy of what
/// <see cref="IMastershipGrain"/> holds: a policy that another node took counts here a second later at the most.
/// </summary>
public interface IMastershipSource
{
    /// <summary>The same object for as long as the policy is the same, so that holders can compare references.</summary>
    MastershipPolicy Current { get; }
}
