namespace Customer360.Storage.Pipelines;

/// <summary>
/// The queue before a pipeline: bounded by count and bytes. A request that finds it full waits outside, in order, and
/// can be withdrawn by its caller all the time until a batch takes it.
/// </summary>
internal sealed class WorkQueue(int countMax, long bytesMax) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<PipelineWork> admitted = new();
    private readonly Queue<PipelineWork> outside = new();
    private readonly SemaphoreSlim signal = new(0);
    private long bytes;
    private bool closed;

    /// <summary>Requests inside and outside.</summary>
    public int Length
    {
        get
        {
            lock (gate)
            {
                return admitted.Count + outside.Count;
            }
        }
    }

    /// <summary>False once the queue is closed.</summary>
    public bool TryAdd(PipelineWork work)
    {
        bool wake;
        lock (gate)
        {
            if (closed)
            {
                return false;
            }

            wake = admitted.Count == 0;
            if (outside.Count == 0 && HasRoomFor(work))
            {
                Admit(work);
            }
            else
            {
                outside.Enqueue(work);
            }
        }

        if (wake)
        {
            signal.Release();
        }

        return true;
    }

    /// <summary>Moves requests into <paramref name="batch"/>, in order, until it is full or the queue empty.</summary>
    /// <returns>False: the queue is closed and empty.</returns>
    public bool Take(List<PipelineWork> batch, int rowsMax, long batchBytesMax)
    {
        bool wake;
        lock (gate)
        {
            int rows = 0;
            long batchBytes = 0;
            while (admitted.TryPeek(out PipelineWork? work) && Fits(work, rows, batchBytes))
            {
                admitted.Dequeue();
                bytes -= work.Bytes;
                if (work.TryTake())
                {
                    batch.Add(work);
                    rows += work.Rows;
                    batchBytes += work.Bytes;
                }
            }

            while (outside.TryPeek(out PipelineWork? next) && HasRoomFor(next))
            {
                Admit(outside.Dequeue());
            }

            wake = closed || admitted.Count > 0;
        }

        if (wake)
        {
            // There is more: for this lane's next turn or for another lane.
            signal.Release();
        }

        return batch.Count > 0 || !IsDrained;

        bool Fits(PipelineWork work, int rows, long batchBytes) =>
            batch.Count == 0 || (rows + work.Rows <= rowsMax && batchBytes + work.Bytes <= batchBytesMax);
    }

    public Task WaitAsync() => signal.WaitAsync();

    /// <summary>Accepts nothing more; what is queued is still handed out.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }

        signal.Release();
    }

    public void Dispose() => signal.Dispose();

    private bool IsDrained
    {
        get
        {
            lock (gate)
            {
                return closed && admitted.Count == 0 && outside.Count == 0;
            }
        }
    }

    // One request is always let in, however large: else it would wait for ever.
    private bool HasRoomFor(PipelineWork work) =>
        admitted.Count == 0 || (admitted.Count < countMax && bytes + work.Bytes <= bytesMax);

    private void Admit(PipelineWork work)
    {
        admitted.Enqueue(work);
        bytes += work.Bytes;
    }
}
