using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Hosting;

/// <summary>What the two programs have in common: how they start, and how they end when they can't.</summary>
public static partial class GridProgram
{
    /// <summary>The key under which the services are registered that <see cref="StartGridInBackground"/> starts.</summary>
    public const string Part = "node";

    /// <summary>
    /// Has all services that are registered so far started in their order, behind the start of the host (see
    /// <see cref="BackgroundStart"/>). Call it last. A host that does without it has started when its grid has.
    /// </summary>
    public static void StartGridInBackground(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        ServiceDescriptor[] started = [.. services.Where(service => service.ServiceType == typeof(IHostedService))];
        foreach (ServiceDescriptor service in started)
        {
            services.Remove(service);
            services.Add(ToPart(service));
        }

        services.AddHostedService<BackgroundStart>();
    }

    /// <summary>Runs a host to its end.</summary>
    /// <param name="host">A host whose grid starts behind it.</param>
    /// <param name="started">Called once the grid has started.</param>
    /// <exception cref="Exception">Its start failed; <see cref="StartRefusal.Of"/> knows which of them are no bugs.</exception>
    public static async Task RunGridAsync(this IHost host, Action started)
    {
        Task start = host.Services.GetRequiredService<StartProgress>().Completion;
        CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await Run(host, start, started);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host was told to stop while it was still starting: by an operator, or since the grid's start has failed, which
            // is told below.
        }
        finally
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        if (start.IsFaulted)
        {
            await start;
        }
    }

    /// <summary>What a silo says once it serves.</summary>
    public static void SayStarted(this IHost host)
    {
        SiloAddress silo = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        LogStarted(
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Customer360.Silo"),
            silo.Endpoint.ToString(),
            GridPlace.Of(host.Services.GetRequiredService<IConfiguration>())
        );
    }

    private static async Task Run(IHost host, Task start, Action started)
    {
        try
        {
            await host.StartAsync();
        }
        catch
        {
            // What was begun before is stopped as ever: the grid's start may be in the middle of something.
            await host.StopAsync();
            throw;
        }

        Task stopped = host.WaitForShutdownAsync();
        if (await Task.WhenAny(start, stopped) == start && start.IsCompletedSuccessfully)
        {
            started();
        }

        await stopped;
    }

    private static ServiceDescriptor ToPart(ServiceDescriptor service) =>
        service switch
        {
            { ImplementationInstance: IHostedService instance } => new ServiceDescriptor(
                typeof(IHostedService),
                Part,
                instance
            ),
            { ImplementationFactory: { } factory } => new ServiceDescriptor(
                typeof(IHostedService),
                Part,
                (provider, _) => factory(provider),
                ServiceLifetime.Singleton
            ),
            _ => new ServiceDescriptor(
                typeof(IHostedService),
                Part,
                service.ImplementationType!,
                ServiceLifetime.Singleton
            ),
        };

    [LoggerMessage(331, LogLevel.Information, "The silo {Address} serves; its data is in {Place}.")]
    private static partial void LogStarted(ILogger logger, string address, string place);
}
