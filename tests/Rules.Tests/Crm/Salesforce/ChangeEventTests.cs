using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Tests.Crm.Salesforce;

public sealed class ChangeEventTests
{
    private const string Lead = "00Q500000000AbCEAU";
    private const string Contact = "0035e00000BmRkGAAV";
    private const string Account = "0015e00000XyZabAAF";
    private const string Deal = "0065e00000QwErTAAV";

    private static readonly SalesforceSource s_source = new();

    [Fact]
    public void Read_WhenAFieldChanges_SetsThatOne()
    {
        Outcome<WebhookReading> reading = Read(
            Change(
                "Contact",
                "UPDATE",
                [Contact],
                "'changedFields':['Title','LastModifiedDate']",
                "'Title':'CTO','LastModifiedDate':'2026-11-27T09:00:00.000Z','Email':null,'Phone':'+1 415 555 0100'"
            )
        );

        // Over the Pub/Sub API unchanged fields are there as null; a channel may be enriched with others that did not change.
        Assert.Equal([$"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\"}}"], Readings.Of(reading));
        Envelope envelope = Assert.Single(Readings.Envelopes(reading));
        Assert.Equal($"salesforce:tx-1:3:{Contact}", envelope.MessageId);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795770000123).AddTicks(3), envelope.Timestamp);
    }

    [Fact]
    public void Read_WhenAFieldIsEmptied_ClearsIt() =>
        Assert.Equal(
            [$"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\",\"phone\":null}}"],
            Readings.Of(
                Read(
                    Change(
                        "Contact",
                        "UPDATE",
                        [Contact],
                        "'changedFields':['Title','Phone'],'nulledFields':['Phone']",
                        "'Title':'CTO','Phone':null,'Email':null"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenTheHeaderNamesNoFields_TakesThoseThatHaveAValue() =>
        Assert.Equal(
            [$"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\"}}"],
            Readings.Of(Read(Change("Contact", "UPDATE", [Contact], "", "'Title':'CTO','Phone':null")))
        );

    [Fact]
    public void Read_WhenPartOfACompoundFieldChanges_SetsThatPart() =>
        Assert.Equal(
            [
                $"identify [salesforce.contact:{Contact}] {{\"firstName\":\"Jane\",\"MailingCity\":\"Köln\",\"lastName\":null}}",
            ],
            Readings.Of(
                Read(
                    Change(
                        "Contact",
                        "UPDATE",
                        [Contact],
                        "'changedFields':['Name.FirstName','MailingAddress.City'],'nulledFields':['Name.LastName']",
                        "'Name':{'FirstName':'Jane','LastName':null},'MailingAddress':{'City':'Köln','Street':null}"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenARecordIsNew_TakesEveryValue() =>
        Assert.Equal(
            [
                $"identify [salesforce.contact:{Contact}] "
                    + "{\"firstName\":\"Jane\",\"lastName\":\"Roe\",\"Score__c\":9007199254740993,\"DoNotCall\":true,"
                    + $"\"AccountId\":\"{Account}\"}}",
                $"group [salesforce.contact:{Contact}] salesforce.account:{Account} {{}}",
            ],
            Readings.Of(
                Read(
                    Change(
                        "Contact",
                        "CREATE",
                        [Contact],
                        "'changedFields':[]",
                        "'Name':{'FirstName':'Jane','LastName':'Roe','Suffix':null},'Score__c':9007199254740993,'Fax':null,"
                            + $"'DoNotCall':true,'AccountId':'{Account}'"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenAChangeIsOfSeveralRecords_IsSaidOfEach()
    {
        Outcome<WebhookReading> reading = Read(
            Change("Contact", "UPDATE", [Contact, "0035e00000bMrKg"], "'changedFields':['Title']", "'Title':'CTO'")
        );

        Assert.Equal(
            [
                $"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\"}}",
                "identify [salesforce.contact:0035e00000bMrKgAAK] {\"title\":\"CTO\"}",
            ],
            Readings.Of(reading)
        );
        Assert.Equal(2, Readings.Envelopes(reading).Select(one => one.MessageId).Distinct().Count());
    }

    [Fact]
    public void Read_WhenOneIdIsDamaged_TakesTheOthers()
    {
        Outcome<WebhookReading> reading = Read(
            Change("Contact", "UPDATE", ["0035", Contact], "'changedFields':['Title']", "'Title':'CTO'")
        );

        Assert.Equal(
            [
                "faulty id_damaged ChangeEventHeader.recordIds",
                $"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\"}}",
            ],
            Readings.Of(reading)
        );
    }

    [Fact]
    public void Read_WhenALeadIsConverted_LinksLeadAndContactAndCompanyInTheirOrder()
    {
        Outcome<WebhookReading> reading = Read(
            Change("Account", "CREATE", [Account], "", "'Name':'Acme'", sequence: 1),
            Change("Contact", "CREATE", [Contact], "", $"'AccountId':'{Account}','Email':'jane@x.com'", sequence: 2),
            Change("Opportunity", "CREATE", [Deal], "", $"'AccountId':'{Account}','Amount':100", sequence: 3),
            Change(
                "Lead",
                "UPDATE",
                [Lead],
                "'changedFields':['Status','IsConverted','ConvertedDate','ConvertedAccountId','ConvertedContactId',"
                    + "'ConvertedOpportunityId']",
                "'Status':'Closed - Converted','IsConverted':true,'ConvertedDate':'2026-11-27',"
                    + $"'ConvertedAccountId':'{Account}','ConvertedContactId':'{Contact}','ConvertedOpportunityId':'{Deal}'",
                sequence: 4
            )
        );

        string[] lines = Readings.Of(reading);
        Assert.Equal(
            [
                $"group [salesforce.account:{Account}] salesforce.account:{Account} {{\"name\":\"Acme\"}}",
                $"identify [salesforce.contact:{Contact}] {{\"AccountId\":\"{Account}\",\"email\":\"jane@x.com\"}}",
                $"group [salesforce.contact:{Contact}] salesforce.account:{Account} {{}}",
                $"read Opportunity {Deal} Changed",
            ],
            lines[..4]
        );
        Assert.StartsWith(
            $"identify [salesforce.contact:{Contact} salesforce.lead:{Lead}]",
            lines[4],
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                $"group [salesforce.contact:{Contact} salesforce.lead:{Lead}] salesforce.account:{Account} {{}}",
                $"track [salesforce.contact:{Contact} salesforce.lead:{Lead}] CRM Lead Converted "
                    + $"{{\"leadId\":\"{Lead}\",\"contactId\":\"{Contact}\",\"accountId\":\"{Account}\",\"opportunityId\":\"{Deal}\"}}",
            ],
            lines[5..]
        );
        // All were committed in one instant; what the transaction did last is the later word.
        Envelope[] envelopes = Readings.Envelopes(reading);
        Assert.Equal(
            envelopes.OrderBy(one => one.Timestamp).Select(one => one.MessageId),
            envelopes.Select(one => one.MessageId)
        );
        Assert.True(envelopes[1].Timestamp < envelopes[3].Timestamp);
    }

    [Fact]
    public void Read_WhenARecordIsDeleted_ItMayBeAMergeSoItHasToBeRead() =>
        Assert.Equal(
            [
                $"track [salesforce.contact:{Contact}] CRM Contact Deleted {{\"recordId\":\"{Contact}\"}}",
                $"read Contact {Contact} Deleted",
                $"read Opportunity {Deal} Deleted",
            ],
            Readings.Of(
                Read(Change("Contact", "DELETE", [Contact], "", ""), Change("Opportunity", "DELETE", [Deal], "", ""))
            )
        );

    [Fact]
    public void Read_WhenARecordIsBack_SaysSoAndTakesItsValues() =>
        Assert.Equal(
            [
                $"track [salesforce.lead:{Lead}] CRM Lead Restored {{\"recordId\":\"{Lead}\"}}",
                $"identify [salesforce.lead:{Lead}] {{\"companyName\":\"Acme\"}}",
            ],
            Readings.Of(Read(Change("Lead", "UNDELETE", [Lead], "", "'Company':'Acme'")))
        );

    [Theory]
    [InlineData("GAP_CREATE")]
    [InlineData("GAP_UPDATE")]
    [InlineData("GAP_DELETE")]
    [InlineData("GAP_UNDELETE")]
    public void Read_WhenThereIsAGap_EachRecordHasToBeRead(string type) =>
        Assert.Equal(
            [$"read Contact {Contact} Gap", "read Contact all Gap"],
            Readings.Of(Read(Change("Contact", type, [Contact, "003*"], "", "")))
        );

    [Fact]
    public void Read_WhenTooMuchChangedAtOnce_AllOfTheKindHasToBeRead() =>
        Assert.Equal(["read Contact all Overflow"], Readings.Of(Read(Change("Contact", "GAP_OVERFLOW", [], "", ""))));

    [Fact]
    public void Read_WhenOnlyTheDifferenceIsTold_HasToBeRead() =>
        Assert.Equal(
            [$"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\"}}", $"read Contact {Contact} Changed"],
            Readings.Of(
                Read(
                    Change(
                        "Contact",
                        "UPDATE",
                        [Contact],
                        "'changedFields':['Title','Description'],'diffFields':['Description']",
                        "'Title':'CTO','Description':'--- a\\n+++ b'"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenAChangedFieldDidNotCome_HasToBeRead() =>
        Assert.Equal(
            [$"identify [salesforce.contact:{Contact}] {{}}", $"read Contact {Contact} Changed"],
            Readings.Of(Read(Change("Contact", "UPDATE", [Contact], "'changedFields':['Title']", "")))
        );

    [Fact]
    public void Read_WhenOurOwnWriteComesBack_PassesItOver()
    {
        const string Origin = "'changedFields':['Title'],'changeOrigin':'com/salesforce/api/rest/60.0;client=grid'";
        string change = Change("Contact", "UPDATE", [Contact], Origin, "'Title':'CTO'");

        Assert.Equal(["skipped own_echo"], Readings.Of(Read(new SalesforceSource { OwnClient = "grid" }, change)));
        Assert.StartsWith(
            "identify",
            Assert.Single(Readings.Of(Read(new SalesforceSource { OwnClient = "gri" }, change))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_WhenFieldsAreBitsWithoutASchema_IsSetAside()
    {
        string change = Change("Contact", "UPDATE", [Contact], "'changedFields':['0x0C','2-0x03']", "'Title':'CTO'");

        Outcome<WebhookReading> reading = Read(change);

        Assert.Equal(["faulty bitmap_without_schema ChangeEventHeader.changedFields"], Readings.Of(reading));
        Assert.Equal(change, Readings.Text(((WebhookFaulty)reading.Value!.Items[0]).Part));
    }

    [Fact]
    public void Read_WhenFieldsAreBitsOfASchema_AreThoseFields()
    {
        var source = new SalesforceSource
        {
            Schemas = ImmutableDictionary<string, ChangeSchema>.Empty.Add(
                "Contact",
                new ChangeSchema([
                    ("ChangeEventHeader", []),
                    ("AccountId", []),
                    ("Name", ["Salutation", "FirstName", "LastName"]),
                    ("Title", []),
                    ("Phone", []),
                ])
            ),
        };
        // From the right: Title is bit 3, Phone bit 4; of Name (2) FirstName is bit 1.
        string change = Change(
            "Contact",
            "UPDATE",
            [Contact],
            "'changedFields':['0x08','2-0x02'],'nulledFields':['0x00010']",
            "'Title':'CTO','Phone':null,'AccountId':null,'Name':{'FirstName':'Jane','LastName':null}"
        );

        Assert.Equal(
            [$"identify [salesforce.contact:{Contact}] {{\"title\":\"CTO\",\"firstName\":\"Jane\",\"phone\":null}}"],
            Readings.Of(Read(source, change))
        );
        string beyond = Change("Contact", "UPDATE", [Contact], "'changedFields':['0x20']", "");
        Assert.Equal(
            ["faulty bitmap_without_schema ChangeEventHeader.changedFields"],
            Readings.Of(Read(source, beyond))
        );
    }

    [Theory]
    [InlineData("Task", "CREATE", "skipped object_not_used")]
    [InlineData("Contact", "MERGE", "faulty type_unknown ChangeEventHeader.changeType")]
    [InlineData("OpportunityContactRole", "DELETE", "read OpportunityContactRole 0065e00000QwErTAAV Deleted")]
    public void Read_WhenOfAnotherKind_IsDecidedByIt(string entity, string type, string line) =>
        Assert.Equal([line], Readings.Of(Read(Change(entity, type, [Deal], "", ""))));

    [Fact]
    public void Read_WhenSomebodyTakesPartInADeal_TheDealHasToBeRead() =>
        Assert.Equal(
            [$"read Opportunity {Deal} Changed"],
            Readings.Of(
                Read(Change("OpportunityContactRole", "CREATE", ["00K5e00000aaaaa"], "", $"'OpportunityId':'{Deal}'"))
            )
        );

    [Theory]
    [InlineData(
        """{"data":{"payload":{"ChangeEventHeader":{}}}}""",
        "faulty member_missing ChangeEventHeader.entityName"
    )]
    [InlineData(
        """{"ChangeEventHeader":{"entityName":"Lead","changeType":"UPDATE","commitTimestamp":"x"}}""",
        "faulty member_invalid ChangeEventHeader.commitTimestamp"
    )]
    [InlineData(
        """{"ChangeEventHeader":{"entityName":"Lead","changeType":"UPDATE","commitTimestamp":1,"transactionKey":"t"}}""",
        "faulty member_missing ChangeEventHeader.recordIds"
    )]
    [InlineData("""{"data":{"payload":{}}}""", "faulty type_unknown channel")]
    [InlineData("""[7]""", "faulty not_an_object")]
    public void Read_WhenAnEventCannotBeRead_SaysWhy(string json, string line) =>
        Assert.Equal([line], Readings.Of(SalesforceDecoder.Read(Encoding.UTF8.GetBytes(json), s_source)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("7")]
    public void Read_WhenTheBodyHoldsNoEvents_SaysSo(string body) =>
        Assert.IsType<WebhookUnreadable>(SalesforceDecoder.Read(Encoding.UTF8.GetBytes(body), s_source).Refusal);

    [Fact]
    public void Read_WhenACompanysOwnEventNamesAPerson_IsHers()
    {
        Outcome<WebhookReading> reading = Read(
            "{'data':{'schema':'s','payload':{'CreatedDate':'2026-11-27T09:00:00.000Z','CreatedById':'0055e00000aBcDe',"
                + "'Contact__c':'0035e00000BmRkG','Email__c':'jane@x.com','Ink__c':3,'Note__c':null},"
                + "'event':{'replayId':2}},'channel':'/event/Low_Ink__e'}"
        );

        Envelope envelope = Assert.Single(Readings.Envelopes(reading));
        Assert.Equal(("Low_Ink__e", "salesforce:/event/Low_Ink__e:2"), (envelope.Name, envelope.MessageId));
        Assert.Equal(
            [$"salesforce.contact:{Contact}", "email:jane@x.com"],
            envelope.Identifiers.Select(one => one.ToString())
        );
        Assert.Equal(
            ["faulty names_nobody"],
            Readings.Of(Read("{'data':{'payload':{'Ink__c':3},'event':{'replayId':2}},'channel':'/event/Low_Ink__e'}"))
        );
    }

    private static string Change(
        string entity,
        string type,
        string[] ids,
        string header,
        string fields,
        int sequence = 3
    ) =>
        (
            $"{{'data':{{'schema':'s','payload':{{'ChangeEventHeader':{{'entityName':'{entity}','changeType':'{type}',"
            + $"'recordIds':[{string.Join(',', ids.Select(id => $"'{id}'"))}],'transactionKey':'tx-1',"
            + $"'sequenceNumber':{sequence},'commitTimestamp':1795770000123,'commitNumber':77,'commitUser':'005'"
            + $"{(header.Length > 0 ? "," + header : "")}}}{(fields.Length > 0 ? "," + fields : "")}}},"
            + $"'event':{{'replayId':9}}}},'channel':'/data/{entity}ChangeEvent'}}"
        ).Replace('\'', '"');

    private static Outcome<WebhookReading> Read(params string[] events) => Read(s_source, events);

    private static Outcome<WebhookReading> Read(SalesforceSource source, params string[] events) =>
        SalesforceDecoder.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]".Replace('\'', '"')), source);
}
