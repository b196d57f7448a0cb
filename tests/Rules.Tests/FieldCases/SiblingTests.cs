using Customer360.Rules.Accounts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Tests.Conditions;
using Customer360.Rules.Tests.Consent.Wire;
using Customer360.Rules.Tests.Crm;
using Customer360.Rules.Tests.Crm.Sources;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.FieldCases;

/// <summary>The kinds of the field cases where a later hunt found them: in orders, deals, webhooks, consent, erasures.</summary>
public sealed class SiblingTests
{
    private static readonly AttributionPolicy s_attribution = new AttributionPolicyKind()
        .ReadFile(SmallYaml.Sample("attribution"), SmallYaml.Instance)
        .Body!.Base;

    [Theory]
    [InlineData("\"undefined\"")]
    [InlineData("\"null\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"None\"")]
    [InlineData("-1")]
    [InlineData("\" \"")]
    [InlineData("0")]
    public void Orders_WhoseIdIsWhatSystemsPrintForNone_AreEachTheirOwn(string id) =>
        Assert.NotEqual(OrderId(id, "m-1"), OrderId(id, "m-2"));

    [Theory]
    [InlineData("881001")]
    [InlineData("\"881001.0\"")]
    [InlineData("\"881001 \"")]
    [InlineData("\"881001\\u200b\"")]
    [InlineData("\"\\ufeff881001\"")]
    public void Order_WhoseIdIsSpelledOtherwise_IsTheSame(string id) =>
        Assert.Equal(OrderId("\"881001\"", "m-1"), OrderId(id, "m-2"));

    [Theory]
    [InlineData("900", "900")]
    [InlineData("\"900.0\"", "900")]
    [InlineData("\"900\\u200b\"", "900")]
    [InlineData("\"0065e0dfT6O4gec\"", "0065e0dfT6O4gecAIB")]
    [InlineData("\"0065e0dfT6O4gecAIB\"", "0065e0dfT6O4gecAIB")]
    public void Deal_HasOneSpelling(string id, string expected) => Assert.Equal(expected, Deal(id)?.Id);

