using Customer360.Rules.Attribution;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>GA4's table, and what follows from its order.</summary>
public sealed class ChannelGroupTests
{
    [Theory]
    [InlineData(null, null, null, "Direct")]
    [InlineData("(direct)", "(none)", null, "Direct")]
    [InlineData("google", "cpc", "cross-network", "Cross-network")]
    [InlineData("amazon.de", "cpc", null, "Paid Shopping")]
    [InlineData("x", "paid", "eshop", "Paid Shopping")]
    [InlineData("google", "cpm", null, "Paid Search")]
    [InlineData("www.google.co.uk", "cpc", null, "Paid Search")]
    [InlineData("facebook", "paid_social", null, "Paid Social")]
    [InlineData("m.facebook.com", "cpc", null, "Paid Social")]
    [InlineData("youtube.com", "cpv", null, "Paid Video")]
    [InlineData("youtube.com", "cpc", null, "Paid Video")]
    [InlineData("example.com", "cpm", null, "Display")]
    [InlineData("example.com", "banner", null, "Display")]
    [InlineData("example.com", "ppc", null, "Paid Other")]
    [InlineData("example.com", "retargeting", null, "Paid Other")]
    [InlineData("x", "y", "shop-x", "Organic Shopping")]
    [InlineData("x", "referral", "workshop-may", "Referral")]
    [InlineData("x", "y", "summer shopping", "Organic Shopping")]
    [InlineData("facebook", "email", null, "Organic Social")]
    [InlineData("x", "social-media", null, "Organic Social")]
    [InlineData("x", "video-ad", null, "Organic Video")]
    [InlineData("bing", "organic", null, "Organic Search")]
    [InlineData("intranet", "organic", null, "Organic Search")]
    [InlineData("emailtool.com", "referral", null, "Referral")]
    [InlineData("newsletter", "email", null, "Email")]
    [InlineData("e-mail", null, null, "Email")]
    [InlineData("x", "affiliate", null, "Affiliates")]
    [InlineData("x", "audio", null, "Audio")]
    [InlineData("sms", null, null, "SMS")]
    [InlineData("firebase", null, null, "Mobile Push")]
    [InlineData("x", "web-push", null, "Mobile Push")]
    [InlineData("x", "y", null, "Unassigned")]
    [InlineData(null, null, "x", "Direct")]
    [InlineData("google.evil.example.com", "referral", null, "Referral")]
    public void Channel_IsTheFirstThatMeets(string? source, string? medium, string? campaign, string expected) =>
        Assert.Equal(expected, ChannelGroups.Of(new TrafficSource(source, medium, campaign)));

    [Fact]
    public void Names_AreAllNineteen()
    {
        Assert.Equal(19, ChannelGroups.Names.Length);
        Assert.Equal("Unassigned", ChannelGroups.Names[^1]);
    }
}
