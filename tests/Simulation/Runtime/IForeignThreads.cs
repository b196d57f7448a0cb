namespace Customer360.Simulation.Runtime;

/// <summary>
/// Implemented by a scheduler whose callers have threads of their own, as tests do. It brings their calls to the one thread that
/// the grains run on. A simulated world has no other thread, and its scheduler does not implement this.
/// </summary>
public interface IForeignThreads
{
    /// <summary>True on the grains' thread.</summary>
    bool IsHere { get; }

    void Post(Action action);
}
