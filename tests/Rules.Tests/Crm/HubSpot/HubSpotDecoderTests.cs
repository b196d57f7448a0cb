using System.Text;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.HubSpot;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Tests.Crm.HubSpot;

public sealed class HubSpotDecoderTests
{
    private const string Common =
        "'eventId':1,'subscriptionId':77,'portalId':62515,'appId':54321,'occurredAt':1795770000123,'attemptNumber':0";

    private static readonly HubSpotSource s_source = new();

    [Fact]
    public void Read_WhenAPropertyChanges_SetsTheTraitAtThatTime()
    {
        Outcome<WebhookReading> reading = Read(
            Event("contact.propertyChange", "'objectId':123,'propertyName':'firstname','propertyValue':'Zoë'")
        );

        Assert.Equal(["identify [hubspot.contact:62515:123] {\"firstName\":\"Zoë\"}"], Readings.Of(reading));
        Envelope envelope = Assert.Single(Readings.Envelopes(reading));
        Assert.Equal("hubspot:62515:77:contact.propertyChange:123:1:1795770000123:firstname", envelope.MessageId);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795770000123), envelope.Timestamp);
        Assert.Equal("hubspot.contact:62515:123", envelope.Anchor.ToString());
    }

    [Fact]
    public void Read_WhenTheAddressChanges_ItIdentifiesToo()
    {
        Outcome<WebhookReading> reading = Read(
            Event("contact.propertyChange", "'objectId':123,'propertyName':'email','propertyValue':'Jane@X.com'")
        );

        Assert.Equal(
            ["hubspot.contact:62515:123", "email:jane@x.com"],
            Assert.Single(Readings.Envelopes(reading)).Identifiers.Select(one => one.ToString())
        );
    }

    [Fact]
    public void Read_WhenAValueIsEmpty_ClearsTheTrait() =>
        Assert.Equal(
            ["identify [hubspot.contact:62515:123] {\"title\":null}"],
            Readings.Of(
                Read(Event("contact.propertyChange", "'objectId':123,'propertyName':'jobtitle','propertyValue':''"))
            )
        );

    [Theory]
    [InlineData("'propertyValue':'REDACTED'")]
    [InlineData("'propertyValue':'diagnosis','isSensitive':true")]
    public void Read_WhenAValueIsSensitive_KeepsNothingOfIt(string value) =>
        Assert.Equal(
            ["skipped sensitive_value"],
            Readings.Of(Read(Event("contact.propertyChange", $"'objectId':123,'propertyName':'condition',{value}")))
        );

    [Fact]
    public void Read_WhenIdsAreBeyondADouble_KeepsEveryDigit()
    {
        // 2^53 + 1 has no double: read as numbers, these two would be one record.
        string[] lines = Readings.Of(
            Read(
                Event("contact.restore", "'objectId':9007199254740993"),
                Event("contact.restore", "'objectId':'9007199254740992'")
            )
        );

        Assert.Equal(
            [
                "track [hubspot.contact:62515:9007199254740993] CRM Contact Restored {\"recordId\":\"9007199254740993\"}",
                "read contact 9007199254740993 Restored",
                "track [hubspot.contact:62515:9007199254740992] CRM Contact Restored {\"recordId\":\"9007199254740992\"}",
                "read contact 9007199254740992 Restored",
            ],
            lines
        );
    }

    [Fact]
    public void Read_WhenAMergeMakesANewRecord_ThatOneSurvives() =>
        Assert.Equal(
            [
                "identify [hubspot.contact:62515:900 hubspot.contact:62515:1 hubspot.contact:62515:2] {}",
                "read contact 900 Merged",
            ],
            Readings.Of(
                Read(
                    Event(
                        "contact.merge",
                        "'objectId':1,'primaryObjectId':1,'mergedObjectIds':[2],'newObjectId':900,'numberOfPropertiesMoved':3"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenAMergeMakesNoNewRecord_ThePrimaryOneSurvives() =>
        Assert.Equal(
            [
                "identify [hubspot.contact:62515:1 hubspot.contact:62515:2 hubspot.contact:62515:3] {}",
                "read contact 1 Merged",
            ],
            Readings.Of(Read(Event("contact.merge", "'objectId':1,'primaryObjectId':1,'mergedObjectIds':[3,2]")))
        );

    [Fact]
    public void Read_WhenAMergeComesWithItsDeletions_LosesNobodyInWhicheverOrder()
    {
        string merge = Event(
            "contact.merge",
            "'objectId':1,'primaryObjectId':1,'mergedObjectIds':[2],'newObjectId':900"
        );
        string first = Event("contact.deletion", "'objectId':1,'changeFlag':'DELETED'");
        string second = Event("contact.deletion", "'objectId':2");

        string[] before = Readings.Of(Read(first, second, merge));
        string[] after = Readings.Of(Read(merge, first, second));

        // A deletion says nothing but that it happened to that id; nobody is erased or taken apart by it.
        Assert.Equal(before.Order(), after.Order());
        Assert.Contains("track [hubspot.contact:62515:2] CRM Contact Deleted {\"recordId\":\"2\"}", after);
        Assert.DoesNotContain(after, line => line.StartsWith("erase", StringComparison.Ordinal));
        // All three ids are one person by the merge alone.
        Assert.Contains(
            "identify [hubspot.contact:62515:900 hubspot.contact:62515:1 hubspot.contact:62515:2] {}",
            after
        );
    }

    [Fact]
    public void Read_WhenManyWereMerged_LinksThemInMessagesThatTheRulesTakeWhole()
    {
        string merged = string.Join(',', Enumerable.Range(1000, 250));
        Envelope[] envelopes = Readings.Envelopes(
            Read(Event("contact.merge", $"'objectId':1,'primaryObjectId':1,'mergedObjectIds':[{merged}]"))
        );

        Assert.Equal(9, envelopes.Length);
        Assert.Equal(envelopes.Length, envelopes.Select(one => one.MessageId).Distinct().Count());
        Assert.All(envelopes, one => Assert.Empty(one.Blocked));
        Assert.All(envelopes, one => Assert.Contains(one.Identifiers, id => id.Value == "62515:1"));
        Assert.Equal(251, envelopes.SelectMany(one => one.Identifiers).Distinct().Count());
    }

    [Fact]
    public void Read_WhenAPersonWantsToBeForgotten_AsksForIt()
    {
        // The deletion that comes with it, before or after, does no more than it does alone.
        Assert.Equal(
            [
                "track [hubspot.contact:62515:5] CRM Contact Deleted {\"recordId\":\"5\"}",
                "erase hubspot.contact:62515:5",
            ],
            Readings.Of(
                Read(Event("contact.deletion", "'objectId':5"), Event("contact.privacyDeletion", "'objectId':5"))
            )
        );
    }

    [Fact]
    public void Read_WhenOurOwnChangeComesBack_PassesItOver()
    {
        HubSpotSource own = new() { OwnApp = "54321" };
        string[] events =
        [
            Event(
                "contact.propertyChange",
                "'objectId':1,'propertyName':'plan','propertyValue':'pro','changeSource':'INTEGRATION','sourceId':'54321'"
            ),
            Event(
                "contact.propertyChange",
                "'objectId':1,'propertyName':'plan','propertyValue':'pro','changeSource':'INTEGRATION','sourceId':'99'"
            ),
            Event("contact.privacyDeletion", "'objectId':1,'changeSource':'INTEGRATION','sourceId':'54321'"),
        ];

        Assert.Equal(
            [
                "skipped own_echo",
                "identify [hubspot.contact:62515:1] {\"plan\":\"pro\"}",
                "erase hubspot.contact:62515:1",
            ],
            Readings.Of(Read(own, events))
        );
    }

    [Fact]
    public void Read_WhenAnotherAccountSends_PassesItOver() =>
        Assert.Equal(
            ["skipped other_account"],
            Readings.Of(Read(new HubSpotSource { Accounts = ["1", "2"] }, Event("contact.deletion", "'objectId':5")))
        );

    [Theory]
    [InlineData("contact.associationChange", "'associationType':'CONTACT_TO_COMPANY','fromObjectId':7,'toObjectId':8")]
    [InlineData("contact.associationChange", "'associationType':'COMPANY_TO_CONTACT','fromObjectId':8,'toObjectId':7")]
    [InlineData(
        "contact.associationChange",
        "'associationType':'CONTACT_TO_COMPANY_UNLABELED','fromObjectId':7,'toObjectId':8"
    )]
    [InlineData(
        "object.associationChange",
        "'fromObjectTypeId':'0-1','toObjectTypeId':'0-2','fromObjectId':7,'toObjectId':8"
    )]
    [InlineData(
        "object.associationChange",
        "'fromObjectTypeId':'0-2','toObjectTypeId':'0-1','fromObjectId':8,'toObjectId':7"
    )]
    public void Read_WhenAContactJoinsACompany_SheBelongsToIt(string type, string members) =>
        Assert.Equal(
            ["group [hubspot.contact:62515:7] hubspot.company:62515:8 {}"],
            Readings.Of(Read(Event(type, members + ",'associationRemoved':false,'isPrimaryAssociation':true")))
        );

    [Fact]
    public void Read_WhenAContactLeavesACompany_ItIsNoted() =>
        Assert.Equal(
            ["track [hubspot.contact:62515:7] CRM Company Left {\"groupId\":\"hubspot.company:62515:8\"}"],
            Readings.Of(
                Read(
                    Event(
                        "contact.associationChange",
                        "'associationType':'CONTACT_TO_COMPANY','fromObjectId':7,'toObjectId':8,'associationRemoved':true"
                    )
                )
            )
        );

    [Theory]
    [InlineData("deal.creation", "'objectId':4", "read deal 4 Created")]
    [InlineData(
        "deal.propertyChange",
        "'objectId':4,'propertyName':'amount','propertyValue':'1' ",
        "read deal 4 Changed"
    )]
    [InlineData("deal.deletion", "'objectId':4", "read deal 4 Deleted")]
    [InlineData(
        "deal.associationChange",
        "'associationType':'CONTACT_TO_DEAL','fromObjectId':7,'toObjectId':4",
        "read deal 4 Changed"
    )]
    [InlineData("object.creation", "'objectTypeId':'0-3','objectId':4", "read deal 4 Created")]
    [InlineData("object.creation", "'objectTypeId':'2-99','objectId':4", "skipped object_not_used")]
    [InlineData("ticket.creation", "'objectId':4", "skipped object_not_used")]
    [InlineData("line_item.deletion", "'objectId':4", "skipped object_not_used")]
    [InlineData("conversation.newMessage", "'messageId':'x'", "skipped object_not_used")]
    [InlineData(
        "contact.associationChange",
        "'associationType':'CONTACT_TO_TICKET','fromObjectId':7,'toObjectId':4",
        "skipped object_not_used"
    )]
    [InlineData("contact.somethingNew", "'objectId':4", "faulty type_unknown subscriptionType")]
    [InlineData("account.creation", "'objectId':4", "faulty type_unknown subscriptionType")]
    [InlineData("creation", "'objectId':4", "faulty member_invalid subscriptionType")]
    [InlineData("object.creation", "'objectId':4", "faulty member_missing objectTypeId")]
    public void Read_WhenOfAnotherKind_IsDecidedByIt(string type, string members, string line) =>
        Assert.Equal([line], Readings.Of(Read(Event(type, members))));

    [Fact]
    public void Read_WhenAContactIsCreated_HasToBeRead() =>
        Assert.Equal(
            ["track [hubspot.contact:62515:4] CRM Contact Created {\"recordId\":\"4\"}", "read contact 4 Created"],
            Readings.Of(Read(Event("object.creation", "'objectTypeId':'0-1','objectId':4")))
        );

    [Fact]
    public void Read_WhenACompanyChanges_ItIsTheCompanys()
    {
        Outcome<WebhookReading> reading = Read(
            Event("company.propertyChange", "'objectId':8,'propertyName':'domain','propertyValue':'acme.com'")
        );

        Assert.Equal(
            ["group [hubspot.company:62515:8] hubspot.company:62515:8 {\"domain\":\"acme.com\"}"],
            Readings.Of(reading)
        );
        Assert.Equal("hubspot.company:62515:8", Assert.Single(Readings.Envelopes(reading)).GroupId);
    }

    [Fact]
    public void Read_WhenIdsAreListedInAProperty_LinksThem() =>
        Assert.Equal(
            [
                "identify [hubspot.contact:62515:1 email:a@x.com email:b@x.com] {\"hs_additional_emails\":\"a@x.com; b@x.com\"}",
                "identify [hubspot.contact:62515:1 hubspot.contact:62515:7 hubspot.contact:62515:8] {\"hs_merged_object_ids\":\"7;8\"}",
                "identify [hubspot.contact:62515:1] {\"associatedcompanyid\":\"55\"}",
                "group [hubspot.contact:62515:1] hubspot.company:62515:55 {}",
            ],
            Readings.Of(
                Read(
                    Event(
                        "contact.propertyChange",
                        "'objectId':1,'propertyName':'hs_additional_emails','propertyValue':'a@x.com; b@x.com'"
                    ),
                    Event(
                        "contact.propertyChange",
                        "'objectId':1,'propertyName':'hs_merged_object_ids','propertyValue':'7;8'"
                    ),
                    Event(
                        "contact.propertyChange",
                        "'objectId':1,'propertyName':'associatedcompanyid','propertyValue':'55'"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenOneOfAHundredIsBad_TakesTheOthers()
    {
        string[] events =
        [
            .. Enumerable
                .Range(1, 99)
                .Select(id =>
                    Event("contact.propertyChange", $"'objectId':{id},'propertyName':'plan','propertyValue':'pro'")
                ),
        ];
        const string Bad = """{"eventId":1,"subscriptionType":"contact.propertyChange","portalId":62515}""";

        Outcome<WebhookReading> reading = Read([.. events[..50], Bad, .. events[50..]]);

        Assert.Equal(99, Readings.Envelopes(reading).Length);
        WebhookFaulty faulty = Assert.IsType<WebhookFaulty>(reading.Value!.Items[50]);
        Assert.Equal((FaultReasons.MemberMissing, "occurredAt"), (faulty.Reason, faulty.Place));
        // What is kept of it can be read again by itself.
        Assert.Equal(Bad, Readings.Text(faulty.Part));
        Assert.Equal(["faulty member_missing occurredAt"], Readings.Of(HubSpotDecoder.Read(faulty.Part, s_source)));
    }

    [Theory]
    [InlineData("""17""", "faulty not_an_object")]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.deletion","portalId":1,"occurredAt":1,"objectId":-4}""",
        "faulty member_invalid objectId"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.deletion","portalId":1,"occurredAt":1,"objectId":1e3}""",
        "faulty member_invalid objectId"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.deletion","portalId":1,"occurredAt":"now","objectId":1}""",
        "faulty member_invalid occurredAt"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.deletion","portalId":1,"occurredAt":9223372036854775807,"objectId":1}""",
        "faulty member_invalid occurredAt"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.merge","portalId":1,"occurredAt":1,"objectId":1}""",
        "faulty member_missing primaryObjectId"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.propertyChange","portalId":1,"occurredAt":1,"objectId":1,"propertyName":"a"}""",
        "faulty member_missing propertyValue"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.propertyChange","portalId":1,"occurredAt":1,"objectId":1,"propertyName":"\ud800","propertyValue":"a"}""",
        "faulty member_invalid propertyName"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.associationChange","portalId":1,"occurredAt":1,"fromObjectId":1}""",
        "faulty member_missing toObjectId"
    )]
    [InlineData(
        """{"eventId":1,"subscriptionType":"contact.associationChange","portalId":1,"occurredAt":1,"fromObjectId":1,"toObjectId":2}""",
        "faulty member_missing associationType"
    )]
    public void Read_WhenAnEventCannotBeRead_SaysWhy(string json, string line) =>
        Assert.Equal([line], Readings.Of(Read(json)));

    [Theory]
    [InlineData("")]
    [InlineData("<xml/>")]
    [InlineData("[{]")]
    [InlineData("\"text\"")]
    public void Read_WhenTheBodyIsNoList_SaysSo(string body)
    {
        Outcome<WebhookReading> reading = HubSpotDecoder.Read(Encoding.UTF8.GetBytes(body), s_source);

        Assert.IsType<WebhookUnreadable>(reading.Refusal);
    }

    [Fact]
    public void Read_WhenTheBodyIsNestedWithoutEnd_SaysSo() =>
        Assert.IsType<WebhookUnreadable>(
            HubSpotDecoder.Read(Encoding.UTF8.GetBytes(new string('[', 100_000)), s_source).Refusal
        );

    [Fact]
    public void Read_WhenEventsShareTheirId_TheirMessagesDoNot()
    {
        // HubSpot: "eventId is not guaranteed to be unique".
        Envelope[] envelopes = Readings.Envelopes(
            Read(
                Event("contact.propertyChange", "'objectId':1,'propertyName':'a','propertyValue':'x'"),
                Event("contact.propertyChange", "'objectId':1,'propertyName':'b','propertyValue':'x'"),
                Event("contact.propertyChange", "'objectId':2,'propertyName':'a','propertyValue':'x'")
            )
        );

        Assert.Equal(3, envelopes.Select(one => one.MessageId).Distinct().Count());
    }

    [Fact]
    public void Read_WhenTheClocksDiffer_WhatCannotBeIsDatedByItsReceipt()
    {
        // A day and more ahead of us: believed, it would win over every later word until then.
        string ahead = Event("contact.propertyChange", "'objectId':1,'propertyName':'a','propertyValue':'x'")
            .Replace("1795770000123", "1895770000123", StringComparison.Ordinal);

        Envelope envelope = Assert.Single(Readings.Envelopes(Read(ahead)));

        Assert.Equal(envelope.ReceivedAt, envelope.Timestamp);
        Assert.NotEmpty(envelope.LeftOut);
    }

    [Fact]
    public void Read_WhenADeliveryIsRepeated_TheMessageIsTheSame()
    {
        string change = Event("contact.propertyChange", "'objectId':1,'propertyName':'a','propertyValue':'x'");
        string again = change.Replace("\"attemptNumber\":0", "\"attemptNumber\":3", StringComparison.Ordinal);

        Assert.NotEqual(change, again);
        Assert.Equal(
            Assert.Single(Readings.Envelopes(Read(change))).MessageId,
            Assert.Single(Readings.Envelopes(Read(again))).MessageId
        );
    }

    [Fact]
    public void Read_WhenAFieldIsNamedInTheSource_HasThatName()
    {
        HubSpotSource named = new()
        {
            Names = CrmFieldNames.HubSpot.With([new("hs_persona", "persona"), new("internal_note", "")]),
        };

        Assert.Equal(
            ["identify [hubspot.contact:62515:1] {\"persona\":\"cto\"}", "skipped no_rule"],
            Readings.Of(
                Read(
                    named,
                    Event("contact.propertyChange", "'objectId':1,'propertyName':'hs_persona','propertyValue':'cto'"),
                    Event("contact.propertyChange", "'objectId':1,'propertyName':'internal_note','propertyValue':'x'")
                )
            )
        );
    }

    private static string Event(string type, string members) =>
        $"{{{Common},'subscriptionType':'{type}',{members}}}".Replace('\'', '"');

    private static Outcome<WebhookReading> Read(params string[] events) => Read(s_source, events);

    private static Outcome<WebhookReading> Read(HubSpotSource source, params string[] events) =>
        HubSpotDecoder.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"), source);
}
