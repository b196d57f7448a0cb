using System.Reflection;
using Customer360.Grains.Contracts;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Customer360.Silo.Cluster;

/// <inheritdoc cref="INodeVersions"/>
/// <remarks>Every silo tells its version to the others by Orleans' silo metadata, once, when it joins.</remarks>
internal sealed class NodeVersions(ISiloMetadataCache metadata) : INodeVersions
{
    public const string Key = "customer360.version";

    /// <summary>The version of this program, with the commit that it was built from where the build knows it.</summary>
    public static string Own { get; } =
        typeof(NodeVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public string? Of(SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(Key);
}
