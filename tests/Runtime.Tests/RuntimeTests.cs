using System.Runtime.CompilerServices;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>What every topic has at hand.</summary>
public abstract class RuntimeTests(HostFixture fixture)
{
    protected RuntimeHost Host => fixture.Host;

    protected IGrainFactory Grains => fixture.Host.Grains;

    protected World World => fixture.World;

    protected Gates Gates => fixture.World.Gates;

    protected Journal Journal => fixture.World.Journal;

    /// <summary>A key that no other test uses.</summary>
    protected string Key(string suffix = "", [CallerMemberName] string test = "") => $"{GetType().Name}.{test}{suffix}";

    /// <summary>
    /// Goes to a grain and back a few times by a call that never waits its turn. What was sent to the grain before has
    /// arrived by then, and has begun if it may begin at all.
    /// </summary>
    protected static async Task Settled(Func<Task> fence)
    {
        ArgumentNullException.ThrowIfNull(fence);
        for (var i = 0; i < 5; i++)
        {
            await fence().WithinLimit();
        }
    }
}
