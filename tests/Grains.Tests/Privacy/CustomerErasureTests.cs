using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Privacy;

/// <summary>A customer that is emptied, and asked again by a request that a crash broke off.</summary>
public sealed class CustomerErasureTests
{
    [Fact]
    public async Task Erase_WhenTheSameRequestAsksAgain_CountsTheSameMessages()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "jane-user-1", null, null));
        await grid.CollectApplied(Identify("m2", "jane-user-1", null, null));
        Identifier jane = Identifier.Parse("user_id:jane-user-1");
        ICustomerGrain customer = grid.Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf(jane.ToString()))!);

        EraseReply first = await customer.Erase([jane], "p_1");
        EraseReply again = await customer.Erase([jane], "p_1");
        EraseReply other = await customer.Erase([jane], "p_2");

        Assert.Equal((true, 2), (first.IsErased, first.MessageCount));
        Assert.Equal(first, again);
        Assert.Equal((true, 0), (other.IsErased, other.MessageCount));
    }
}
