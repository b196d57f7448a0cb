using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Whether there is a warehouse mirror in a folder. Key: the folder, as the setting names it. A folder that is not mounted looks like one
/// that was never written: whoever has to forget somebody must not take the first for the second.
/// </summary>
[Alias("c360.IMirrorGrain")]
public interface IMirrorGrain : IGrainWithStringKey
{
    /// <summary>A manifest is in the folder, and rows will follow. Idempotent.</summary>
    [Alias("Began")]
    Task Began();

    /// <summary>False: no row was ever written there.</summary>
    [ReadOnly]
    [Alias("HasBegun")]
    Task<bool> HasBegun();
}
