using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>What messages say of where visits came from, and how visits are cut into touches.</summary>
public sealed class VisitTests
{
    private static readonly AttributionPolicy s_policy = Journeys.Policy(SmallYaml.Sample("attribution"));

    [Theory]
    [InlineData("?utm_source=Google&utm_medium=CPC&utm_campaign=Spring+Sale", "", "google/cpc/spring sale Tag")]
    [InlineData("?utm_source=google&utm_medium=cpc&utm_campaign=spring%2520sale", "", "google/cpc/spring sale Tag")]
    [InlineData("?utm_source=a&utm_source=b", "", "a// Tag")]
    [InlineData("?utm_source=x&utm_medium=(not set)", "", "x// Tag")]
    [InlineData("#utm_source=x&utm_medium=email", "", "x/email/ Tag")]
    [InlineData("#/pricing?utm_source=x", "", "x// Tag")]
    [InlineData("?amp;utm_source=x", "", "x// Tag")]
    [InlineData("?utm_source=linkedin.com&utm_medium=social", "", "linkedin/social/ Tag")]
    [InlineData("?utm_source=x&utm_campaign={{campaign.name}}", "", "x// Tag")]
    [InlineData("?utm_source=x&utm_campaign=%7Bkeyword%7D", "", "x// Tag")]
    [InlineData("?utm_source=x&utm_campaign={campaignid}", "", "x// Tag")]
    [InlineData("?gclid=1&utm_source=google&utm_medium=organic&utm_campaign=(organic)", "", "google/cpc/(cpc) ClickId")]
    [InlineData("?gclid=1", "https://www.google.com/", "google/cpc/ ClickId")]
    [InlineData("?dclid=1", "", "google/display/ ClickId")]
    [InlineData("?msclkid=1", "", "bing/cpc/ ClickId")]
    [InlineData("?fbclid=1", "https://l.facebook.com/", "facebook/social/ ClickId")]
    [InlineData("?fbclid=1&utm_source=facebook&utm_medium=paid_social", "", "facebook/paid_social/ Tag")]
    [InlineData("?fbclid=1&gclid=2", "", "google/cpc/ ClickId")]
    [InlineData("?srsltid=1", "https://www.google.com/", "shopping.google.com/organic/ ClickId")]
    [InlineData("?mc_eid=1", "", "mailchimp/email/ ClickId")]
    [InlineData("?fbclid=1&utm_medium=cpc", "", "facebook/cpc/ Tag")]
    [InlineData("?mc_eid=1&utm_source=spring", "", "spring/email/ Tag")]
    [InlineData("?utm_campaign=spring", "https://www.bing.com/", "bing/organic/spring Referrer")]
    [InlineData("?utm_campaign=spring", "", "//spring Direct")]
    [InlineData("?utm_source=&utm_source=google", "", "google// Tag")]
    [InlineData("", "https://www.google.co.uk/search?q=x", "google/organic/ Referrer")]
    [InlineData("", "https://search.yahoo.com/search", "yahoo/organic/ Referrer")]
    [InlineData("", "https://news.google.co.uk/", "google/organic/ Referrer")]
    [InlineData("", "https://docs.google.com/document/d/1", "docs.google.com/referral/ Referrer")]
    [InlineData("", "https://mail.yahoo.com/", "mail.yahoo.com/referral/ Referrer")]
    [InlineData("", "https://google.partner.example/", "google.partner.example/referral/ Referrer")]
    [InlineData("?utm_source=(direct)&utm_medium=(none)", "", "// Direct")]
    [InlineData("", "https://www.partner.example/blog", "partner.example/referral/ Referrer")]
    [InlineData("", "android-app://com.google.android.gm/", "gmail/email/ Referrer")]
    [InlineData("?utm_source=x&utm_medium=y", "android-app://com.google.android.gm/", "x/y/ Tag")]
    [InlineData("", "https://checkout.example.com/pay", "// Direct")]
    [InlineData("", "https://hooks.stripe.com/3d_secure", "// Direct")]
    [InlineData("", "https://accounts.google.com/o/oauth2", "// Direct")]
    [InlineData("", "https://login.microsoftonline.com/", "// Direct")]
    [InlineData("", "not an address", "// Direct")]
    [InlineData("", "", "// Direct")]
    public void Visit_ComesFrom_ByTheOrderOfEvidence(string behind, string referrer, string expected)
    {
        VisitHit hit = Hit($"https://shop.example.com/{behind}", referrer);

        Assert.Equal(expected, $"{hit.Source.Source}/{hit.Source.Medium}/{hit.Source.Campaign} {hit.Evidence}");
    }

    [Theory]
    [InlineData("?utm_source={{x}}", CampaignFaults.Template)]
    [InlineData("?utm_source=a&utm_source=b", CampaignFaults.Repeated)]
    [InlineData("?utm_source=a%2520b", CampaignFaults.EncodedTwice)]
    [InlineData("?utm_source=a", CampaignFaults.None)]
    public void Faults_OfParameters_AreKept(string behind, CampaignFaults expected) =>
        Assert.Equal(expected, Hit($"https://example.com/{behind}").Faults);

