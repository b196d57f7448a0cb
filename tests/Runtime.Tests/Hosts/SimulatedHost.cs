using System.Collections.Concurrent;
using Customer360.Runtime.Tests.Support;
using Customer360.Simulation.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Customer360.Runtime.Tests.Hosts;

/// <summary>
/// The simulation's runtime, in real time and on one thread of its own. Callers have other threads, as clients of a silo do;
/// what they send is serialized, as it is on its way to a silo.
/// </summary>
public sealed class SimulatedHost : RuntimeHost
{
    private readonly HostOptions _options;
    private readonly World _world;
    private ServiceProvider? _services;
    private GrainThread? _thread;

    private SimulatedHost(HostOptions options, World world) => (_options, _world) = (options, world);

    public override IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public override IServiceProvider Services =>
        _services ?? throw new InvalidOperationException("The host has not started.");

    public static async Task<RuntimeHost> StartAsync(HostOptions options, World world)
    {
        var host = new SimulatedHost(options, world);
        await host.StartAsync();
        return host;
    }

    public override async Task RestartAsync()
    {
        await DisposeAsync();
        await StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (IHostedService service in Services.GetServices<IHostedService>())
        {
            await _thread!.Run(() => service.StopAsync(CancellationToken.None));
        }

        Services.GetRequiredService<SimulatedSilo>().Dispose();
        _thread!.Stop();
    }

    private async Task StartAsync()
    {
        _thread = new GrainThread();
        var services = new ServiceCollection();
        _world.AddTo(services);
        services.AddSingleton<ITurnScheduler>(_thread);
        services.AddSingleton<TimeProvider>(new ThreadTime(_thread));
        services.AddSingleton(new RuntimeSettings { IsRemote = true });
        services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = _options.ResponseTimeout);
        services.Configure<ReminderOptions>(reminders =>
            reminders.MinimumReminderPeriod = _options.MinimumReminderPeriod
        );
        services.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionAge = _options.CollectionAge;
            collection.CollectionQuantum = _options.CollectionAge / 4;
        });
        services.AddSimulatedSilo();
        _services = services.BuildServiceProvider();
        foreach (IHostedService service in _services.GetServices<IHostedService>())
        {
            await _thread.Run(() => service.StartAsync(CancellationToken.None));
        }
    }

    /// <summary>Runs one thing after the other: turns, and what comes from other threads.</summary>
    private sealed class GrainThread : SynchronizationContext, ITurnScheduler, IForeignThreads
    {
        private readonly BlockingCollection<Action> _work = [];
        private readonly Thread _thread;

        public GrainThread()
        {
            _thread = new Thread(() =>
            {
                SetSynchronizationContext(this);
                foreach (Action action in _work.GetConsumingEnumerable())
                {
                    action();
                }
            })
            {
                IsBackground = true,
            };
            _thread.Start();
        }

        public bool IsHere => Thread.CurrentThread == _thread;

        public void Schedule(ITurn turn) => Post(turn.Execute);

        public void Post(Action action)
        {
            // A timer may still come when all is over.
            if (!_work.IsAddingCompleted)
            {
                _work.Add(action);
            }
        }

        public override void Post(SendOrPostCallback d, object? state) => Post(() => d(state));

        /// <summary>Runs it on this thread, and answers when all of it has ended.</summary>
        public Task Run(Func<Task> act)
        {
            var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(() => begun.SetResult(act()));
            return begun.Task.Unwrap();
        }

        public void Stop() => _work.CompleteAdding();
    }

    /// <summary>Real time, whose timers fire on the grains' thread.</summary>
    private sealed class ThreadTime(GrainThread thread) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(_ => thread.Post(() => callback(state)), null, dueTime, period);
    }
}
