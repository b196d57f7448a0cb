using Orleans.Configuration;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// The activations of a process, by their grains: Orleans' directory, catalog and collector. A directory may forget an
/// activation, as when its silo was declared dead and still runs; then a second one is made, and the first goes on with what
/// it has under way until it is found out and ended.
/// </summary>
internal sealed class Activations(
    SimulatedSilo silo,
    GrainCollectionOptions options,
    RuntimeSettings settings,
    IChance chance
) : IDisposable
{
    private const int LostMillisecondsMax = 3_000;
    private readonly Dictionary<GrainId, Activation> _known = [];
    private readonly Dictionary<GrainId, Activation> _lost = [];
    private readonly List<Activation> _all = [];
    private ITimer? _collector;
    private long _numbers;
    private (long Second, CancellationToken Token) _deadline;

    /// <summary>True while the directory may forget what it knows.</summary>
    public bool MayForget { get; set; } = true;

    /// <summary>How often a second activation was made.</summary>
    public long Losses { get; private set; }

    /// <summary>Where a call to this grain arrives now.</summary>
    public Activation Of(GrainId grain)
    {
        if (!_known.TryGetValue(grain, out Activation? known))
        {
            return Make(grain);
        }

        return MayForget && known.State == ActivationState.Valid && !_lost.ContainsKey(grain) && IsForgotten(known)
            ? Replace(known)
            : known;
    }

    public bool IsWarm(GrainId grain) =>
        _known.TryGetValue(grain, out Activation? known) && known.State == ActivationState.Valid;

    /// <summary>
    /// True where a reader may be answered by an activation that does not know the grain's last writes, because there are two
    /// of them, or were.
    /// </summary>
    public bool MayBeStale(GrainId grain) =>
        _lost.ContainsKey(grain) || (_known.TryGetValue(grain, out Activation? known) && known.HasTwin);

    /// <summary>
    /// Looks at a grain at this very moment, past its message loop: for checks of a run from outside, which change nothing.
    /// Answers null where no activation of it answers calls, or has answered and is about to end.
    /// </summary>
    public T? LookInto<TGrain, T>(GrainId grain, Func<TGrain, T> look)
        where TGrain : class
        where T : class
    {
        if (
            !_known.TryGetValue(grain, out Activation? activation)
            || activation.State is not (ActivationState.Valid or ActivationState.Deactivating)
        )
        {
            return null;
        }

        OrleansInternals.SetContext(null, activation, out IGrainContext? outer);
        try
        {
            return look((TGrain)activation.GrainInstance!);
        }
        finally
        {
            OrleansInternals.ResetContext(null, outer);
        }
    }

    /// <summary>Ends what was activated twice, as idle activations end: the one that is left may not know the last writes.</summary>
    public void EndTwins()
    {
        foreach (Activation activation in _all.Where(one => one.HasTwin).ToArray())
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.DuplicateActivation, "Found out."));
        }
    }

    public void Forget(Activation activation)
    {
        Remove(_known, activation);
        Remove(_lost, activation);
        _all.Remove(activation);
    }

    /// <summary>One token serves all that starts or ends in the same second.</summary>
    public CancellationToken Deadline()
    {
        long second = silo.Now / TimeSpan.TicksPerSecond;
        if (_deadline.Second != second)
        {
            _deadline = (second, new CancellationTokenSource(options.ActivationTimeout, silo.Time).Token);
        }

        return _deadline.Token;
    }

    public void StartCollecting() =>
        _collector = silo.Time.CreateTimer(
            static all => ((Activations)all!).CollectIdle(),
            this,
            options.CollectionQuantum,
            options.CollectionQuantum
        );

    /// <summary>Ends all activations and waits for them, as a process does that stops in order.</summary>
    public Task EndAllAsync()
    {
        _collector?.Dispose();
        Activation[] all = [.. _all];
        Task ended = Task.WhenAll(all.Select(activation => activation.Deactivated));
        foreach (Activation activation in all)
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops."));
        }

        return ended;
    }

    public void Dispose() => _collector?.Dispose();

    private Activation Make(GrainId grain)
    {
        var activation = new Activation(silo, grain, silo.Types.ClassOf(grain.Type), ++_numbers);
        _known[grain] = activation;
        _all.Add(activation);
        return activation;
    }

    /// <remarks>Prefers one with something under way, because nobody would notice the others.</remarks>
    private bool IsForgotten(Activation known) =>
        chance.Chance(known.IsBusy ? settings.SecondActivations : settings.SecondActivations / 4);

    private Activation Replace(Activation lost)
    {
        Losses++;
        silo.Watcher?.Met(Weakness.SecondActivation, lost.GrainId);
        _lost.Add(lost.GrainId, lost);
        Activation second = Make(lost.GrainId);
        lost.HasTwin = second.HasTwin = true;
        ITimer? found = null;
        found = silo.Time.CreateTimer(
            _ =>
            {
                found!.Dispose();
                lost.Deactivate(new DeactivationReason(DeactivationReasonCode.DuplicateActivation, "Found out."));
            },
            null,
            TimeSpan.FromMilliseconds(1 + chance.Next(LostMillisecondsMax)),
            Timeout.InfiniteTimeSpan
        );
        return second;
    }

    private static void Remove(Dictionary<GrainId, Activation> from, Activation activation)
    {
        if (from.TryGetValue(activation.GrainId, out Activation? one) && ReferenceEquals(one, activation))
        {
            from.Remove(activation.GrainId);
        }
    }

    private void CollectIdle()
    {
        long now = silo.Now;
        foreach (Activation activation in _all.ToArray())
        {
            if (
                activation is { IsIdle: true, IsKept: false }
                && activation.KeepUntil <= now
                && now - activation.IdleSince >= options.CollectionAge.Ticks
            )
            {
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Idle."));
            }
        }
    }
}