    [Fact]
    public void Value_OfTenThousandCharacters_IsCut()
    {
        VisitHit hit = Hit($"https://example.com/?utm_source={new string('x', 10_240)}&utm_medium=cpc");

        Assert.Equal(CampaignText.LengthMax, hit.Source.Source!.Length);
        Assert.Equal(CampaignFaults.TooLong, hit.Faults);
        Assert.Equal("cpc", hit.Source.Medium);
    }

    [Fact]
    public void Clean_OfBytesThatAreNoText_MakesNoFault()
    {
        var faults = CampaignFaults.None;

        Assert.Equal("a b", CampaignText.Clean("  A\0\t %20B ", ref faults));
        Assert.Null(CampaignText.Clean("\ud800", ref faults));
        Assert.Equal("50% off", CampaignText.Clean("50%25 off", ref faults));
        Assert.Equal(CampaignFaults.None, faults);
    }

    [Fact]
    public void Campaign_AsAnSdkTellsIt_CountsWhereTheAddressSaysNothing()
    {
        Envelope page = Accept(
            """
            {"type":"page","anonymousId":"a","messageId":"m","name":"Home","properties":{"url":"https://example.com/","path":"/"},
            "context":{"campaign":{"name":"Spring","source":"News","medium":"Email"}}}
            """
        );

        VisitHit hit = s_policy.Visits.Read(page, new LogPlace(0, 1))!;

        Assert.Equal(new TrafficSource("news", "email", "spring"), hit.Source);
        Assert.Equal("/", hit.Page);
    }

    [Theory]
    [InlineData(
        """{"type":"track","userId":"u","event":"Order Completed","properties":{"url":"https://example.com/"}}"""
    )]
    [InlineData("""{"type":"track","userId":"u","event":"Invoice Paid"}""")]
    [InlineData("""{"type":"identify","userId":"u","context":{"page":{"url":"https://example.com/?gclid=1"}}}""")]
    public void Message_ThatIsNoVisit_IsNoTouch(string json) =>
        Assert.Null(s_policy.Visits.Read(Accept(json), new LogPlace(0, 1)));

    [Fact]
    public void Clock_ThatGoesAhead_IsSetRight()
    {
        Envelope page = Accept(
            """{"type":"page","anonymousId":"a","messageId":"m","timestamp":"2031-01-01T00:00:00Z"}"""
        );

        Assert.Equal(ReceivedAt, s_policy.Visits.Read(page, new LogPlace(0, 1))!.At);
    }

    [Theory]
    [InlineData(new[] { "0 ", "10 ", "40 " }, "0 Direct")]
    [InlineData(new[] { "0 ", "30 " }, "0 Direct")]
    [InlineData(new[] { "0 ", "31 " }, "0 Direct | 31 Direct")]
    // Midnight is no end of a visit.
    [InlineData(new[] { "50 ?gclid=1", "70 " }, "50 Paid Search")]
    [InlineData(new[] { "0 ?gclid=1", "5 ?utm_source=news&utm_medium=email" }, "0 Paid Search | 5 Email")]
    [InlineData(new[] { "0 ?gclid=1", "5 ?gclid=2" }, "0 Paid Search")]
    [InlineData(new[] { "0 ?utm_source=a&utm_content=x", "5 ?utm_source=a&utm_content=y" }, "0 Unassigned")]
    // An app in one page goes on naming the referrer of its first.
    [InlineData(new[] { "0 ?gclid=1 https://www.google.com/", "5  https://www.google.com/" }, "0 Paid Search")]
    [InlineData(new[] { "0 ?gclid=1", "40  https://www.paypal.com/" }, "0 Paid Search | 40 Paid Search")]
    [InlineData(new[] { "0  https://www.paypal.com/" }, "0 Direct")]
    [InlineData(new[] { "0 ?gclid=1", "5  https://www.example.com/cart" }, "0 Paid Search")]
    [InlineData(new[] { "0  https://semalt.com/", "5 ?gclid=1" }, "0 Direct (excluded) | 5 Paid Search")]
    public void Touches_AreCutByIdleAndCampaign(string[] hits, string expected)
    {
        // Half past eleven at night and on.
        var start = new DateTimeOffset(2026, 11, 20, 23, 0, 0, TimeSpan.Zero);
        VisitHit[] read =
        [
            .. hits.Select(
                (text, index) =>
                {
                    string[] parts = text.Split(' ');
                    return Hit($"https://example.com/{parts[1]}", parts.Length > 2 ? parts[2] : "", index + 1) with
                    {
                        At = start.AddMinutes(int.Parse(parts[0], CultureInfo.InvariantCulture)),
                    };
                }
            ),
        ];

        // In whatever order they came.
        ImmutableArray<JourneyTouch> touches = TouchCutter.Cut(read.Reverse(), s_policy.Idle, s_policy.ChannelOf);

        Assert.Equal(
            expected,
            string.Join(
                " | ",
                touches.Select(touch =>
                    $"{(touch.At - start).TotalMinutes} {touch.Channel}{(touch.IsExcluded ? " (excluded)" : "")}"
                )
            )
        );
    }

    private static VisitHit Hit(string url, string referrer = "", long position = 1)
    {
        string json = JsonSerializer.Serialize(
            new
            {
                type = "page",
                anonymousId = "a",
                messageId = $"m{position}",
                properties = new { url, referrer },
            }
        );
        return s_policy.Visits.Read(Accept(json), new LogPlace(0, position))!;
    }
}
