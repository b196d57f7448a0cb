using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Silo.Policies;

/// <inheritdoc cref="IPolicyNode"/>
public sealed class PolicyNode(PolicyKinds kinds, IEnumerable<LivePolicy> copies) : IPolicyNode
{
    /// <summary>A copy of each kind.</summary>
    public ImmutableArray<LivePolicy> Copies { get; } = [.. copies];

    public bool Follow(PolicyVersion version) => TryFollow(version).IsEmpty;

    /// <summary>Follows a version; answers why it can't, where it can't.</summary>
    internal ImmutableArray<ConfigFault> TryFollow(PolicyVersion version)
    {
        LivePolicy copy = Copies.Single(one => one.Kind.Name == version.Kind);
        if (version.Release.Length > 0 && version.Release != copy.Kind.Release)
        {
            return [new ConfigFault(1, "release", "A node of another release understands this kind otherwise now.")];
        }

        PolicyReading reading = kinds.Read(copy.Kind, version.Text);
        if (!reading.IsReadable)
        {
            return reading.Faults;
        }

        copy.Take(version.Number, version.Epoch, reading);
        return [];
    }
}
