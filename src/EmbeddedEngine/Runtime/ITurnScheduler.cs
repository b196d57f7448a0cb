using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>An activation that has something to do. <c>Execute</c> runs a few work items and returns.</summary>
public interface ITurn : IThreadPoolWorkItem
{
    /// <summary>The grain whose turn it is.</summary>
    GrainId GrainId { get; }
}

/// <summary>
/// Where ready activations go. The engine schedules an activation at most once until its <c>Execute</c> has returned or
/// scheduled it anew, so an implementation needs no bookkeeping; it may run turns in any order, and different
/// activations at the same time. A seeded single-threaded implementation makes a run repeatable.
/// </summary>
public interface ITurnScheduler
{
    /// <summary>Runs the turn soon. Must not run it before returning.</summary>
    void Schedule(ITurn turn);
}

/// <summary>
/// A turn scheduler that also wants to know who calls whom, to tell the story of a run. It must change nothing.
/// </summary>
public interface ICallWatcher
{
    /// <summary>A call was sent.</summary>
    /// <param name="from">The grain that calls; null: from outside grains.</param>
    /// <param name="to">The grain that is called.</param>
    /// <param name="method">For example <c>ICustomerGrain/Absorb</c>.</param>
    void Sent(GrainId? from, GrainId to, string method);
}

/// <summary>Runs turns on the thread pool.</summary>
internal sealed class ThreadPoolTurnScheduler : ITurnScheduler
{
    /// <inheritdoc />
    public void Schedule(ITurn turn) => ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: true);
}
