using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Grains.Tests.Start;

/// <summary>How a program ends that is told to stop before it has started.</summary>
public sealed class RunGridTests
{
    /// <summary>
    /// On a busy machine the grid may fail while the web server still binds its port. What is told is why the grid failed, not
    /// that the binding was cut off.
    /// </summary>
    [Fact]
    public async Task Run_WhenTheGridFailsBeforeTheHostHasStarted_TellsWhyTheGridFailed()
    {
        IHost host = HostOf(new FailingService());

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => host.RunGridAsync(Never));

        Assert.Equal("damaged", error.Message);
    }

    /// <summary>An operator who stops a program at once has not made it fail.</summary>
    [Fact]
    public async Task Run_WhenItIsStoppedBeforeTheHostHasStarted_EndsInPeace()
    {
        IHost host = HostOf(new SlowService());
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        Task run = host.RunGridAsync(Never);

        lifetime.StopApplication();

        await run;
    }

    private static void Never() => Assert.Fail("It has not started.");

    /// <summary>A host whose own start lasts until it is cut off.</summary>
    private static IHost HostOf(IHostedService grid)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<StartProgress>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(grid);
        builder.StartGridInBackground();
        builder.Services.AddHostedService<SlowService>();
        return builder.Build();
    }

    private sealed class FailingService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Task.FromException(new InvalidDataException("damaged"));

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class SlowService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
