using System.Runtime.CompilerServices;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>What every topic has at hand.</summary>
public abstract class ConformanceTests(HostFixture fixture)
{
    protected ConformanceHost Host => fixture.Host;

    protected IGrainFactory Grains => fixture.Host.Grains;

    protected World World => fixture.World;

    protected Gates Gates => fixture.World.Gates;

    protected Journal Journal => fixture.World.Journal;

    /// <summary>A key that no other test uses.</summary>
    protected string Key(string suffix = "", [CallerMemberName] string test = "") => $"{GetType().Name}.{test}{suffix}";
}
