using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>References travel as arguments, results and in messages, and are equal when they name the same grain.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class GrainReferenceTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task Reference_AsAnArgument_IsCalledByTheCallee()
    {
        var other = Grains.GetGrain<IReferenceGrain>(Key(".other"));

        var name = await Grains.GetGrain<IReferenceGrain>(Key()).NameOf(other).WithinLimit();

        Assert.Equal($"I am {Key(".other")}", name);
    }

    [Fact]
    public async Task Reference_InsideAMessage_IsCalledByTheCallee()
    {
        var other = Grains.GetGrain<IReferenceGrain>(Key(".other"));

        var name = await Grains
            .GetGrain<IReferenceGrain>(Key())
            .NameInside(new Introduction("meet", other))
            .WithinLimit();

        Assert.Equal($"I am {Key(".other")}", name);
    }

    [Fact]
    public async Task AsReference_AsAResult_NamesTheGrainItself()
    {
        var grain = Grains.GetGrain<IReferenceGrain>(Key());

        var self = await grain.Self().WithinLimit();
        var inside = await grain.SelfInside("meet").WithinLimit();

        Assert.Equal($"I am {Key()}", await self.Name().WithinLimit());
        Assert.Equal(grain, self);
        Assert.Equal(grain, inside.Grain);
    }

    [Fact]
    public async Task AsReference_KeptByAnotherGrain_IsCalledLater()
    {
        var keeper = Grains.GetGrain<IReferenceGrain>(Key(".keeper"));

        await Grains.GetGrain<IReferenceGrain>(Key()).IntroduceSelf(keeper).WithinLimit();

        Assert.Equal($"I am {Key()}", await keeper.NameOfKept().WithinLimit());
    }

    [Fact]
    public void References_ToOneGrain_AreEqualAndToAnotherAreNot()
    {
        var one = Grains.GetGrain<IReferenceGrain>(Key());
        var same = Grains.GetGrain<IReferenceGrain>(Key());
        var other = Grains.GetGrain<IReferenceGrain>(Key(".other"));

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
        Assert.Single(new HashSet<IReferenceGrain> { one, same });
    }

    [Fact]
    public async Task GetGrain_ByGrainId_NamesTheSameGrain()
    {
        var grain = Grains.GetGrain<IReferenceGrain>(Key());

        var same = Grains.GetGrain<IReferenceGrain>(grain.GetGrainId());

        Assert.Equal(grain, same);
        Assert.Equal($"I am {Key()}", await same.Name().WithinLimit());
    }
}
