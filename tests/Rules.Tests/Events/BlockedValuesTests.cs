using Customer360.Rules.Events;

namespace Customer360.Rules.Tests.Events;

public sealed class BlockedValuesTests
{
    [Theory]
    [InlineData("anonymous")]
    [InlineData("ANONYMOUS")]
    [InlineData("Guest")]
    [InlineData("distinctId")]
    [InlineData("distinct_id")]
    [InlineData("id")]
    [InlineData("not_authenticated")]
    [InlineData("email")]
    [InlineData("undefined")]
    [InlineData("True")]
    [InlineData("false")]
    [InlineData("[object Object]")]
    [InlineData("NaN")]
    [InlineData("None")]
    [InlineData("none")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\"\"")]
    [InlineData("'null'")]
    [InlineData("\"undefined\"")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("0000")]
    [InlineData("--")]
    [InlineData("(null)")]
    public void IsBlocked_WhenPlaceholder_IsTrue(string value) => Assert.True(BlockedValues.Default.IsBlocked(value));

    [Theory]
    [InlineData("u1")]
    [InlineData("nONE")]
    [InlineData("10")]
    [InlineData("nullable")]
    [InlineData("Null")]
    [InlineData("'jane'")]
    [InlineData("anonymous-4711")]
    public void IsBlocked_WhenOrdinary_IsFalse(string value) => Assert.False(BlockedValues.Default.IsBlocked(value));

    [Fact]
    public void With_WhenMoreAreConfigured_BlocksThemToo()
    {
        BlockedValues blocked = BlockedValues.Default.With(["test@test.com"]);
        Assert.True(blocked.IsBlocked("test@test.com"));
        Assert.True(blocked.IsBlocked("guest"));
        Assert.NotEqual(BlockedValues.Default.Exact.Length, blocked.Exact.Length);
    }
}
