namespace Customer360.Simulation.Runs;

/// <summary>
/// Tells whether an answer of a grain may have come from an activation that does not know the grain's last writes.
/// Orleans promises a single activation only as long as its directory is whole, so a reader may then see a former state; its
/// writes are safe, since storage refuses the one that is behind.
/// </summary>
internal sealed class TwinWatch(Cluster cluster, GrainId grain)
{
    private readonly long _before = cluster.SecondActivations;
    private readonly bool _isFirstStale = cluster.MayBeStale(grain);

    public bool MayBeStale => _isFirstStale || cluster.MayBeStale(grain) || cluster.SecondActivations != _before;
}
