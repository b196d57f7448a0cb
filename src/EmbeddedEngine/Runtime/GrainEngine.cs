using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>The engine itself: sends requests to activations and keeps what they share.</summary>
public sealed class GrainEngine : IDisposable
{
    private readonly SiloMessagingOptions _messaging;
    private readonly DeadlineTokens _activationDeadlines;
    private readonly DeadlineTokens _deactivationDeadlines;
    private IIncomingGrainCallFilter[]? _incomingFilters;
    private IOutgoingGrainCallFilter[]? _outgoingFilters;
    private readonly ICallWatcher? _watcher;
    private long _activationSequence;
    private int _isSweeping;
    private volatile bool _hasStopped;

    internal GrainEngine(
        IServiceProvider services,
        IServiceCollection registrations,
        EmbeddedEngineOptions options,
        IEnumerable<GrainManifest> manifests
    )
    {
        Services = services;
        Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Customer360.EmbeddedEngine");
        Scheduler = services.GetService<ITurnScheduler>() ?? new ThreadPoolTurnScheduler();
        _watcher = Scheduler as ICallWatcher;
        WorkItemsPerTurn = Math.Max(1, options.WorkItemsPerTurn);
        _messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        CollectionOptions = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        Lifetimes = new ServiceLifetimes(registrations);
        States = new StateSlots(services);
        Timeouts = new ResponseTimeouts(this);
        var models = manifests.ToArray();
        var timeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Clock = new EngineClock(timeProvider, ClockPeriod(models), OnClock);
        _activationDeadlines = new DeadlineTokens(Clock, CollectionOptions.ActivationTimeout);
        _deactivationDeadlines = new DeadlineTokens(Clock, CollectionOptions.DeactivationTimeout);
        Catalog = new GrainCatalog(this, models);
        Telemetry.Observe(this);
    }

    internal IServiceProvider Services { get; }

    internal ILogger Logger { get; }

    internal ITurnScheduler Scheduler { get; }

    internal EngineClock Clock { get; }

    internal GrainCatalog Catalog { get; }

    internal ActivationDirectory Directory { get; } = new();

    internal ResponseTimeouts Timeouts { get; }

    internal StateSlots States { get; }

    internal ServiceLifetimes Lifetimes { get; }

    internal GrainCollectionOptions CollectionOptions { get; }

    internal int WorkItemsPerTurn { get; }

    // Resolved at the first call and not before, because a filter may ask for the grain factory, which asks for the engine.
    internal IIncomingGrainCallFilter[] IncomingFilters =>
        _incomingFilters ??= Services.GetServices<IIncomingGrainCallFilter>().ToArray();

    internal IOutgoingGrainCallFilter[] OutgoingFilters =>
        _outgoingFilters ??= Services.GetServices<IOutgoingGrainCallFilter>().ToArray();

    /// <inheritdoc />
    public void Dispose()
    {
        _hasStopped = true;
        Clock.Dispose();
    }

    internal long NextActivationSequence() => Interlocked.Increment(ref _activationSequence);

    internal CancellationToken ActivationDeadline() => _activationDeadlines.Next();

    internal CancellationToken DeactivationDeadline(CancellationToken other) =>
        other.CanBeCanceled ? other : _deactivationDeadlines.Next();

    /// <summary>Sends a request; its promise is kept, broken or timed out.</summary>
    internal TRequest Send<TRequest>(GrainReference target, TRequest request, CancellationToken token)
        where TRequest : GrainRequest
    {
        request.Target = target;
        _watcher?.Sent(RuntimeContext.Current?.GrainId, target.GrainId, request.Method.ActivityName);
        if (RequestContext.Current is { } values)
        {
            (request.Extras ??= new CallExtras()).RequestContext = values;
        }

        if (IncomingFilters.Length != 0 && RuntimeContext.Current is { } source)
        {
            (request.Extras ??= new CallExtras()).Source = source.GrainId;
        }

        if (Telemetry.Source.HasListeners())
        {
            (request.Extras ??= new CallExtras()).ParentActivity = Activity.Current?.Context ?? default;
        }

        if (token.CanBeCanceled)
        {
            if (token.IsCancellationRequested)
            {
                request.TryCancel(token);
                return request;
            }

            request.LinkTo(token);
        }

        if (!request.Method.IsOneWay)
        {
            ResponseTimeouts.Watch(request);
        }

        Dispatch(target, request);
        return request;
    }

