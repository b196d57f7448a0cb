using Customer360.Rules.Privacy;

namespace Customer360.Rules.Tests.Privacy;

public sealed class ErasurePausesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(int.MaxValue, 300)]
    public void After_WithEachFailure_Doubles_UpToFiveMinutes(int inARow, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ErasurePauses.After(inARow));
}
