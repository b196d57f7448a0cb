namespace Customer360.Silo.Start;

/// <summary>
/// Which processes may share a grid. Silos and clients of neighbouring releases run side by side while a cluster is updated, so
/// what they say to each other has a number.
/// </summary>
/// <remarks>
/// When a change can't be understood by the release before (a message or a state that it would misread): first release what
/// reads both, with <see cref="Version"/> raised; then what writes the new, with <see cref="OldestBeside"/> raised to it. From
/// the first start of that one on the store refuses older processes.
/// </remarks>
internal static class GridContract
{
    /// <summary>What this program speaks.</summary>
    public const int Version = 1;

    /// <summary>The oldest with which it gets on.</summary>
    public const int OldestBeside = 1;
}