    /// <summary>Puts a request into the mailbox of the grain's activation.</summary>
    internal void Dispatch(GrainReference target, GrainRequest request)
    {
        if (_hasStopped)
        {
            request.TryFail(new SiloUnavailableException($"The engine has stopped; {request} was not sent."));
            return;
        }

        var activation = Locate(target);
        if (
            _messaging.MaxEnqueuedRequestsHardLimit is > 0 and var limit
            && activation.QueueLength is var length
            && length > limit
        )
        {
            request.TryFail(
                new LimitExceededException(
                    nameof(SiloMessagingOptions.MaxEnqueuedRequestsHardLimit),
                    length,
                    limit,
                    target.GrainId
                )
            );
            return;
        }

        activation.Post(request);
    }

    /// <summary>Puts an order into the mailbox of the grain's last known activation.</summary>
    internal static void Post(GrainReference target, WorkItem item) => target.LastActivation?.Post(item);

    /// <summary>How long the caller of a request waits; infinite if it is negative.</summary>
    internal TimeSpan TimeoutOf(GrainRequest request) => request.Method.ResponseTimeout ?? _messaging.ResponseTimeout;

    /// <summary>A request's time is over.</summary>
    internal void FailLate(GrainRequest request)
    {
        var timeout = TimeoutOf(request);
        var isLate = _hasStopped
            ? request.TryFail(new SiloUnavailableException($"The engine stopped before {request} was answered."))
            : request.TryFail(
                new TimeoutException($"Response did not arrive on time in {timeout} for message: {request}.")
            );
        if (isLate)
        {
            Telemetry.Timeouts.Add(1);
            Log.CallTimedOut(Logger, request.Method.ActivityName, request.Target.GrainId);
        }
    }

    internal int QueueLength()
    {
        var busy = new List<Activation>();
        Collect(busy, static activation => activation.QueueLength != 0);
        return busy.Sum(static activation => activation.QueueLength);
    }

    /// <summary>Adds the activations that a test accepts to a list.</summary>
    internal void Collect(List<Activation> into, Func<Activation, bool> accept)
    {
        Directory.Collect(into, accept);
        foreach (var workers in Catalog.Workers)
        {
            workers.Collect(into, accept);
        }
    }

    /// <summary>Refuses calls from now on and fails those that are still waited for.</summary>
    internal void RefuseCalls()
    {
        _hasStopped = true;
        Timeouts.FailAll();
    }

    private static Activation Locate(GrainReference target)
    {
        if (target.LastActivation is { HasEnded: false } last && target.Binding.Class.Workers is null)
        {
            return last;
        }

        var activation = target.Binding.Class.Locate(target.Key);
        target.LastActivation = activation;
        return activation;
    }

    private TimeSpan ClockPeriod(GrainManifest[] manifests)
    {
        // A tenth of the shortest timeout, so that none is more than a tenth late.
        var shortest = manifests
            .SelectMany(static manifest => manifest.Interfaces)
            .Select(static model => model.ShortestResponseTimeoutTicks)
            .Where(static ticks => ticks > 0)
            .Append(_messaging.ResponseTimeout.Ticks)
            .Min();
        return TimeSpan.FromMilliseconds(Math.Clamp(shortest / TimeSpan.TicksPerMillisecond / 10, 10, 1000));
    }

    private void OnClock(EngineClock clock)
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) != 0)
        {
            return;
        }

        try
        {
            Timeouts.Sweep(clock.Milliseconds);
        }
        catch (Exception exception)
        {
            Log.ClockFailed(Logger, exception);
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }
}
