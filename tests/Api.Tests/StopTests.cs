using Customer360.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Api.Tests;

/// <summary>The end of a node.</summary>
public sealed class StopTests
{
    /// <summary>The program that ends and whoever has started its host both stop it, in any order.</summary>
    [Fact]
    public async Task Loops_WhenTheyAreStoppedAfterTheHostIsDisposed_AreStopped()
    {
        IHostedService[] loops;
        await using (GridHost host = new())
        {
            await host.Reader.GetAsync(new Uri("/health/ready", UriKind.Relative));
            loops =
            [
                .. host
                    .Services.GetServices<IHostedService>()
                    .Where(service =>
                        service is BackgroundService
                        && service.GetType().Namespace!.StartsWith("Customer360.Silo", StringComparison.Ordinal)
                    ),
            ];
        }

        Assert.NotEmpty(loops);
        foreach (IHostedService loop in loops)
        {
            await loop.StopAsync(CancellationToken.None);
        }
    }
}
