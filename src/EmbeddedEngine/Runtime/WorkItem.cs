namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Whatever can wait in a mailbox: a request, a continuation, an order to the activation itself. It is its own link in
/// the queue, so that queuing allocates nothing.
/// </summary>
public abstract class WorkItem
{
    private protected WorkItem() { }

    /// <summary>The next item in whatever chain this one is in.</summary>
    internal WorkItem? Next;

    /// <summary>How many items were in the mailbox when this one was pushed, itself included.</summary>
    internal int Depth;

    /// <summary>Runs inside a turn of the activation.</summary>
    internal abstract void Run(Activation activation);
}

/// <summary>A task that was queued to the activation's scheduler, usually the continuation of an await.</summary>
internal sealed class TaskWorkItem(Task task) : WorkItem
{
    internal override void Run(Activation activation) => activation.RunTask(task);
}

/// <summary>Any small order, for example "deactivate".</summary>
internal sealed class ActionWorkItem(Action<Activation> action) : WorkItem
{
    internal override void Run(Activation activation) => action(activation);
}
