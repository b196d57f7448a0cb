using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Timers;

namespace Customer360.Simulation.Runtime;

/// <summary>Registers the simulated runtime in a node's services.</summary>
public static class SimulatedSiloServices
{
    /// <summary>
    /// Takes the place of <c>UseOrleans</c>. The host adds an <see cref="ITurnScheduler"/> and a <see cref="TimeProvider"/>;
    /// it may add <see cref="RuntimeSettings"/> with an <see cref="IChance"/>, and an <see cref="IRuntimeWatcher"/>.
    /// </summary>
    public static void AddSimulatedSilo(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(new RuntimeSettings());
        services.TryAddSingleton<IChance, NoChance>();
        services.AddSingleton<SimulatedSilo>();
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<SimulatedSilo>().Factory);
        services.AddSingleton<SimulatedGrainRuntime>();
        services.AddSingleton<IGrainRuntime>(static provider => provider.GetRequiredService<SimulatedGrainRuntime>());
        services.AddSingleton<ITimerRegistry>(static provider => provider.GetRequiredService<SimulatedGrainRuntime>());
        services.AddSingleton<SimulatedReminders>();
        services.AddSingleton<IReminderRegistry>(static provider => provider.GetRequiredService<SimulatedReminders>());
        // It belongs to the grain whose turn it is, because it is asked for while a grain is made.
        services.AddTransient<IGrainContext>(static _ => OrleansInternals.Current(null)!);
        services.AddSingleton<IPersistentStateFactory, SimulatedStateFactory>();
        services.AddSingleton<IActivatorProvider>(static _ => GrainTypes.Shared.Codecs);
        services.Add(
            new ServiceDescriptor(
                OrleansInternals.StorageInstruments,
                static _ => GrainTypes.Shared.StorageInstruments,
                ServiceLifetime.Singleton
            )
        );
        services.AddSingleton(OrleansInternals.StateSharedMap);
        services.AddHostedService<SimulatedSiloHost>();
    }
}

/// <summary>Starts what a silo does on its own account, and ends its activations when the process stops in order.</summary>
internal sealed class SimulatedSiloHost(SimulatedSilo silo, SimulatedReminders reminders) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        silo.Start();
        return reminders.StartAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        reminders.Stop();
        return silo.StopAsync().WaitAsync(cancellationToken);
    }
}
