using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Tests.Privacy;

public sealed class SuppressionKeyTests
{
    private static readonly Identifier s_jane = Identifier.Create("email", "jane@x.com");

    [Fact]
    public void Of_WhenTheKeyIsAnother_IsAnotherHash()
    {
        var one = new SuppressionKey(new byte[32]);
        var other = new SuppressionKey([.. new byte[31], 1]);

        Assert.Equal(one.Of(s_jane), one.Of(s_jane));
        Assert.NotEqual(one.Of(s_jane), other.Of(s_jane));
        Assert.NotEqual(one.Of(s_jane), one.Of(Identifier.Create("user_id", "jane@x.com")));
        Assert.NotEqual(one.Mark, other.Mark);
        Assert.Equal(one.Of(s_jane), SuppressionHash.Parse(one.Of(s_jane).ToString()));
    }

    [Fact]
    public void Of_WhenComputedElsewhere_IsHmacSha256OfTheText() =>
        // echo -n "email:jane@x.com" | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00
        Assert.Equal(
            Convert.ToHexStringLower(
                System.Security.Cryptography.HMACSHA256.HashData(new byte[32], "email:jane@x.com"u8)
            ),
            new SuppressionKey(new byte[32]).Of(s_jane).ToString()
        );

    [Fact]
    public void Of_WhenThereIsNoKey_SaysNothingOfAnybody()
    {
        Assert.Throws<StorageUnavailableException>(() => SuppressionKey.Missing.Of(s_jane));
        Assert.Throws<ArgumentException>(() => new SuppressionKey(new byte[31]));
    }
}
