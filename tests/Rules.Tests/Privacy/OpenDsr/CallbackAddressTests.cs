using System.Collections.Immutable;
using System.Net;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Tests.Privacy.OpenDsr;

/// <summary>Where callbacks may go, whoever names the address.</summary>
public sealed class CallbackAddressTests
{
    private static readonly ImmutableHashSet<string> s_none = [];

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:81b::200e")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void IsPublic_OfAnAddressForEverybody_IsTrue(string address) =>
        Assert.True(CallbackAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void IsPublic_OfAnAddressInside_IsFalse(string address) =>
        Assert.False(CallbackAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://controller.example.com/opendsr/callbacks")]
    [InlineData("https://controller.example.com:8443/?token=1")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    public void Problem_OfAUrlOutside_IsNone(string url) => Assert.Null(CallbackAddress.Problem(url, s_none));

    [Theory]
    [InlineData("")]
    [InlineData("callbacks")]
    [InlineData("/callbacks")]
    [InlineData("http://controller.example.com/")]
    [InlineData("ftp://controller.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    [InlineData("https://user:word@controller.example.com/")]
    [InlineData("https://controller.example.com/#part")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://[fd00:ec2::254]/")]
    public void Problem_OfAUrlThatLeadsInside_IsTold(string url) =>
        Assert.NotNull(CallbackAddress.Problem(url, s_none));

    [Fact]
    public void Problem_OfAUrlThatIsTooLong_IsTold() =>
        Assert.NotNull(CallbackAddress.Problem($"https://x.example/{new string('a', 2_048)}", s_none));

    [Theory]
    [InlineData("https://127.0.0.1:8443/", "127.0.0.1", true)]
    [InlineData("https://[::1]:8443/", "::1", true)]
    [InlineData("https://LocalHost/", "localhost", true)]
    [InlineData("http://localhost/", "localhost", false)]
    [InlineData("https://127.0.0.2/", "127.0.0.1", false)]
    public void Problem_OfAHostThatTheOperatorNames_IsNoneWithHttps(string url, string host, bool isTaken) =>
        Assert.Equal(isTaken, CallbackAddress.Problem(url, [host]) is null);
}
