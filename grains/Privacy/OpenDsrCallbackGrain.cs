using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy.OpenDsr;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <inheritdoc cref="IOpenDsrCallbackGrain"/>
/// <remarks>
/// What is to be told stands in the request, written in one transaction with the change itself; what was told stands here. So a crash
/// at any place leaves something to be told again, and nothing untold. A grain of its own, because a receiver may be slow for days, and
/// the request must not wait for it.
/// </remarks>
[GrainType("opendsr-callback")]
public sealed class OpenDsrCallbackGrain(
    [PersistentState(GrainKeys.OpenDsrCallbackState, GrainKeys.Storage)] IPersistentState<OpenDsrCallbackState> stored,
    IOpenDsrCallbackSender sender,
    OpenDsrProcessor processor,
    TimeProvider time,
    ILogger<OpenDsrCallbackGrain> logger
) : Grain, IOpenDsrCallbackGrain, IRemindable, IDisposable
{
    private const string Reminder = "callbacks";
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A request that is not written down by then never will be.</summary>
    private static readonly TimeSpan s_requestWait = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _look = NewLook();
    private Task? _running;

    /// <summary>How long the request has been looked after.</summary>
    private TimeSpan _watched;

    private string Id => this.GetPrimaryKeyString();

    private IPrivacyRequestGrain Request => GrainFactory.GetGrain<IPrivacyRequestGrain>(Id);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GoOn();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Not by CancelAsync: it would call what waits on a thread of the pool, beside the grain's turns.
        Stop();
        if (_running is { } running)
        {
            await Task.WhenAny(running);
        }
    }

    /// <summary>The engine calls it after the deactivation.</summary>
    public void Dispose() => _stopping.Dispose();

    public Task Watch() => this.RegisterOrUpdateReminder(Reminder, s_reminderPeriod, s_reminderPeriod);

    public Task Look()
    {
        GoOn();
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<OpenDsrReceiver>> Get() =>
        Task.FromResult<ImmutableArray<OpenDsrReceiver>>([
            .. stored.State.Receivers.Select(one => new OpenDsrReceiver(one.Settled, one.GivenUp)),
        ]);

    /// <summary>Asks the request nothing: it may be waiting for <see cref="Watch"/>, and two grains must not wait for each other.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _watched = status.CurrentTickTime - status.FirstTickTime;
        GoOn();
        return Task.CompletedTask;
    }

    private static TaskCompletionSource NewLook() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Stop() => _stopping.Cancel();

    private void GoOn()
    {
        _look.TrySetResult();
        if (_running is null or { IsCompleted: true })
        {
            _running = Run();
        }
    }

    /// <summary>Goes on until there is nothing to be told for now; what is further away than a minute is the reminder's.</summary>
    private async Task Run()
    {
        // Not within the turn that begins it: that one answers a caller.
        await Task.Yield();
        try
        {
            while (true)
            {
                _look = NewLook();
                DateTimeOffset? next = await Round();
                if (_look.Task.IsCompleted)
                {
                    continue;
                }

                if (next is not { } at || at - time.GetUtcNow() > s_reminderPeriod)
                {
                    return;
                }

                TimeSpan wait = at - time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    await Task.WhenAny(_look.Task, Task.Delay(wait, time, _stopping.Token));
                }

                _stopping.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next activation goes on.
        }
        catch (Exception error) when (Outages.Is(error))
        {
            logger.CallbacksInterrupted(Id, error.GetType().Name);
            DeactivateOnIdle();
        }
        catch (Exception error)
        {
            logger.CallbacksFailed(Id, error.GetType().Name, error.StackTrace ?? "");
            DeactivateOnIdle();
        }
    }

    /// <summary>Tells what is due; answers when there is something to tell next, null where nothing is.</summary>
    private async Task<DateTimeOffset?> Round()
    {
        if (await Request.Get() is not { OpenDsr: { } openDsr } request)
        {
            if (_watched > s_requestWait)
            {
                await EndReminder();
            }

            return null;
        }

        int changes = openDsr.Changes.Length;
        CallbackRound round = OpenDsrCallbacks.Next(
            stored.State.Receivers,
            openDsr.CallbackUrls.Length,
            changes,
            processor.CallbackTriesMax,
            time.GetUtcNow()
        );
        if (!round.Due.IsEmpty || !round.GivenUp.IsEmpty)
        {
            // A try is written down before it is made: one that a crash breaks off counts, and so they come to an end.
            await Save(round.Receivers, round.GivenUp, openDsr);
        }

        CallbackResult[] results = await Task.WhenAll(
            round.Due.Select(place => Tell(request, openDsr, place, round.Receivers[place].Settled))
        );
        ImmutableArray<CallbackProgress> receivers = round.Receivers;
        var givenUp = ImmutableArray.CreateBuilder<int>();
        foreach ((int index, int place) in round.Due.Index())
        {
            CallbackProgress before = receivers[place];
            CallbackProgress after =
                results[index] == CallbackResult.Told
                    ? OpenDsrCallbacks.Told(before)
                    : OpenDsrCallbacks.NotTold(before, processor.CallbackTriesMax);
            logger.CallbackTried(Id, place, before.Tries, results[index]);
            receivers = receivers.SetItem(place, after);
            if (after.GivenUp > before.GivenUp)
            {
                givenUp.Add(place);
            }
        }

        if (!receivers.SequenceEqual(round.Receivers))
        {
            await Save(receivers, givenUp.DrainToImmutable(), openDsr);
        }

        if (OpenDsrCallbacks.IsOver(receivers, openDsr.CallbackUrls.Length, openDsr.Changes))
        {
            await EndReminder();
        }

        return OpenDsrCallbacks.NextAt(receivers, changes);
    }

    private async Task EndReminder()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private Task<CallbackResult> Tell(PrivacyRequestView request, OpenDsrView openDsr, int place, int change)
    {
        OpenDsrStatus status = openDsr.Changes[change];
        string url = openDsr.CallbackUrls[place];
        byte[] body = OpenDsrText.Status(request.StandingAt(status, processor), url);
        return sender.SendAsync(new Uri(url), body, _stopping.Token);
    }

    /// <summary>Writes how far they are, and tells the audit of those that are given up, in one transaction.</summary>
    /// <param name="givenUp">Places of receivers whose last settled change was given up.</param>
    private Task Save(ImmutableArray<CallbackProgress> receivers, ImmutableArray<int> givenUp, OpenDsrView openDsr) =>
        stored.SaveOrTakeBack(
            new OpenDsrCallbackState
            {
                Receivers = receivers,
                Audit = [.. givenUp.Select(place => GivenUp(openDsr, place, receivers[place].Settled - 1))],
            },
            this
        );

    private AuditEntry GivenUp(OpenDsrView openDsr, int place, int change)
    {
        const string Action = "privacy.callback-given-up";
        string word = OpenDsrStatuses.Word(openDsr.Changes[change]);
        logger.CallbackGivenUp(Id, place, word);
        var entry = new AuditEntry(
            DecisionId.Of(Action, Id, $"{place}", $"{change}"),
            time.GetUtcNow(),
            Action,
            new AuditActor("grid", "privacy", Roles: ""),
            "privacy-request",
            Id
        );
        return entry with
        {
            Result = "refused",
            Details = entry
                .Details.SetItem("host", new Uri(openDsr.CallbackUrls[place]).IdnHost)
                .SetItem("status", word),
        };
    }
}
