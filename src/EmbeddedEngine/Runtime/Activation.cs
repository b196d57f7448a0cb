using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// One living grain: its object, its mailbox, and the task scheduler that keeps everything the grain does, continuations
/// included, in one turn after the other. This file holds the mailbox and the turns; the other parts hold requests,
/// start and end, and what the grain sees of it.
/// </summary>
/// <remarks>
/// One object instead of four (context, scheduler, queue, work item), because hundreds of thousands of them live at once;
/// what few activations need is in <see cref="ActivationExtras"/>. Fields without a note are only touched inside a turn.
/// </remarks>
internal sealed partial class Activation : TaskScheduler, IGrainContext, ITurn
{
    private static readonly Action<object?> s_runTurn = static state => ((Activation)state!).RunItems();

    // Pushed to by any thread; see Mailbox.
    private Mailbox _mailbox;

    // Taken from the mailbox and not yet run, oldest first.
    private WorkItem? _taken;
    private int _takenCount;

    public Activation(GrainClass grainClass, IdSpan key)
    {
        Class = grainClass;
        Key = key;
        _sequence = grainClass.Engine.NextActivationSequence();
        _lastUsed = grainClass.Engine.Clock.Coarse;
    }

    /// <summary>The activation whose turn runs on this thread.</summary>
    public static Activation? CurrentTurn => RuntimeContext.Current as Activation;

    public GrainClass Class { get; }

    public IdSpan Key { get; }

    public GrainEngine Engine => Class.Engine;

    public GrainId GrainId => new(Class.GrainType, Key);

    /// <summary>The next activation in the same bucket of the directory; guarded by the bucket's lock.</summary>
    internal Activation? NextInBucket { get; set; }

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Requests that wait, as far as another thread can see.</summary>
    public int QueueLength => _mailbox.Depth + Volatile.Read(ref _takenCount) + Volatile.Read(ref _waitingCount);

    /// <summary>Puts an item into the mailbox, from any thread.</summary>
    public void Post(WorkItem item)
    {
        if (_mailbox.Push(item))
        {
            Engine.Scheduler.Schedule(this);
        }
    }

    /// <summary>Runs a turn: called by the turn scheduler, never by two threads at once.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        // Grain code must see this activation as TaskScheduler.Current, which only a running task of this scheduler gives.
        // So each batch of items runs inside one such task.
        // An await prefers a synchronization context to a scheduler. Pool threads have none; a turn scheduler's thread may.
        var outer = SynchronizationContext.Current;
        if (outer is null)
        {
            new TurnTask(this).RunSynchronously(this);
            return;
        }

        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            new TurnTask(this).RunSynchronously(this);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs a task of this scheduler; inside a turn.</summary>
    internal void RunTask(Task task) => TryExecuteTask(task);

    /// <inheritdoc />
    protected override void QueueTask(Task task) => Post(new TaskWorkItem(task));

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        // Inside a turn a task may run at once, like a method call. Outside, only the turn itself may.
        var mayRun = ReferenceEquals(RuntimeContext.Current, this) || task is TurnTask;
        return !taskWasPreviouslyQueued && mayRun && TryExecuteTask(task);
    }

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void RunItems()
    {
        var budget = Engine.WorkItemsPerTurn;
        var outer = RuntimeContext.Current;
        RuntimeContext.Current = this;
        try
        {
            while (true)
            {
                var item = _taken;
                if (item is null)
                {
                    item = _mailbox.TakeAll(out var count);
                    if (item is null)
                    {
                        if (_mailbox.TryGoIdle())
                        {
                            // From here on another thread may be running the next turn.
                            return;
                        }

                        continue;
                    }

                    _takenCount = count;
                }

                if (budget-- == 0)
                {
                    _taken = item;
                    break;
                }

                _taken = item.Next;
                _takenCount--;
                item.Next = null;
                try
                {
                    item.Run(this);
                }
                catch (Exception exception)
                {
                    // Work items settle their own errors; this is a defect, and one grain's defect must not stop others.
                    Log.WorkItemFailed(Engine.Logger, exception, GrainId);
                }
            }
        }
        finally
        {
            RuntimeContext.Current = outer;
        }

        Engine.Scheduler.Schedule(this);
    }

    private sealed class TurnTask(Activation activation)
        : Task(s_runTurn, activation, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
}
