using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>A grain knows its key, whatever is in it, and different keys are different grains.</summary>
public abstract class GrainKeyTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Theory]
    [InlineData("email:jane+news@x.com")]
    [InlineData("a/b\\c?d=e&f#g%20h|i;j,k")]
    [InlineData(" leading and trailing ")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("漢字 é 😀 \u202e")]
    [InlineData("\"quoted\" 'twice' {braced} [bracketed] <angled>")]
    [InlineData("+")]
    [InlineData("0")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e")]
    public async Task StringKey_WithOddCharacters_IsGivenToTheGrainUnchanged(string key)
    {
        var grain = Grains.GetGrain<IStringKeyGrain>(key);

        Assert.Equal(key, await grain.Key().WithinLimit());
        Assert.Equal(key, grain.GetPrimaryKeyString());
    }

    [Fact]
    public async Task StringKey_OfATenThousandCharacters_IsGivenToTheGrainUnchanged()
    {
        var key = new string('k', 10_000);

        Assert.Equal(key, await Grains.GetGrain<IStringKeyGrain>(key).Key().WithinLimit());
    }

    [Fact]
    public async Task StringKeys_ThatDifferInCaseOrBlanks_AreDifferentGrains()
    {
        var key = Key();
        string[] keys = [key + "a", key + "A", key + "a ", " " + key + "a"];

        foreach (var each in keys)
        {
            await Grains.GetGrain<IMarkGrain>(each).Mark().WithinLimit();
        }

        Assert.All(keys, each => Assert.Equal(["activated"], Journal.Of(each)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task IntegerKey_OfAnySize_IsGivenToTheGrain(long key)
    {
        var grain = Grains.GetGrain<IIntegerKeyGrain>(key);

        Assert.Equal(key, await grain.Key().WithinLimit());
        Assert.Equal(key, grain.GetPrimaryKeyLong());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void StringKey_WhenItIsBlank_IsRefused(string? key) =>
        Assert.ThrowsAny<ArgumentException>(() => Grains.GetGrain<IStringKeyGrain>(key!));

    [Fact]
    public async Task GrainsOfDifferentTypes_WithOneKey_AreDifferentGrains()
    {
        var key = Key();

        await Grains.GetGrain<IMarkGrain>(key).Mark().WithinLimit();

        Assert.Equal(key, await Grains.GetGrain<IStringKeyGrain>(key).Key().WithinLimit());
        Assert.NotEqual(
            Grains.GetGrain<IMarkGrain>(key).GetGrainId(),
            Grains.GetGrain<IStringKeyGrain>(key).GetGrainId()
        );
    }
}

[Collection(OnOrleans.Name)]
public sealed class GrainKeyTestsOnOrleans(SharedOrleans fixture) : GrainKeyTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class GrainKeyTestsOnSimulation(SharedSimulated fixture) : GrainKeyTests(fixture);
