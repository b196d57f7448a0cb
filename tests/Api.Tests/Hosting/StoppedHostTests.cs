using System.Runtime.CompilerServices;

namespace Customer360.Api.Tests.Hosting;

/// <summary>What starts and stops servers in one process (tests do, by the hundreds) must not keep them all in memory.</summary>
public sealed class StoppedHostTests
{
    [Fact]
    public async Task Server_OnceItIsStopped_IsLetGo()
    {
        WeakReference services = await StartAndStopAsync();

        // A timer or a connection that is just ending may hold it for a moment.
        for (int attempt = 0; attempt < 200 && services.IsAlive; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(services.IsAlive, "Something keeps a stopped server in memory.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartAndStopAsync()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        // The pipeline of requests is what had been kept.
        using HttpResponseMessage response = await host.Client.GetAsync("/v1/profiles/user_id:nobody");
        return new WeakReference(host.Services);
    }
}
