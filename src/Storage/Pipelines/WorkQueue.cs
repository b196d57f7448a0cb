namespace Customer360.Storage.Pipelines;

/// <summary>
/// The queue before a pipeline: bounded by count and bytes. A request that finds it full waits outside, in order, and
/// can be withdrawn by its caller all the time until a batch takes it.
/// </summary>
internal sealed class WorkQueue(int countMax, long bytesMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<PipelineWork> _admitted = new();
    private readonly Queue<PipelineWork> _outside = new();
    private readonly SemaphoreSlim _signal = new(0);
    private long _bytes;
    private bool _closed;

    /// <summary>Requests inside and outside.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
            {
                return _admitted.Count + _outside.Count;
            }
        }
    }

    /// <summary>False once the queue is closed.</summary>
    public bool TryAdd(PipelineWork work)
    {
        bool wake;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            wake = _admitted.Count == 0;
            if (_outside.Count == 0 && HasRoomFor(work))
            {
                Admit(work);
            }
            else
            {
                _outside.Enqueue(work);
            }
        }

        if (wake)
        {
            _signal.Release();
        }

        return true;
    }

    /// <summary>Moves requests into <paramref name="batch"/>, in order, until it is full or the queue empty.</summary>
    /// <returns>False: the queue is closed and empty.</returns>
    public bool Take(List<PipelineWork> batch, int rowsMax, long batchBytesMax)
    {
        bool wake;
        lock (_gate)
        {
            int rows = 0;
            long batchBytes = 0;
            while (_admitted.TryPeek(out PipelineWork? work) && Fits(work, rows, batchBytes))
            {
                _admitted.Dequeue();
                _bytes -= work.Bytes;
                if (work.TryTake())
                {
                    batch.Add(work);
                    rows += work.Rows;
                    batchBytes += work.Bytes;
                }
            }

            while (_outside.TryPeek(out PipelineWork? next) && HasRoomFor(next))
            {
                Admit(_outside.Dequeue());
            }

            wake = _closed || _admitted.Count > 0;
        }

        if (wake)
        {
            // What is left is for this lane's next turn, or for another lane.
            _signal.Release();
        }

        return batch.Count > 0 || !IsDrained;

        bool Fits(PipelineWork work, int rows, long batchBytes) =>
            batch.Count == 0 || (rows + work.Rows <= rowsMax && batchBytes + work.Bytes <= batchBytesMax);
    }

    public Task WaitAsync() => _signal.WaitAsync();

    /// <summary>Accepts nothing more; what is queued is still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _signal.Release();
    }

    public void Dispose() => _signal.Dispose();

    private bool IsDrained
    {
        get
        {
            lock (_gate)
            {
                return _closed && _admitted.Count == 0 && _outside.Count == 0;
            }
        }
    }

    // One request is always let in, however large, because otherwise it would never get in.
    private bool HasRoomFor(PipelineWork work) =>
        _admitted.Count == 0 || (_admitted.Count < countMax && _bytes + work.Bytes <= bytesMax);

    private void Admit(PipelineWork work)
    {
        _admitted.Enqueue(work);
        _bytes += work.Bytes;
    }
}
