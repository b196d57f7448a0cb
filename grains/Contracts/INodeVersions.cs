namespace Customer360.Grains.Contracts;

/// <summary>Which version of the program the silos of the cluster run.</summary>
public interface INodeVersions
{
    /// <summary>The informational version of a silo's program; null where it did not tell.</summary>
    string? Of(SiloAddress silo);
}
