using Customer360.Simulation.Runs;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Tests;

/// <summary>
/// Seeds that have found something (docs/simulation.md says what, and where its example test is). A seed finds it as
/// long as the workloads are made as they were; the example tests hold it always.
/// </summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData(193)]
    [InlineData(264)]
    [InlineData(538)]
    [InlineData(559)]
    [InlineData(1_075)]
    [InlineData(1_909)]
    [InlineData(3_928)]
    [InlineData(4_652)]
    [InlineData(5_965)]
    [InlineData(7_700)]
    [InlineData(8_439)]
    [InlineData(10_844)]
    [InlineData(12_296)]
    [InlineData(13_319)]
    [InlineData(14_662)]
    [InlineData(19_029)]
    [InlineData(29_921)]
    [InlineData(32_606)]
    [InlineData(97_588)]
    [InlineData(127_218)]
    public void Seed_ThatFoundSomething_KeepsItsPromises(ulong seed) =>
        Assert.Null(Runs.Simulation.Run(Plan.Of(seed), new NodeTemplate(), new Marks()).Violation);
}
