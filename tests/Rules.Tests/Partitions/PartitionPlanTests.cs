using Customer360.Rules.Partitions;

namespace Customer360.Rules.Tests.Partitions;

public sealed class PartitionPlanTests
{
    [Fact]
    public void Plan_OfAnyNodes_IsEvenAndWhole()
    {
        for (int nodes = 1; nodes <= 12; nodes++)
        {
            foreach (int partitions in new[] { 1, 7, 8, 64, 100 })
            {
                int[] plan = PartitionPlan.Of(partitions, Nodes(nodes));

                int[] counts = [.. Enumerable.Range(0, nodes).Select(node => plan.Count(one => one == node))];
                Assert.Equal(partitions, counts.Sum());
                Assert.True(counts.Max() - counts.Min() <= 1, $"{partitions} over {nodes}: {string.Join(' ', counts)}");
            }
        }
    }

    [Fact]
    public void Plan_OfTheSameNodesInAnotherOrder_IsTheSame()
    {
        string[] nodes = Nodes(5);
        string[] reversed = [.. nodes.Reverse()];

        Assert.Equal(
            PartitionPlan.Of(64, nodes).Select(node => nodes[node]),
            PartitionPlan.Of(64, reversed).Select(node => reversed[node])
        );
    }

    [Fact]
    public void Plan_WhenANodeJoinsOrLeaves_LeavesMostPartitionsWhereTheyAre()
    {
        string[] four = Nodes(4);
        string[] five = Nodes(5);
        string[] before = [.. PartitionPlan.Of(100, four).Select(node => four[node])];
        string[] after = [.. PartitionPlan.Of(100, five).Select(node => five[node])];

        // 20 go to the new silo; a plan by remainders would move 80.
        Assert.InRange(before.Zip(after).Count(pair => pair.First != pair.Second), 20, 40);
    }

    [Fact]
    public void Plan_OfNoNode_IsAMisuse() => Assert.Throws<ArgumentException>(() => PartitionPlan.Of(8, []));

    private static string[] Nodes(int count) =>
        [.. Enumerable.Range(1, count).Select(number => $"10.0.0.{number}:11111@{number * 7919}")];
}
