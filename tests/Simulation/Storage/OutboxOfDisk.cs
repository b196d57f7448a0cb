using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Simulation.Storage;

/// <summary>
/// What waits for destinations, and what became of it. Each method is a part of one committed transaction, with the semantics that the port
/// promises (<see cref="IOutbox"/>) and the real stores have (tests/Storage.Tests).
/// </summary>
internal sealed class OutboxOfDisk
{
    private readonly OrderedDictionary<(string Destination, string Id), Subject> _subjects = [];
    private readonly List<Done> _done = [];
    private readonly List<Written> _written = [];
    private long _number;

    /// <summary>Every row that was ever put in, in that order: also what was put back.</summary>
    public IReadOnlyList<Written> All => _written;

    public IReadOnlyList<Done> Ended => _done;

    public bool HasWaiting => _subjects.Values.Any(subject => subject.Waiting.Count > 0);

    /// <summary>Those whose effect is known, or said by one that waits, are left out.</summary>
    public void Insert(ImmutableArray<OutboxRow> rows, DateTimeOffset now)
    {
        foreach ((string destination, Effect effect) in rows)
        {
            if (IsKnown(destination, effect) || IsSaidByOneThatWaits(destination, effect))
            {
                continue;
            }

            Add(destination, effect, now);
            switch (effect.Kind, effect.OtherId)
            {
                case (EffectKind.CustomersMerged, { } into):
                    Pass(destination, effect.CustomerId, into, withWhatIsUnderWay: false);
                    break;
                case (EffectKind.CustomerSplit, { } from):
                    Pass(destination, from, effect.CustomerId, withWhatIsUnderWay: true);
                    break;
            }
        }
    }

    public ImmutableArray<OutboxItem> Take(string destination, OutboxLease lease, DateTimeOffset now, int limit)
    {
        var items = ImmutableArray.CreateBuilder<OutboxItem>();
        foreach (
            Subject subject in Of(destination).Where(one => one.DueAt <= now).OrderBy(one => one.DueAt).Take(limit)
        )
        {
            if (subject.Waiting.Count == 0)
            {
                subject.DueAt = null;
                continue;
            }

            (long sequence, Effect effect) = subject.Waiting.First();
            subject.WasSent |= subject.Lease is not null && !EffectKinds.IsCorrection(effect.Kind);
            subject.TriedAt ??= now;
            items.Add(
                new OutboxItem(effect, sequence, subject.Tries, subject.TriedAt.Value, subject.WasSent, subject.HasGap)
            );
            (subject.Lease, subject.Taken, subject.DueAt) = (lease.Id, sequence, lease.Until);
            subject.Tries++;
        }

        return items.ToImmutable();
    }

    public int Settle(string destination, string lease, ImmutableArray<DeliveryResult> results, DateTimeOffset now) =>
        results.Count(result =>
        {
            bool isSettled = Settle(destination, lease, result, now);
            bool isTold = result.Outcome == DeliveryOutcome.Sent || result.MayHaveArrived;
            if (isTold && !EffectKinds.IsCorrection(result.Item.Effect.Kind) && result.AboutId is { } about)
            {
                Pass(destination, result.Item.Effect.CustomerId, about, withWhatIsUnderWay: false);
            }

            return isSettled;
        });

    public (DateTimeOffset? OldestAt, DateTimeOffset? NextAt) ReadNext(string destination) =>
        (
            Of(destination).SelectMany(one => one.Waiting.Values).Min(effect => (DateTimeOffset?)effect.At),
            Of(destination).Min(one => one.DueAt)
        );

    public OutboxStanding ReadStanding(string destination)
    {
        (DateTimeOffset? oldest, DateTimeOffset? next) = ReadNext(destination);
        return new OutboxStanding(
            Of(destination).Sum(one => (long)one.Waiting.Count),
            oldest,
            next,
            Count(DeliveryOutcome.Sent),
            Count(DeliveryOutcome.Withheld),
            Count(DeliveryOutcome.Failed)
        );

        long Count(DeliveryOutcome outcome) =>
            _done.LongCount(one => one.Destination == destination && one.Result.Outcome == outcome);
    }

    /// <summary>What is done, the newest first; nobody asks here for what waits.</summary>
    public ImmutableArray<DeliveryRow> Read(DeliveryQuery query) =>
        [
            .. Meant(query)
                .Where(one => query.After is null || one.Number < query.After.Number)
                .OrderByDescending(one => one.Number)
                .Take(query.Limit)
                .Select(one => new DeliveryRow(
                    one.Number,
                    one.Result.Item.Effect,
                    one.Result.Outcome,
                    one.Result.Reason,
                    one.Result.Status,
                    one.Result.Item.Tries,
                    one.At,
                    one.Result.Note
                )),
        ];

    public int Replay(DeliveryQuery query, DateTimeOffset now)
    {
        Done[] again = [.. Meant(query).Take(query.Limit)];
        foreach (Done one in again)
        {
            _done.Remove(one);
            if (!IsSaidByOneThatWaits(one.Destination, one.Result.Item.Effect))
            {
                Add(one.Destination, one.Result.Item.Effect, now);
            }
        }

        return again.Length;
    }

