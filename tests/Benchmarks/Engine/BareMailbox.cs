using System.Threading.Tasks.Sources;

namespace Customer360.Benchmarks.Engine;

/// <summary>
/// The least that can be called an actor: a lock-free chain of requests, a flag in the same word and a pool thread, with
/// request objects that their callers use again and again. No scheduler, timeouts, lifecycle or errors. What the engine
/// costs beyond this is what it gives beyond this.
/// </summary>
internal sealed class BareMailbox : IThreadPoolWorkItem
{
    private static readonly Request s_scheduled = new();
    private Request? _head;
    private long _sum;

    public ValueTask<long> Add(Request request, long amount)
    {
        request.Amount = amount;
        request.Reset();
        var answer = request.Answer;
        var head = Volatile.Read(ref _head);
        while (true)
        {
            request.Next = head;
            var seen = Interlocked.CompareExchange(ref _head, request, head);
            if (ReferenceEquals(seen, head))
            {
                break;
            }

            head = seen;
        }

        if (head is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }

        return answer;
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            var request = Interlocked.Exchange(ref _head, s_scheduled);
            while (request is not null && !ReferenceEquals(request, s_scheduled))
            {
                // Newest first: order would cost a little more.
                var next = request.Next;
                _sum += request.Amount;
                request.Set(_sum);
                request = next;
            }

            if (ReferenceEquals(Interlocked.CompareExchange(ref _head, null, s_scheduled), s_scheduled))
            {
                return;
            }
        }
    }

    internal sealed class Request : IValueTaskSource<long>
    {
        private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };

        public Request? Next { get; set; }

        public long Amount { get; set; }

        public ValueTask<long> Answer => new(this, _core.Version);

        public void Reset() => _core.Reset();

        public void Set(long value) => _core.SetResult(value);

        long IValueTaskSource<long>.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<long>.OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags
        ) => _core.OnCompleted(continuation, state, token, flags);
    }
}
