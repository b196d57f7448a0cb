namespace Customer360.Grains;

/// <summary>
/// Calls that wait to be stored. Those that arrive while an append is under way go out together in the next. Owned by a partition
/// and used in its turns only.
/// </summary>
/// <param name="messagesMax">Messages of one append at most; a call is never divided.</param>
/// <param name="append">Stores a batch and tells its calls. It may take calls out of the batch that it has answered itself.</param>
/// <param name="failed">Told first where that fails: nobody knows then what was stored.</param>
internal sealed class AppendQueue(
    int messagesMax,
    WaitingRoom room,
    Func<List<WaitingCall>, Task> append,
    Action<Exception> failed
)
{
    private readonly Queue<WaitingCall> _calls = new();

    /// <summary>True while an append is under way.</summary>
    public bool IsAppending { get; private set; }

    /// <summary>Takes a call in; it is stored next, or with the others that wait by then.</summary>
    public void Add(WaitingCall call)
    {
        room.Enter(call);
        _calls.Enqueue(call);
        if (!IsAppending)
        {
            _ = AppendWaiting();
        }
    }

    /// <summary>Ends the calls that wait: whether they are stored is not known, so they are sent again.</summary>
    public void FailWaiting(Exception error)
    {
        while (_calls.TryDequeue(out WaitingCall? call))
        {
            Fail(call, error);
        }
    }

    private async Task AppendWaiting()
    {
        IsAppending = true;
        List<WaitingCall> batch = [];
        try
        {
            while (_calls.Count > 0)
            {
                TakeBatch(batch);
                await append(batch);
            }
        }
        catch (Exception error)
        {
            failed(error);
            foreach (WaitingCall call in batch)
            {
                Fail(call, error);
            }

            FailWaiting(error);
        }
        finally
        {
            IsAppending = false;
        }
    }

    private void TakeBatch(List<WaitingCall> batch)
    {
        batch.Clear();
        int messages = 0;
        while (
            _calls.TryPeek(out WaitingCall? next) && (messages == 0 || messages + next.Receipts.Length <= messagesMax)
        )
        {
            batch.Add(_calls.Dequeue());
            messages += next.Receipts.Length;
        }
    }

    private void Fail(WaitingCall call, Exception error)
    {
        room.Leave(call);
        call.Fail(error);
    }
}
