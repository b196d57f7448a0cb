using System.Collections.Immutable;
using System.Globalization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <inheritdoc cref="IAttributionGrain"/>
/// <remarks>
/// What waits stands in the outbox, and is settled when all that it concerns is credited. A crash in between has it taken again, which
/// changes nothing the second time.
/// </remarks>
[GrainType("attribution")]
[KeepAlive]
public sealed class AttributionGrain(
    [PersistentState(GrainKeys.AttributionState, GrainKeys.Storage)] IPersistentState<AttributionState> stored,
    IOutbox outbox,
    IEventLog log,
    IStateScan scan,
    IPolicy<AttributionPolicy> policy,
    IGrainContext context,
    TimeProvider time,
    ILogger<AttributionGrain> logger
) : Grain, IAttributionGrain, IDisposable
{
    private const int TakenMax = 64;
    private const int LookedAtOnce = 32;
    private const int TrimmedAtOnce = 1_000;

    /// <summary>What a crash has left under way waits as long. Two that work off the same change nothing twice.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_busyPause = TimeSpan.FromSeconds(2);

    /// <summary>A node follows a policy within a second; after that a message that no policy knows is none of ours any more.</summary>
    private static readonly TimeSpan s_followedBy = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_trimEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_keepsDone = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_keepsFailed = TimeSpan.FromDays(30);

    private readonly CancellationTokenSource _stopping = new();
    private string _leaseId = "";
    private bool _wasRung;
    private Task? _running;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _leaseId = string.Create(CultureInfo.InvariantCulture, $"{context.ActivationId} {time.GetUtcNow().UtcTicks}");
        this.RegisterGrainTimer(
            static (grain, stop) => grain.Trim(stop),
            this,
            new GrainTimerCreationOptions(s_trimEvery, s_trimEvery) { Interleave = true }
        );
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

    public Task Ring()
    {
        _wasRung = true;
        if (!IsStopping && _running is null or { IsCompleted: true })
        {
            _running = Run();
        }

        return Task.CompletedTask;
    }

    private bool IsStopping => _stopping.IsCancellationRequested;

    private void Stop() => _stopping.Cancel();

    private async Task Run()
    {
        // Not within the turn that begins it: that one answers a caller.
        await Task.Yield();
        try
        {
            while (_wasRung && !IsStopping)
            {
                _wasRung = false;
                if (!await HasPolicy())
                {
                    return;
                }

                while (!IsStopping && await WorkOff()) { }
                await CreditAnew();
            }
        }
        catch (OperationCanceledException) when (IsStopping)
        {
            // The next activation goes on.
        }
        catch (Exception error) when (Outages.Is(error))
        {
            // The next ring, within some seconds, goes on.
            logger.CreditInterrupted(error.GetType().Name);
        }
        catch (Exception error)
        {
            logger.CreditFailed(error.GetType().Name, error.StackTrace ?? "");
        }
    }

    /// <summary>
    /// A node that has just begun does not know the policy yet: what waits is not worked off by none. Where there is none any more it waits
    /// until there is one.
    /// </summary>
    private async Task<bool> HasPolicy()
    {
        while (policy.Current.IsEmpty)
        {
            (_, DateTimeOffset? nextAt) = await outbox.ReadNextAsync(AttributionEffects.Outbox, _stopping.Token);
            if (nextAt is null || time.GetUtcNow() - nextAt > s_followedBy)
            {
                return false;
            }

            // A wait and no poll of others: the node's copy of the policy is followed beside us, within a second.
            await Task.Delay(s_lookAgain, time, _stopping.Token);
        }

        return true;
    }

    /// <summary>Works off what is due; false: nothing is.</summary>
    private async Task<bool> WorkOff()
    {
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<OutboxItem> items = await outbox.TakeAsync(
            AttributionEffects.Outbox,
            new OutboxLease(_leaseId, now + s_lease),
            now,
            TakenMax,
            CancellationToken.None
        );
        if (items.IsEmpty)
        {
            return false;
        }

        DeliveryResult[] results = await Task.WhenAll(items.Select(WorkOff));
        await outbox.SettleAsync(
            AttributionEffects.Outbox,
            _leaseId,
            [.. results],
            time.GetUtcNow(),
            CancellationToken.None
        );
        return true;
    }

    /// <summary>Never fails: what goes wrong is a result, too.</summary>
    private async Task<DeliveryResult> WorkOff(OutboxItem item)
    {
        try
        {
            return await Carry(item.Effect)
                ? new DeliveryResult(item, DeliveryOutcome.Sent)
                : Later(item, "policy_behind");
        }
        catch (Exception error) when (Outages.Is(error))
        {
            return Later(item, "grid_busy");
        }
        catch (Exception error)
        {
            logger.CreditNotMoved(item.Effect.Id, error.GetType().Name, error.StackTrace ?? "");
            DeliveryJudgement again = DeliverySchedule.Again(
                item,
                time.GetUtcNow(),
                "credit_failed",
                DeliveryChance.Of(item)
            );
            return new DeliveryResult(item, again.Outcome, again.Reason, RetryAt: again.RetryAt);
        }
    }

    private DeliveryResult Later(OutboxItem item, string reason) =>
        new(item, DeliveryOutcome.Retry, reason, RetryAt: time.GetUtcNow() + s_busyPause) { IsNoTry = true };

    private Task<bool> Carry(Effect effect) =>
        effect.Kind switch
        {
            EffectKind.Message => Tell(effect),
            EffectKind.CustomersMerged => Look(effect, RestatementReason.Merge, effect.CustomerId, effect.OtherId!),
            EffectKind.CustomerSplit => Look(effect, RestatementReason.Split, effect.CustomerId, effect.OtherId!),
            EffectKind.PersonErased => Forget(effect),
            _ => Look(
                effect,
                effect.Name == AttributionEffects.Consent
                    ? RestatementReason.ConsentChanged
                    : RestatementReason.LateEvent,
                effect.CustomerId
            ),
        };

    private async Task<bool> Tell(Effect effect)
    {
        LogPlace place = Effect.PlaceOf(effect.Cause)!.Value;
        if (await log.FindMessage(place) is not { } envelope)
        {
            return true;
        }

        var news = new ConversionNews(place.Partition, place.Position, effect.Cause);
        ImmutableArray<ConversionHeard> heard = ConversionReader.Read(policy.Current, envelope, place);
        bool[] told = await Task.WhenAll(
            heard.Select(one => GrainFactory.GetGrain<IConversionGrain>(one.Id).Hear(news))
        );
        return told.All(one => one) && (!heard.IsEmpty || time.GetUtcNow() - effect.At > s_followedBy);
    }

    /// <summary>Has the conversions of these customers, and of those that they are by now, credited anew.</summary>
    private async Task<bool> Look(Effect effect, RestatementReason reason, params string[] customers)
    {
        string[] live = await Task.WhenAll(
            customers.Select(async customer =>
                (
                    await Stubs.Follow(
                        customer,
                        id => GrainFactory.GetGrain<ICustomerGrain>(id).GetView(),
                        static reply => reply.MovedTo
                    )
                ).CustomerId
            )
        );
        ImmutableArray<string>[] concerned = await Task.WhenAll(
            customers
                .Concat(live)
                .Distinct(StringComparer.Ordinal)
                .Select(one => GrainFactory.GetGrain<ICustomerConversionsGrain>(one).GetAll())
        );
        return await LookAt(
            concerned.SelectMany(one => one).Distinct(StringComparer.Ordinal),
            new ConversionLook((int)reason, effect.Cause, policy.InForce.Number)
        );
    }

    private async Task<bool> Forget(Effect effect)
    {
        ICustomerConversionsGrain known = GrainFactory.GetGrain<ICustomerConversionsGrain>(effect.CustomerId);
        foreach (string[] some in (await known.GetAll()).Chunk(LookedAtOnce))
        {
            await Task.WhenAll(
                some.Select(id => GrainFactory.GetGrain<IConversionGrain>(id).Forget(effect.CustomerId, effect.Cause))
            );
        }

        await known.Clear();
        return true;
    }

    private async Task<bool> LookAt(IEnumerable<string> conversions, ConversionLook look)
    {
        foreach (string[] some in conversions.Chunk(LookedAtOnce))
        {
            bool[] looked = await Task.WhenAll(
                some.Select(id => GrainFactory.GetGrain<IConversionGrain>(id).Look(look))
            );
            if (!looked.All(one => one))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where the policy is another, everything is credited anew, page by page; a crash goes on behind the last page.</summary>
    private async Task CreditAnew()
    {
        string version = policy.Current.Version;
        long number = policy.InForce.Number;
        if (stored.State.Version == version || policy.Current.IsEmpty)
        {
            return;
        }

        if (stored.State.Next != version)
        {
            await Save(stored.State with { Next = version, After = "" });
        }

        var look = new ConversionLook((int)RestatementReason.RulesChanged, $"policy:{version}", number);
        while (!IsStopping && policy.Current.Version == version)
        {
            ImmutableArray<ScannedState> page = await scan.ReadPageAsync(
                GrainKeys.ConversionState,
                stored.State.After,
                LookedAtOnce,
                CancellationToken.None
            );
            if (page.IsEmpty)
            {
                await Save(new AttributionState { Version = version });
                return;
            }

            bool[] looked = await Task.WhenAll(page.Select(one => LookOrSkip(one.Key, look)));
            if (!looked.All(one => one))
            {
                // A node does not know the policy yet: the next ring goes on.
                return;
            }

            await Save(stored.State with { After = page[^1].Key });
            // What happens now is not held up by what was: it goes between two pages.
            await WorkOff();
        }
    }

    /// <summary>One that fails for a reason of its own is left as it was, and told: those behind it are credited all the same.</summary>
    private async Task<bool> LookOrSkip(string conversion, ConversionLook look)
    {
        try
        {
            return await GrainFactory.GetGrain<IConversionGrain>(conversion).Look(look);
        }
        catch (Exception error) when (!Outages.Is(error))
        {
            logger.NotCreditedAnew(conversion, error.GetType().Name, error.StackTrace ?? "");
            return true;
        }
    }

    private Task Save(AttributionState changed) => stored.SaveOrTakeBack(changed, this);

    private async Task Trim(CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (
            (DeliveryOutcome outcome, TimeSpan kept) in new[]
            {
                (DeliveryOutcome.Sent, s_keepsDone),
                (DeliveryOutcome.Failed, s_keepsFailed),
            }
        )
        {
            while (
                await outbox.TrimAsync(AttributionEffects.Outbox, outcome, now - kept, TrimmedAtOnce, stop)
                == TrimmedAtOnce
            ) { }
        }
    }
}
