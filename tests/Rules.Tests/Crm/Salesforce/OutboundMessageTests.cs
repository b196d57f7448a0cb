using System.Text;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Tests.Crm.Salesforce;

public sealed class OutboundMessageTests
{
    private const string Lead = "00Q500000000AbCEAU";

    private static readonly SalesforceSource s_source = new();

    [Fact]
    public void Ack_WhenWritten_IsToTheLetterWhatSalesforceWaitsFor() =>
        Assert.Equal(
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
                + "<notificationsResponse xmlns=\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack>"
                + "</notificationsResponse></soapenv:Body></soapenv:Envelope>",
            Encoding.UTF8.GetString(OutboundMessage.Ack.Span)
        );

    [Fact]
    public void Read_WhenALeadIsSent_SetsWhatItSays()
    {
        Outcome<WebhookReading> reading = Read(
            Envelope(
                Notification(
                    "04l500000008uq0",
                    "Lead",
                    "<sf:Id>00Q500000000AbC</sf:Id><sf:Email>Jane@X.com</sf:Email><sf:FirstName>Zo&#235; &amp; Co</sf:FirstName>"
                        + "<sf:Rating xsi:nil=\"true\"/><sf:SystemModstamp>2026-11-27T09:00:00.000Z</sf:SystemModstamp>"
                )
            )
        );

        Assert.Equal(
            [
                $"identify [salesforce.lead:{Lead}] {{\"email\":\"Jane@X.com\",\"firstName\":\"Zoë & Co\",\"Rating\":null}}",
            ],
            Readings.Of(reading)
        );
        Envelope envelope = Assert.Single(Readings.Envelopes(reading));
        Assert.Equal("salesforce:04l500000008uq0AAA", envelope.MessageId);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero), envelope.Timestamp);
        Assert.Equal(
            [$"salesforce.lead:{Lead}", "email:jane@x.com"],
            envelope.Identifiers.Select(one => one.ToString())
        );
    }

    [Fact]
    public void Read_WhenARecordIsGone_HasToBeRead() =>
        Assert.Equal(
            [$"read Lead {Lead} Deleted", "skipped no_record", "skipped no_record"],
            Readings.Of(
                Read(
                    Envelope(
                        Notification("04l500000008uq0", "Lead", "<sf:Id>00Q500000000AbC</sf:Id>"),
                        Notification("04l500000008uq1", "Lead", ""),
                        "<Notification><Id>04l500000008uq2</Id></Notification>"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenOneOfSeveralIsBad_TakesTheOthers() =>
        Assert.Equal(
            [
                "group [salesforce.account:0015e00000XyZabAAF] salesforce.account:0015e00000XyZabAAF {\"name\":\"Acme\"}",
                "faulty id_damaged sObject.Id",
                "faulty member_missing Notification.Id",
                "skipped object_not_used",
                "read Opportunity 0065e00000QwErTAAV Changed",
            ],
            Readings.Of(
                Read(
                    Envelope(
                        Notification(
                            "04l500000008uq0",
                            "Account",
                            "<sf:Id>0015e00000XyZab</sf:Id><sf:Name>Acme</sf:Name>"
                        ),
                        Notification("04l500000008uq1", "Lead", "<sf:Id>00Q5</sf:Id><sf:Email>a@x.com</sf:Email>"),
                        Notification("", "Lead", "<sf:Id>00Q500000000AbC</sf:Id><sf:Email>a@x.com</sf:Email>"),
                        Notification(
                            "04l500000008uq2",
                            "Task",
                            "<sf:Id>00T500000000AbC</sf:Id><sf:Subject>Call</sf:Subject>"
                        ),
                        Notification(
                            "04l500000008uq3",
                            "Opportunity",
                            "<sf:Id>0065e00000QwErT</sf:Id><sf:Amount>1</sf:Amount>"
                        )
                    )
                )
            )
        );

    [Theory]
    [InlineData("00D50000000IZ3Z", true)]
    [InlineData("00D50000000IZ3ZEAW", true)]
    [InlineData("00D50000000IZ3z", false)]
    public void Read_WhenOrganizationsAreNamed_TakesOnlyThem(string named, bool isTaken)
    {
        Outcome<WebhookReading> reading = OutboundMessage.Read(
            Encoding.UTF8.GetBytes(
                Envelope(
                    Notification(
                        "04l500000008uq0",
                        "Lead",
                        "<sf:Id>00Q500000000AbC</sf:Id><sf:Email>a@x.com</sf:Email>"
                    )
                )
            ),
            new SalesforceSource { Organizations = [named] }
        );

        Assert.Equal(isTaken, reading.Succeeded);
        Assert.True(isTaken || reading.Refusal is OrganizationOther);
    }

    [Fact]
    public void Read_WhenADocumentTypeIsDeclared_RefusesItBeforeAnythingExpands()
    {
        string bomb =
            "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">"
            + "<!ENTITY lol1 \"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">]>"
            + Envelope(
                Notification("04l500000008uq0", "Lead", "<sf:Id>00Q500000000AbC</sf:Id><sf:Email>&lol1;</sf:Email>")
            );

        Assert.IsType<WebhookUnreadable>(Read(bomb).Refusal);
    }

    [Fact]
    public void Read_WhenAFileIsReferred_DoesNotOpenIt() =>
        Assert.IsType<WebhookUnreadable>(
            Read(
                "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
                    + Envelope(
                        Notification("04l500000008uq0", "Lead", "<sf:Id>00Q500000000AbC</sf:Id><sf:City>&f;</sf:City>")
                    )
            ).Refusal
        );

    [Fact]
    public void Read_WhenNestedWithoutEnd_RefusesIt()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", 50)) + string.Concat(Enumerable.Repeat("</a>", 50));

        Assert.IsType<WebhookUnreadable>(
            Read(
                Envelope(Notification("04l500000008uq0", "Lead", $"<sf:Id>00Q500000000AbC</sf:Id><sf:X>{deep}</sf:X>"))
            ).Refusal
        );
        Assert.IsType<WebhookUnreadable>(Read(Envelope(deep)).Refusal);
    }

    [Fact]
    public void Read_WhenThereAreOverAHundred_RefusesIt()
    {
        string[] many =
        [
            .. Enumerable.Repeat(Notification("04l500000008uq0", "Lead", "<sf:Id>00Q500000000AbC</sf:Id>"), 101),
        ];

        Assert.IsType<WebhookUnreadable>(Read(Envelope(many)).Refusal);
        Assert.Equal(100, Readings.Of(Read(Envelope(many[..100]))).Length);
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<a/>")]
    [InlineData("<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"/>")]
    [InlineData(
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><notifications/></soapenv:Body></soapenv:Envelope>"
    )]
    public void Read_WhenItIsNoOutboundMessage_SaysSo(string body) =>
        Assert.IsType<WebhookUnreadable>(SalesforceDecoder.Read(Encoding.UTF8.GetBytes(body), s_source).Refusal);

    [Fact]
    public void Read_WhenCutOff_TakesNothing()
    {
        string whole = Envelope(
            Notification("04l500000008uq0", "Lead", "<sf:Id>00Q500000000AbC</sf:Id><sf:City>X</sf:City>")
        );

        Assert.True(Read(whole).Succeeded);
        Assert.IsType<WebhookUnreadable>(Read(whole[..^1]).Refusal);
    }

    private static Outcome<WebhookReading> Read(string xml) =>
        SalesforceDecoder.Read(Encoding.UTF8.GetBytes(xml), s_source);

    private static string Notification(string id, string type, string fields) =>
        $"<Notification><Id>{id}</Id><sObject xsi:type=\"sf:{type}\" xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\">"
        + $"{fields}</sObject></Notification>";

    private static string Envelope(params string[] notifications) =>
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
        + "<notifications xmlns=\"http://soap.sforce.com/2005/09/outbound\"><OrganizationId>00D50000000IZ3Z</OrganizationId>"
        + "<ActionId>04k500000008UHz</ActionId><SessionId xsi:nil=\"true\"/><EnterpriseUrl>https://x</EnterpriseUrl>"
        + $"<PartnerUrl>https://x</PartnerUrl>{string.Concat(notifications)}</notifications></soapenv:Body></soapenv:Envelope>";
}
