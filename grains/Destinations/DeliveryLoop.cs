using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// Takes what is due, sends it side by side, and writes down what came of it. Owned by one activation and used in its turns only.
/// </summary>
/// <remarks>
/// A receiver that is slow for one customer takes one place of those that may be under way, and no more: rows are taken as places
/// become free. What is on its way when the process dies is taken again when its lease ends: told twice at most, and lost never.
/// </remarks>
/// <param name="leaseId">Of this activation, and of no other.</param>
/// <param name="mayStart">False: what is under way comes to its end, and nothing more begins.</param>
/// <param name="resumedAt">When somebody last looked after the destination and had it go on; null: it was never stopped.</param>
/// <param name="turn">An answer says something of the whole destination.</param>
internal sealed class DeliveryLoop(
    string name,
    string leaseId,
    IOutbox outbox,
    DeliveryReader reader,
    DestinationWires wires,
    IPolicy<DestinationPolicy> policy,
    DestinationWatch watch,
    Func<bool> mayStart,
    Func<DateTimeOffset?> resumedAt,
    Func<DeliveryJudgement, Task> turn,
    TimeProvider time,
    ILogger logger,
    CancellationToken stop
)
{
    private const int TakenMin = 50;
    private const int TakenMax = 1_000;

    /// <summary>Beside the time of a try: until what is taken may be taken again, by whoever comes after this activation.</summary>
    private static readonly TimeSpan s_leaseMore = TimeSpan.FromSeconds(5);

    /// <summary>It looks by itself, whoever rings.</summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(15);

    private readonly Queue<(OutboxItem Item, DateTimeOffset Until)> _taken = new();
    private readonly List<DeliveryResult> _results = [];

    /// <summary>Customers of whom something is taken and not settled.</summary>
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);

    // Whoever sets it does nothing behind that: the loop may go on within its turn, and on no other thread.
    private TaskCompletionSource _signal = new();
    private Task? _settling;
    private Exception? _notSettled;
    private int _underWay;
    private bool _mayBeMore = true;
    private DateTimeOffset? _nextAt;
    private DateTimeOffset _lookedAt;
    private DateTimeOffset _heldUntil;
    private Breaker _breaker = Breaker.Closed;
    private RateBudget? _budget;

    /// <summary>Its receiver fails: nothing but probes is sent.</summary>
    public bool IsOpen => _breaker.IsOpen;

    /// <summary>Something waits, or may be sent again.</summary>
    public void Ring()
    {
        _mayBeMore = true;
        _signal.TrySetResult();
    }

    /// <summary>Somebody has looked after the receiver: what was known of its failures is forgotten.</summary>
    public void Forgive()
    {
        (_breaker, _heldUntil) = (Breaker.Closed, default);
        Ring();
    }

    /// <summary>Goes on until nothing may be sent any more.</summary>
    /// <exception cref="OperationCanceledException">The activation ends.</exception>
    public async Task Run()
    {
        _lookedAt = default;
        using CancellationTokenRegistration ended = stop.UnsafeRegister(
            static loop => ((DeliveryLoop)loop!)._signal.TrySetResult(),
            this
        );
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (_notSettled is { } error)
            {
                _notSettled = null;
                throw error;
            }

            _signal = new();
            Destination? destination = mayStart() ? policy.Current.Find(name) : null;
            if (destination is null)
            {
                GiveBack();
                Settle();
                if (_underWay == 0 && _results.Count == 0 && _settling is null or { IsCompleted: true })
                {
                    return;
                }
            }
            else
            {
                await Fill(destination);
                Start(destination);
                Settle();
                if (time.GetUtcNow() - _lookedAt >= s_lookEvery)
                {
                    await Look(destination);
                }
            }

            await Wait(destination);
        }
    }

    /// <summary>Takes what is due, where there is room for it.</summary>
    private async Task Fill(Destination destination)
    {
        DateTimeOffset now = time.GetUtcNow();
        _mayBeMore |= _nextAt <= now;
        if (_taken.Count > 0 || !_mayBeMore || PlacesNow(destination, now) <= 0)
        {
            return;
        }

        int limit = LimitOf(destination);
        TimeSpan lease = destination.Limits.Timeout + s_leaseMore;
        _mayBeMore = false;
        ImmutableArray<OutboxItem> items = await outbox.TakeAsync(
            name,
            new OutboxLease(leaseId, now + lease),
            now,
            limit,
            stop
        );
        foreach (OutboxItem item in items)
        {
            // A try may take longer than its lease (a batch is taken apart, one request after the other): it has a new lease now, and is
            // not sent beside itself.
            if (_busy.Add(item.Effect.CustomerId))
            {
                _taken.Enqueue((Renewed(item), now + lease));
            }
        }

        // Whoever rings meanwhile is heard, too.
        _mayBeMore |= items.Length == limit;
        if (items.Length < limit)
        {
            await Look(destination);
        }
    }

    /// <summary>When the next is due, and how old what waits is: that must be known above all where nothing can be taken.</summary>
    private async Task Look(Destination destination)
    {
        _lookedAt = time.GetUtcNow();
        (DateTimeOffset? oldest, _nextAt) = await outbox.ReadNextAsync(name, stop);
        watch.Saw(name, oldest, destination.Freshness);
    }

    /// <summary>The time for which it stood still is none for which something was tried in vain.</summary>
    private OutboxItem Renewed(OutboxItem item) =>
        resumedAt() is { } at && at > item.FirstTriedAt ? item with { FirstTriedAt = at } : item;

    private int LimitOf(Destination destination)
    {
        DestinationLimits limits = destination.Limits;
        if (_breaker.IsOpen)
        {
            return 1;
        }

        int batch = Math.Min(limits.Batch, wires.Of(destination.Kind).BatchOf(destination));
        // Of what may be sent within a lease, and so that a page is not taken for each row.
        long wanted = Math.Max(TakenMin, 2L * limits.Concurrent * batch);
        long sendable = (long)limits.PerSecond * batch * (long)(s_leaseMore.TotalSeconds / 2);
        return (int)Math.Clamp(Math.Min(wanted, sendable), 1, TakenMax);
    }

    private int PlacesNow(Destination destination, DateTimeOffset now)
    {
        int perSecond = destination.Limits.PerSecond;
        _budget = _budget?.PerSecond == perSecond ? _budget.AsOf(now) : RateBudget.Full(perSecond, now);
        return now < _heldUntil
            ? 0
            : Math.Min(_breaker.Allows(destination.Limits.Concurrent, now) - _underWay, _budget.Allows);
    }

    private void Start(Destination destination)
    {
        DateTimeOffset now = time.GetUtcNow();
        int batch = Math.Min(destination.Limits.Batch, wires.Of(destination.Kind).BatchOf(destination));
        while (_taken.Count > 0 && PlacesNow(destination, now) > 0)
        {
            var items = ImmutableArray.CreateBuilder<OutboxItem>(batch);
            DateTimeOffset until = DateTimeOffset.MaxValue;
            while (items.Count < batch && _taken.TryDequeue(out var taken))
            {
                // What has waited here for long may be another's before its try ends: it is taken anew.
                if (now + destination.Limits.Timeout < taken.Until)
                {
                    items.Add(taken.Item);
                    until = taken.Until < until ? taken.Until : until;
                }
                else
                {
                    _results.Add(GivenBack(taken.Item, "waited", now));
                }
            }

            if (items.Count > 0)
            {
                _underWay++;
                _budget = _budget!.Spend();
                _ = Deliver(destination, items.DrainToImmutable(), until);
            }
        }
    }

    private async Task Deliver(Destination destination, ImmutableArray<OutboxItem> items, DateTimeOffset until)
    {
        // Not within the turn of whoever begins it: others are to begin beside it.
        await Task.Yield();
        DeliveryTry one = new(destination, reader, wires, time, logger, stop);
        await one.Run(items, until);
        await Heed(one.Answers);
        foreach (DeliveryResult result in one.Results)
        {
            watch.Delivered(destination, result, time.GetUtcNow());
        }

        _results.AddRange(one.Results);
        _underWay--;
        _signal.TrySetResult();
    }

    /// <summary>What answers say of the whole destination.</summary>
    private async Task Heed(IReadOnlyCollection<ItemAnswer> answers)
    {
        _breaker = Breaker.IsAbout(answers) is { } isGood ? _breaker.After(isGood, time.GetUtcNow()) : _breaker;
        foreach (DeliveryJudgement judgement in answers.Select(one => one.Judgement))
        {
            if (judgement.Until is { } until && until > _heldUntil)
            {
                _heldUntil = until;
            }
        }

        if (answers.FirstOrDefault(one => one.Judgement.Turn > DestinationTurn.Hold) is { } turned)
        {
            try
            {
                await turn(turned.Judgement);
            }
            catch (Exception error)
            {
                // The next answer says so again.
                logger.DestinationNotStopped(name, error.GetType().Name);
            }
        }
    }

    /// <summary>What is taken and not begun is free again.</summary>
    private void GiveBack()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (_taken.TryDequeue(out var taken))
        {
            _results.Add(GivenBack(taken.Item, "paused", now));
        }
    }

    private static DeliveryResult GivenBack(OutboxItem item, string reason, DateTimeOffset now) =>
        new(item, DeliveryOutcome.Retry, reason, RetryAt: now) { IsNoTry = true };

    /// <summary>Writes down what came back, one writing at a time: what comes meanwhile goes with the next.</summary>
    private void Settle()
    {
        if (_results.Count > 0 && _settling is null or { IsCompleted: true })
        {
            ImmutableArray<DeliveryResult> results = [.. _results.Take(TakenMax)];
            _results.RemoveRange(0, results.Length);
            _settling = Settle(results);
        }
    }

    private async Task Settle(ImmutableArray<DeliveryResult> results)
    {
        try
        {
            await outbox.SettleAsync(name, leaseId, results, time.GetUtcNow(), stop);
            _mayBeMore = true;
        }
        catch (Exception error)
        {
            _notSettled = error;
        }

        // Of what could not be settled the lease ends, and it is taken again.
        _busy.ExceptWith(results.Select(result => result.Item.Effect.CustomerId));
        _signal.TrySetResult();
    }

    private async Task Wait(Destination? destination)
    {
        if (_signal.Task.IsCompleted)
        {
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset until = now + s_lookEvery;
        if (destination is not null)
        {
            bool hasWork = _taken.Count > 0 || _mayBeMore;
            foreach (
                DateTimeOffset? at in (DateTimeOffset?[])
                    [
                        _nextAt,
                        hasWork && _heldUntil > now ? _heldUntil : null,
                        hasWork ? _breaker.OpenUntil : null,
                        hasWork && _budget is { Allows: 0 } budget ? budget.NextAt : null,
                    ]
            )
            {
                until = at > now && at < until ? at.Value : until;
            }
        }

        // Whichever comes first, and neither is an error: the signal's WaitAsync would throw at the end of every quiet round. The pause is
        // ended with the signal, so that none is left behind by a round that was rung out of it.
        using CancellationTokenSource end = new();
        // Timers know whole milliseconds: less than one would be no pause, and the loop would turn until it is over.
        var pause = TimeSpan.FromMilliseconds(Math.Ceiling((until - now).TotalMilliseconds));
        await Task.WhenAny(_signal.Task, Task.Delay(pause, time, end.Token));
        end.Cancel();
    }
}