    public int Trim(string destination, DeliveryOutcome outcome, DateTimeOffset before, int limit)
    {
        Done[] gone =
        [
            .. _done
                .Where(one => one.Destination == destination && one.Result.Outcome == outcome)
                .Take(limit)
                .Where(one => one.At < before),
        ];
        return _done.RemoveAll(gone.Contains);
    }

    /// <summary>What would be tried again later is due now: nobody waits for hours here.</summary>
    public void HurryUp(DateTimeOffset now)
    {
        foreach (Subject subject in _subjects.Values.Where(one => one.Lease is null && one.DueAt > now))
        {
            subject.DueAt = now;
        }
    }

    private IEnumerable<Subject> Of(string destination) =>
        _subjects.Where(one => one.Key.Destination == destination).Select(one => one.Value);

    private IEnumerable<Done> Meant(DeliveryQuery query) =>
        _done.Where(one =>
            one.Destination == query.Destination
            && (query.Outcome is null || one.Result.Outcome == query.Outcome)
            && (query.Reason is null || one.Result.Reason == query.Reason)
            && (query.CustomerId is null || one.Result.Item.Effect.CustomerId == query.CustomerId)
            && (query.From is null || one.Result.Item.Effect.At >= query.From)
            && (query.To is null || one.Result.Item.Effect.At < query.To)
        );

    private bool IsKnown(string destination, Effect effect) =>
        _subjects.TryGetValue((destination, effect.CustomerId), out Subject? subject)
        && (
            subject.Waiting.Values.Any(one => one.Id == effect.Id)
            || _done.Exists(one => one.Destination == destination && one.Result.Item.Effect.Id == effect.Id)
        );

    private bool IsSaidByOneThatWaits(string destination, Effect effect) =>
        EffectKinds.Coalesces(effect.Kind)
        && _subjects.TryGetValue((destination, effect.CustomerId), out Subject? subject)
        && subject.Waiting.Any(one =>
            one.Key > (subject.Taken ?? 0) && one.Value.Kind == effect.Kind && one.Value.Name == effect.Name
        );

    private void Add(string destination, Effect effect, DateTimeOffset dueAt)
    {
        Subject subject = SubjectOf(destination, effect.CustomerId);
        subject.Waiting.Add(++subject.Last, effect);
        subject.DueAt ??= dueAt;
        _written.Add(new Written(destination, effect, subject.Last));
    }

    private Subject SubjectOf(string destination, string customer)
    {
        if (!_subjects.TryGetValue((destination, customer), out Subject? subject))
        {
            _subjects.Add((destination, customer), subject = new Subject());
        }

        return subject;
    }

    private void Pass(string destination, string from, string to, bool withWhatIsUnderWay)
    {
        if (
            _subjects.TryGetValue((destination, from), out Subject? subject)
            && (subject.WasSent || (withWhatIsUnderWay && subject.Lease is not null))
        )
        {
            SubjectOf(destination, to).WasSent = true;
        }
    }

    private bool Settle(string destination, string lease, DeliveryResult result, DateTimeOffset now)
    {
        Effect effect = result.Item.Effect;
        Subject subject = SubjectOf(destination, effect.CustomerId);
        if (subject.Lease != lease || subject.Taken != result.Item.Sequence)
        {
            return false;
        }

        (subject.Lease, subject.Taken) = (null, null);
        if (result.Outcome == DeliveryOutcome.Retry)
        {
            subject.DueAt = result.RetryAt;
            subject.Tries -= result.IsNoTry ? 1 : 0;
            subject.TriedAt = subject.Tries > 0 ? subject.TriedAt : null;
            subject.WasSent |= result.MayHaveArrived;
            return true;
        }

        subject.Waiting.Remove(result.Item.Sequence);
        subject.DueAt = subject.Waiting.Count > 0 ? now : null;
        (subject.Tries, subject.TriedAt) = (0, null);
        subject.HasGap = result.Outcome switch
        {
            DeliveryOutcome.Sent => false,
            DeliveryOutcome.Failed => true,
            _ => subject.HasGap,
        };
        subject.WasSent =
            !result.IsForgotten && (subject.WasSent || result.Outcome == DeliveryOutcome.Sent || result.MayHaveArrived);
        if (effect.Kind == EffectKind.PersonErased)
        {
            _done.RemoveAll(one =>
                one.Destination == destination && one.Result.Item.Effect.CustomerId == effect.CustomerId
            );
        }

        _done.Add(new Done(++_number, destination, result, now));
        if (effect is { Kind: EffectKind.CustomersMerged, OtherId: { } into })
        {
            Pass(destination, effect.CustomerId, into, withWhatIsUnderWay: false);
        }

        return true;
    }

    /// <summary>A row as it was put in.</summary>
    /// <param name="Sequence">Its place among those of its customer.</param>
    internal sealed record Written(string Destination, Effect Effect, long Sequence);

    /// <summary>What became of a row.</summary>
    internal sealed record Done(long Number, string Destination, DeliveryResult Result, DateTimeOffset At);

    private sealed class Subject
    {
        public SortedDictionary<long, Effect> Waiting { get; } = [];

        public long Last { get; set; }

        public DateTimeOffset? DueAt { get; set; }

        public string? Lease { get; set; }

        public long? Taken { get; set; }

        public int Tries { get; set; }

        public DateTimeOffset? TriedAt { get; set; }

        public bool HasGap { get; set; }

        public bool WasSent { get; set; }
    }
}
