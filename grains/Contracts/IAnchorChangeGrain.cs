namespace Customer360.Grains.Contracts;

/// <summary>
/// Sees to it that all partitions have gone over to the anchors of a change of rules. Keeps nothing; key:
/// <see cref="GrainKeys.Current"/>, so that the partitions are asked once and not each by each.
/// </summary>
[Alias("c360.IAnchorChangeGrain")]
public interface IAnchorChangeGrain : IGrainWithStringKey
{
    /// <summary>
    /// Completes when no partition stores messages under anchors of before the change any more. Remembered, so only the first
    /// call asks.
    /// </summary>
    /// <param name="since">The change: the <see cref="PolicyVersion.Epoch"/> of the identity rules.</param>
    [Alias("Complete")]
    Task Complete(long since);
}
