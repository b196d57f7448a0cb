namespace Customer360.Rules.Policies;

/// <summary>
/// A policy as this process knows it. It may change at any time, so who decides asks once per decision: one decision is made
/// by one version.
/// </summary>
public interface IPolicy<T>
    where T : class
{
    /// <summary>
    /// What is in force, outside all regions. The same object for as long as the version is the same, so holders can compare
    /// references.
    /// </summary>
    T Current => InForce.Body.Base;

    /// <inheritdoc cref="PolicyInForce{T}.Epoch"/>
    long Epoch => InForce.Epoch;

    /// <summary>What is in force, with its version and its regional overrides.</summary>
    PolicyInForce<T> InForce { get; }
}

/// <param name="Number">Of its entry in the history; 0: the built-in policy, before there is an entry.</param>
/// <param name="Epoch">
/// The number of the last entry that changed the ground on which stored data stands (<see cref="PolicyKind.HasSameGround"/>);
/// 0: none did. It never falls, so what is read after it is of this number or a later one.
/// </param>
public sealed record PolicyInForce<T>(long Number, long Epoch, PolicyBody<T> Body)
    where T : class
{
    /// <summary>What counts in a region, and what a decision has to say about it.</summary>
    /// <param name="region">Null: outside all regions.</param>
    public PolicyApplied<T> For(string? region) =>
        region is not null && Body.Overrides.TryGetValue(region, out T? own)
            ? new PolicyApplied<T>(own, Body.Version, region)
            : new PolicyApplied<T>(Body.Base, Body.Version, Override: null);
}

/// <summary>What a decision was made by.</summary>
/// <param name="Override">The region whose override counted; null: none did.</param>
public readonly record struct PolicyApplied<T>(T Value, string Version, string? Override)
    where T : class;

/// <summary>A policy that never changes.</summary>
public sealed class FixedPolicy<T>(T value, string version) : IPolicy<T>
    where T : class
{
    public PolicyInForce<T> InForce { get; } = new(0, 0, PolicyBody<T>.Of(value, version));
}
