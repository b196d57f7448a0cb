namespace Customer360.Simulation.Runtime;

/// <summary>
/// The turns of an activation. Like Orleans' <c>WorkItemGroup</c> it schedules all that its grain starts or continues, and runs one
/// piece of it at a time; each piece is a step that the world's scheduler chooses, where Orleans would run several in a row.
/// </summary>
internal sealed partial class Activation
{
    private readonly Queue<object> _work = new();
    private bool _isScheduled;
    private bool _isInTurn;

    public override int MaximumConcurrencyLevel => 1;

    public void QueueAction(Action action) => Enqueue(action);

    public void QueueAction(Action<object> action, object state) => Enqueue(() => action(state));

    void IWorkItemScheduler.QueueTask(Task task) => task.Start(this);

    protected override void QueueTask(Task task) => Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && _isInTurn && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _work.OfType<Task>();

    private void Enqueue(object work)
    {
        // A simulated world has one thread. The lock is for hosts whose callers complete from others what a grain awaits.
        lock (_work)
        {
            _work.Enqueue(work);
            if (_isScheduled)
            {
                return;
            }

            _isScheduled = true;
        }

        _silo.Schedule(this);
    }

    public void Execute()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        OrleansInternals.SetContext(null, this, out IGrainContext? outer);
        _isInTurn = true;
        try
        {
            Run(Dequeue());
        }
        finally
        {
            _isInTurn = false;
            OrleansInternals.ResetContext(null, outer);
            ScheduleRest();
            // Answers go out when the turn is over, so nobody's continuation runs inside another's turn.
            _silo.Answers.Send();
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private object Dequeue()
    {
        lock (_work)
        {
            return _work.Dequeue();
        }
    }

    private void Run(object work)
    {
        if (work is Task task)
        {
            TryExecuteTask(task);
        }
        else
        {
            // It becomes a task of this scheduler, so that what the grain awaits in it comes back here.
            new Task((Action)work).RunSynchronously(this);
        }
    }

    private void ScheduleRest()
    {
        lock (_work)
        {
            _isScheduled = _work.Count > 0;
        }

        if (_isScheduled)
        {
            _silo.Schedule(this);
        }
    }
}
