using Customer360.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using GridHost = Customer360.Api.Tests.Support.GridHost;

namespace Customer360.Api.Tests;

/// <summary>The end of a node.</summary>
public sealed class StopTests
{
    /// <summary>Both the program that ends and the one that has started its host stop the node, in any order.</summary>
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
                    .Services.GetKeyedServices<IHostedService>(GridProgram.Part)
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
