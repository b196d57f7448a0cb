using Customer360.Runtime.Tests.Hosts;

namespace Customer360.Runtime.Tests;

/// <summary>The Orleans silo of every topic that needs no options of its own; starting one takes longer than most topics.</summary>
public sealed class SharedOrleans() : HostFixture(new HostOptions(), OrleansHost.StartAsync);

/// <summary>The simulated host of every topic that needs no options of its own.</summary>
public sealed class SharedSimulated() : HostFixture(new HostOptions(), SimulatedHost.StartAsync);

/// <summary>The collection that shares it; its topics keep apart by using their own grain keys.</summary>
[CollectionDefinition(Name)]
public sealed class OnOrleans : ICollectionFixture<SharedOrleans>
{
    public const string Name = "on Orleans";
}

/// <summary>The collection that shares the simulated host.</summary>
[CollectionDefinition(Name)]
public sealed class OnSimulation : ICollectionFixture<SharedSimulated>
{
    public const string Name = "on the simulation's runtime";
}