    [Theory]
    [InlineData("\"null\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    public void Deal_WithoutAnIdThatIsOne_IsNone(string id) => Assert.Null(Deal(id));

    [Theory]
    [InlineData("0035e0dfT6O4gec")]
    [InlineData("0035e0dfT6O4gecAIB")]
    [InlineData("0035E0DFT6O4GECAIB")]
    public void RecordOfSalesforce_OfEitherLength_IsOnePersonAndOneCompany(string id)
    {
        string message = $$$"""
            {"type":"group","userId":"u","groupId":"salesforce.account:{{{id}}}","traits":{},
             "context":{"externalIds":[{"id":"{{{id}}}","type":"salesforce.contact","collection":"users","encoding":"none"}]}}
            """;

        Envelope envelope = Accept(message);

        Assert.Contains("salesforce.contact:0035e0dfT6O4gecAIB", IdsOf(envelope));
        Assert.Equal("salesforce.account:0035e0dfT6O4gecAIB", envelope.GroupId);
    }

    [Theory]
    [InlineData("mailto:Jane@Example.com")]
    [InlineData("MAILTO:jane@example.com?subject=Hi")]
    [InlineData("'jane@example.com'")]
    [InlineData("mailto:'Jane@example.com'")]
    [InlineData("mailto:mailto:jane@example.com")]
    [InlineData("jane@\uFF45xample.\uFF43\uFF4F\uFF4D")]
    public void Address_WithWhatALinkHasAroundIt_IsThatAddress(string sent) =>
        Assert.Equal(
            ["email:jane@example.com"],
            IdsOf(Accept($$$"""{"type":"identify","traits":{"email":"{{{sent}}}"}}"""))
        );

    [Fact]
    public void Time_BesideAnImpossibleSentAt_IsTakenAsItIs_AndTheOtherIsNamed()
    {
        Envelope envelope = Accept(
            """{"type":"page","userId":"u","timestamp":"2026-11-20T10:00:00Z","sentAt":"2569-11-25T10:00:00Z"}"""
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), envelope.Timestamp);
        Assert.Equal(["sentAt impossible_time"], envelope.LeftOut.Select(one => $"{one.Field} {one.Reason}"));
    }

    [Theory]
    [InlineData("\"false\"")]
    [InlineData("\"No\"")]
    [InlineData("\"denied\"")]
    [InlineData("0")]
    [InlineData("false")]
    public void No_InWhateverTypeItIsWritten_IsANo(string value) =>
        Assert.Equal(["ads=denied"], Said.Json("segment", $$$"""{"categoryPreferences":{"ads":{{{value}}}}}""", ""));

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("1")]
    [InlineData("\"granted\"")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Yes_InAnotherTypeThanItsOwn_IsNone(string value) =>
        Assert.Empty(Said.Json("segment", $$$"""{"categoryPreferences":{"ads":{{{value}}}}}""", ""));

    [Theory]
    [InlineData("\"ads\"")]
    [InlineData("""{"0":"ads"}""")]
    [InlineData("""[{"id":"ads"}]""")]
    [InlineData("\"[\\\"ads\\\"]\"")]
    public void DeniedIds_ThatNobodyCanRead_LetNothingBeGranted(string denied) =>
        Assert.Empty(
            Said.Json("rudderstack", $$$"""{"allowedConsentIds":["ads","other"],"deniedConsentIds":{{{denied}}}}""", "")
        );

    [Fact]
    public void Change_OfACrmsRecord_BelongsToThatRecord_WhateverAddressStandsInIt()
    {
        Envelope envelope = Accept(
            """
            {"type":"identify","traits":{"email":"shared@x.com","phone":"+14155550132","title":"CEO"},
             "context":{"externalIds":[{"id":"62515:123","type":"hubspot.contact","collection":"users","encoding":"none"}]}}
            """
        );

        Assert.Equal("hubspot.contact:62515:123", envelope.Anchor.ToString());
    }

    [Theory]
    [InlineData("'null'")]
    [InlineData("'undefined'")]
    [InlineData("'[object Object]'")]
    [InlineData("0")]
    [InlineData("true")]
    public void RecordsOfAWebhook_WhoseIdIsWhatSystemsPrintForNone_AreToldApart(string id)
    {
        const string Mapping =
            "'id':'$.id','rules':[{'name':'seen','type':'identify','identifiers':{'email':'$.email'},'fields':{'plan':'$.plan'}}]";

        string One(string plan) =>
            Assert
                .Single(
                    Readings.Envelopes(SourceFiles.Map(Mapping, $"{{'id':{id},'email':'j@x.com','plan':'{plan}'}}"))
                )
                .MessageId;

        Assert.NotEqual(One("p1"), One("p2"));
        Assert.Equal(One("p1"), One("p1"));
    }

    [Fact]
    public void ErasuresOfAWebhook_OfOneIdAndSeveralPeople_AreSeveral()
    {
        const string Mapping =
            "'id':'$.id','rules':[{'name':'gone','type':'forget','identifiers':{'email':'$.email'}}]";

        ErasureCall Of(string email) =>
            Assert.Single(
                Assert
                    .IsType<WebhookTaken>(
                        Assert.Single(SourceFiles.Map(Mapping, $"{{'id':'null','email':'{email}'}}").Value!.Items)
                    )
                    .Erasures
            );

        Assert.NotEqual(Of("a@x.com").Key, Of("b@x.com").Key);
    }

    [Theory]
    [InlineData("'Fri, 27 Nov 2026 09:00:00 GMT'")]
    [InlineData("1795770000")]
    [InlineData("'1795770000000'")]
    [InlineData("'2026-11-27T09:00:00Z'")]
    public void TimeOfAWebhook_IsReadAsThatOfAMessage(string time)
    {
        const string Mapping =
            "'id':'$.id','rules':[{'name':'seen','type':'identify','time':'$.at','identifiers':{'email':'$.email'}}]";

        Envelope envelope = Assert.Single(
            Readings.Envelopes(SourceFiles.Map(Mapping, $"{{'id':'r-1','email':'j@x.com','at':{time}}}"))
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero), envelope.Timestamp);
    }

    private static string OrderId(string id, string messageId) =>
        Assert
            .Single(
                ConversionReader.Read(
                    s_attribution,
                    Accept(
                        $$$"""{"type":"track","event":"Order Completed","messageId":"{{{messageId}}}","userId":"u","properties":{"order_id":{{{id}}},"total":1,"currency":"EUR"}}"""
                    ),
                    new LogPlace(0, 1)
                )
            )
            .Id;

    private static Opportunity? Deal(string id) =>
        OpportunityReader.Read(
            Accept(
                $$$"""{"type":"track","event":"CRM Deal Changed","userId":"u","properties":{"recordId":{{{id}}},"stage":"open"}}"""
            ),
            new LogPlace(0, 1)
        );
}
