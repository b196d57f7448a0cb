using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity;

public sealed class CustomerIdTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void From_WhenMadeTwice_IsTheSame() =>
        Assert.Equal(CustomerId.From(s_at, 3, 77), CustomerId.From(s_at, 3, 77));

    [Fact]
    public void IsOlder_OrdersByTimeThenPartitionThenPosition()
    {
        string[] byAge =
        [
            CustomerId.From(s_at, 0, 1),
            CustomerId.From(s_at, 0, 2),
            CustomerId.From(s_at, 1, 1),
            CustomerId.From(s_at.AddMilliseconds(1), 0, 1),
            CustomerId.From(s_at.AddYears(100), 0, 1),
        ];

        for (int index = 1; index < byAge.Length; index++)
        {
            Assert.True(CustomerId.IsOlder(byAge[index - 1], byAge[index]));
            Assert.False(CustomerId.IsOlder(byAge[index], byAge[index - 1]));
        }
    }

    [Fact]
    public void CreatedAt_IsTheReceiptOfTheCreatingMessage() =>
        Assert.Equal(s_at, CustomerId.CreatedAt(CustomerId.From(s_at, 3, 77)));

    [Theory]
    [InlineData("c_", false)]
    [InlineData("c_019f00000000000000000000g", false)]
    [InlineData("x_0123456789abcdef012345678", false)]
    [InlineData("c_0123456789abcdef012345678", true)]
    public void IsValid_TellsTheForm(string text, bool valid) => Assert.Equal(valid, CustomerId.IsValid(text));
}
