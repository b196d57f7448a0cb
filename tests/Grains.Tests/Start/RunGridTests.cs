using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Grains.Tests.Start;

/// <summary>How a program ends that is told to stop before it has started.</summary>
public sealed class RunGridTests
{
    [Fact]
    public async Task Run_WhenTheGridFails_TellsWhy()
    {
        IHost host = HostOf(new FailingService());

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => host.RunGridAsync(Never));

        Assert.Equal("damaged", error.Message);
    }

    /// <summary>A web server without its certificate must not leave a store behind: the grid begins once all else has started.</summary>
    [Fact]
    public async Task Run_WhenTheServerCannotStart_HasNotBegunTheGrid()
    {
        var grid = new CountingService();
        IHost host = HostOf(grid, new FailingService());

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => host.RunGridAsync(Never));

        Assert.Equal(("damaged", 0), (error.Message, grid.Starts));
    }

    /// <summary>An operator who stops a program at once has not made it fail.</summary>
    [Fact]
    public async Task Run_WhenItIsStoppedBeforeTheHostHasStarted_EndsInPeace()
    {
        IHost host = HostOf(new CountingService(), new SlowService());
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        Task run = host.RunGridAsync(Never);

        lifetime.StopApplication();

        await run;
    }

    private static void Never() => Assert.Fail("It has not started.");

    /// <param name="grid">Started in the background.</param>
    /// <param name="own">What the host starts by itself, as a web server.</param>
    private static IHost HostOf(IHostedService grid, params IHostedService[] own)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<StartProgress>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(grid);
        builder.StartGridInBackground();
        foreach (IHostedService service in own)
        {
            builder.Services.AddSingleton(service);
        }

        return builder.Build();
    }

    private sealed class FailingService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Task.FromException(new InvalidDataException("damaged"));

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class CountingService : IHostedService
    {
        public int Starts { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Starts++;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Starts until it is cut off.</summary>
    private sealed class SlowService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
