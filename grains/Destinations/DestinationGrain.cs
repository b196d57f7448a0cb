using System.Collections.Immutable;
using System.Globalization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <inheritdoc cref="IDestinationGrain"/>
/// <remarks>
/// What waits and what became of it stands in the outbox; here stands only whether it sends. One grain sends for the whole grid, so its
/// limits hold over all nodes, and one that is dead harms no other.
/// </remarks>
[GrainType("destination")]
[KeepAlive]
public sealed class DestinationGrain(
    [PersistentState(GrainKeys.DestinationState, GrainKeys.Storage)] IPersistentState<DestinationState> stored,
    IOutbox outbox,
    DeliveryReader reader,
    DestinationWires wires,
    DestinationWatch watch,
    IPolicy<DestinationPolicy> policy,
    IGrainContext context,
    TimeProvider time,
    ILogger<DestinationGrain> logger
) : Grain, IDestinationGrain, IDisposable
{
    private const int TrimmedAtOnce = 1_000;
    private const string Grid = "grid";

    private static readonly TimeSpan s_trimEvery = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stopping = new();
    private AuditedWrites<DestinationState> _writes = null!;
    private DeliveryLoop _loop = null!;
    private Task? _running;

    private string Name => this.GetPrimaryKeyString();

    private bool IsRunning => stored.State.Status == DestinationStatus.Running;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _writes = new AuditedWrites<DestinationState>(stored, this);
        string lease = string.Create(
            CultureInfo.InvariantCulture,
            $"{context.ActivationId} {time.GetUtcNow().UtcTicks}"
        );
        _loop = new DeliveryLoop(
            Name,
            lease,
            outbox,
            reader,
            wires,
            policy,
            watch,
            () => IsRunning,
            () => IsRunning ? stored.State.Since : null,
            Turn,
            time,
            logger,
            _stopping.Token
        );
        this.RegisterGrainTimer(
            static (grain, stop) => grain.Trim(stop),
            this,
            new GrainTimerCreationOptions(s_trimEvery, s_trimEvery) { Interleave = true }
        );
        GoOn();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Not by CancelAsync: it would call what waits on a thread of the pool, beside the grain's turns.
        Stop();
        watch.Left(Name);
        if (_running is { } running)
        {
            await Task.WhenAny(running);
        }
    }

    /// <summary>The engine calls it after the deactivation.</summary>
    public void Dispose() => _stopping.Dispose();

    public Task Ring()
    {
        _loop.Ring();
        GoOn();
        return Task.CompletedTask;
    }

    public async Task<DestinationStanding> Get()
    {
        OutboxStanding standing = await outbox.ReadStandingAsync(Name, CancellationToken.None);
        DestinationState state = stored.State;
        DateTimeOffset? lateAt = standing.OldestAt + policy.Current.Find(Name)?.Freshness;
        return new DestinationStanding(
            state.Status,
            state.Reason,
            state.By,
            state.Since,
            standing.Waiting,
            standing.OldestAt,
            standing.NextAt,
            standing.Sent,
            standing.Withheld,
            standing.Failed,
            _loop.IsOpen,
            lateAt < time.GetUtcNow() ? lateAt : null
        );
    }

    public async Task<ImmutableArray<DeliveryLine>> List(DeliveryFilter filter) =>
        [.. (await outbox.ReadAsync(QueryOf(filter), CancellationToken.None)).Select(LineOf)];

    public async Task<DestinationStanding> Pause(string by)
    {
        if (IsRunning)
        {
            await Become(DestinationStatus.Paused, "paused", by);
            _loop.Ring();
        }

        return await Get();
    }

    public async Task<DestinationStanding> Resume(string by)
    {
        if (!IsRunning)
        {
            await Become(DestinationStatus.Running, "", by);
        }

        _loop.Forgive();
        GoOn();
        return await Get();
    }

    public async Task<int> Replay(DeliveryFilter filter)
    {
        int count = await outbox.ReplayAsync(QueryOf(filter), time.GetUtcNow(), CancellationToken.None);
        await Ring();
        return count;
    }

    public async Task<DeliveryTest> Test()
    {
        if (policy.Current.Find(Name) is not { } destination)
        {
            return new DeliveryTest(IsTaken: false, 0, "unknown", 0);
        }

        long begun = time.GetTimestamp();
        string id = string.Create(CultureInfo.InvariantCulture, $"test_{time.GetUtcNow().UtcTicks}");
        ItemAnswer answer = await wires.Of(destination.Kind).Test(destination, id, _stopping.Token);
        return new DeliveryTest(
            answer.Judgement.Outcome == DeliveryOutcome.Sent,
            answer.Status,
            answer.Judgement.Reason,
            time.GetElapsedTime(begun).TotalSeconds
        );
    }

    private void Stop() => _stopping.Cancel();

    private void GoOn()
    {
        if (IsRunning && _running is null or { IsCompleted: true })
        {
            _running = Run();
        }
    }

    private async Task Run()
    {
        // Not within the turn that begins it: that one answers a caller.
        await Task.Yield();
        try
        {
            await _loop.Run();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next activation goes on.
        }
        catch (Exception error) when (Outages.Is(error))
        {
            logger.DeliveriesInterrupted(Name, error.GetType().Name);
            DeactivateOnIdle();
        }
        catch (Exception error)
        {
            logger.DeliveriesFailed(Name, error.GetType().Name, error.StackTrace ?? "");
            DeactivateOnIdle();
        }
    }

    /// <summary>Its receiver refuses what it shows, or is no more: nobody is sent anything until somebody has looked.</summary>
    private async Task Turn(DeliveryJudgement judgement)
    {
        if (IsRunning)
        {
            DestinationStatus status =
                judgement.Turn == DestinationTurn.Disable ? DestinationStatus.Disabled : DestinationStatus.Paused;
            logger.DestinationStopped(Name, status, judgement.Reason);
            await Become(status, judgement.Reason, Grid);
        }
    }

    private Task Become(DestinationStatus status, string reason, string by)
    {
        DateTimeOffset now = time.GetUtcNow();
        return _writes.Save(
            [EntryOf(status, reason, by, now)],
            () =>
            {
                DestinationState state = stored.State;
                (state.Status, state.Reason, state.By, state.Since) = (status, reason, by, now);
            }
        );
    }

    private AuditEntry EntryOf(DestinationStatus status, string reason, string by, DateTimeOffset now)
    {
        string action = status switch
        {
            DestinationStatus.Running => "destination.resumed",
            DestinationStatus.Disabled => "destination.disabled",
            _ => "destination.paused",
        };
        var entry = new AuditEntry(
            DecisionId.Of(action, Name, now.UtcTicks.ToString(CultureInfo.InvariantCulture)),
            now,
            action,
            new AuditActor(by == Grid ? "grid" : "key", by, Roles: ""),
            "destination",
            Name
        );
        return reason.Length == 0 ? entry : entry with { Details = entry.Details.SetItem("reason", reason) };
    }

    /// <summary>What became of deliveries is kept for a while.</summary>
    private async Task Trim(CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        DestinationPolicy current = policy.Current;
        foreach (
            DeliveryOutcome outcome in (DeliveryOutcome[])
                [DeliveryOutcome.Sent, DeliveryOutcome.Withheld, DeliveryOutcome.Failed]
        )
        {
            TimeSpan kept = outcome == DeliveryOutcome.Sent ? current.KeepsSent : current.KeepsOthers;
            while (await outbox.TrimAsync(Name, outcome, now - kept, TrimmedAtOnce, stop) == TrimmedAtOnce) { }
        }
    }

    private DeliveryQuery QueryOf(DeliveryFilter filter) =>
        new(Name)
        {
            IsWaiting = filter.Outcome == DeliveryWords.Waiting,
            Outcome = DeliveryWords.OutcomeOf(filter.Outcome),
            Reason = filter.Reason,
            CustomerId = filter.CustomerId,
            From = filter.From,
            To = filter.To,
            DoneBefore = filter.DoneBefore,
            After = filter.AfterNumber == 0 ? null : new DeliveryCursor(filter.AfterCustomer ?? "", filter.AfterNumber),
            Limit = filter.Limit,
        };

    private static DeliveryLine LineOf(DeliveryRow row) =>
        new(
            row.Number,
            row.Effect.Id,
            EffectKinds.WordOf(row.Effect.Kind),
            row.Effect.CustomerId,
            row.Effect.Name,
            row.Effect.Cause,
            row.Outcome is { } outcome ? DeliveryWords.Of(outcome) : DeliveryWords.Waiting,
            row.Reason,
            row.Status,
            row.Tries,
            row.Effect.At,
            row.DoneAt,
            row.Note
        );
}
