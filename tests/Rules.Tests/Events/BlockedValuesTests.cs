using Customer360.Rules.Events;

namespace Customer360.Rules.Tests.Events;

/// <summary>What an operator blocks beside the placeholders.</summary>
public sealed class BlockedValuesTests
{
    private static readonly BlockedValues s_blocked = new(["Test-User"], ["demo", "12\u200B34"]);

    [Theory]
    [InlineData("test-user")]
    [InlineData("'TEST-USER'")]
    [InlineData("demo")]
    [InlineData("1234")]
    public void IsBlocked_WhenConfigured_IsTrue(string value) => Assert.True(s_blocked.IsBlocked(value));

    [Theory]
    [InlineData("Demo")]
    [InlineData("anonymous")]
    public void IsBlocked_WhenNot_IsFalse(string value) => Assert.False(s_blocked.IsBlocked(value));

    [Fact]
    public void With_WhenMoreAreConfigured_BlocksThemToo()
    {
        BlockedValues blocked = s_blocked.With(["test@test.com"]);

        Assert.True(blocked.IsBlocked("test@test.com"));
        Assert.True(blocked.IsBlocked("test-user"));
        Assert.NotEqual(s_blocked.Exact.Length, blocked.Exact.Length);
    }
}
