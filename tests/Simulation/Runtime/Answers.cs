using Orleans.Serialization.Invocation;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// Brings answers to callers, and tells those that have waited too long, as the callback timer of Orleans' clients does.
/// </summary>
internal sealed class Answers : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _time;
    private readonly Wire _wire;
    private readonly Queue<(Call Call, Response Response)> _ready = new();
    private readonly PriorityQueue<Call, (long Deadline, long Number)> _open = new();
    private readonly ITimer _timer;
    private long _numbers;
    private bool _isLooking;
    private bool _isSending;

    public Answers(TimeProvider time, Wire wire, TimeSpan responseTimeout)
    {
        (_time, _wire, ResponseTimeout) = (time, wire, responseTimeout);
        _timer = time.CreateTimer(
            static answers => ((Answers)answers!).LookForLate(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>How long callers wait, unless their method says otherwise.</summary>
    public TimeSpan ResponseTimeout { get; }

    /// <summary>A caller waits from now on.</summary>
    public void Expect(Call call)
    {
        _open.Enqueue(call, (call.Deadline, ++_numbers));
        if (!_isLooking)
        {
            _isLooking = true;
            _timer.Change(s_look, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>An answer is there. It goes out by <see cref="Send"/>, when the turn that gave it is over.</summary>
    public void Add(Call call, Response response) => _ready.Enqueue((call, _wire.Cross(response, call)));

    public void Send()
    {
        if (_isSending)
        {
            return;
        }

        _isSending = true;
        while (_ready.TryDequeue(out var next))
        {
            next.Call.Answer(next.Response);
        }

        _isSending = false;
    }

    public void Dispose() => _timer.Dispose();

    private void LookForLate()
    {
        long now = _time.GetUtcNow().UtcTicks;
        while (_open.TryPeek(out Call? call, out _) && (call.IsAnswered || call.Deadline <= now))
        {
            _open.Dequeue();
            if (!call.IsAnswered)
            {
                _ready.Enqueue((call, Response.FromException(Late(call))));
            }
        }

        _isLooking = _open.Count > 0;
        if (_isLooking)
        {
            _timer.Change(s_look, Timeout.InfiniteTimeSpan);
        }

        Send();
    }

    private TimeoutException Late(Call call) =>
        new(
            $"Response did not arrive on time in {ResponseTimeout} for message: {call.Body?.GetActivityName()} to {call.Target}."
        );
}
