using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Tests.Crm.Sources;

public sealed class MappingTests
{
    private const string Paid =
        "'id':'header:X-Event-Id','rules':[{'name':'paid','type':'track','when':{'header:X-Topic':'orders/paid'},"
        + "'event':{'constant':'Order Completed'},'time':'$.created_at','identifiers':{'email':'$.email','shop.customer':'$.customer.id'},"
        + "'fields':{'orderId':'$.id','total':{'path':'$.total_price','type':'money','currency':'$.currency','required':true},"
        + "'lines':{'path':'$.count','type':'number'},'gift':{'path':'$.gift','type':'flag'},'channel':{'constant':'shop'}}}]";

    private const string Order =
        "{'id':9007199254740993,'email':'Jane@X.com','customer':{'id':'c-1'},'created_at':'2026-11-27T10:00:00+01:00',"
        + "'total_price':'199.00','currency':'usd','count':'3','gift':'no','note':null}";

    [Fact]
    public void Read_WhenARuleHolds_MakesItsMessage()
    {
        Outcome<WebhookReading> reading = SourceFiles.Map(
            Paid,
            Order,
            ("X-Topic", "orders/paid"),
            ("X-Event-Id", "e-1")
        );

        Assert.Equal(
            [
                "track [email:Jane@X.com shop.customer:c-1] Order Completed {\"orderId\":\"9007199254740993\","
                    + "\"total\":{\"minor\":19900,\"currency\":\"USD\"},\"lines\":3,\"gift\":false,\"channel\":\"shop\"}",
            ],
            Readings.Of(reading)
        );
        Envelope envelope = Assert.Single(Readings.Envelopes(reading));
        Assert.Equal("shop:e-1:paid", envelope.MessageId);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero), envelope.Timestamp);
    }

    [Fact]
    public void Read_WhenNoRuleHolds_PassesItOver() =>
        Assert.Equal(
            ["skipped no_rule"],
            Readings.Of(SourceFiles.Map(Paid, Order, ("X-Topic", "orders/created"), ("X-Event-Id", "e-1")))
        );

    [Theory]
    [InlineData("'email':'Jane@X.com',", "", "taken")]
    [InlineData("'email':'Jane@X.com','customer':{'id':'c-1'},", "", "faulty names_nobody paid.identifiers")]
    [InlineData("'total_price':'199.00',", "", "faulty member_invalid paid.fields.total")]
    [InlineData("'199.00'", "'199.001'", "faulty member_invalid paid.fields.total")]
    [InlineData("'199.00'", "'a lot'", "faulty member_invalid paid.fields.total")]
    [InlineData("'usd'", "'dollars'", "faulty member_invalid paid.fields.total")]
    [InlineData("'count':'3'", "'count':'three'", "faulty member_invalid paid.fields.lines")]
    [InlineData("'gift':'no'", "'gift':'perhaps'", "faulty member_invalid paid.fields.gift")]
    [InlineData("'gift':'no'", "'gift':''", "taken")]
    [InlineData("'created_at':'2026-11-27T10:00:00+01:00'", "'created_at':'today'", "faulty member_invalid paid.time")]
    [InlineData("'created_at':'2026-11-27T10:00:00+01:00',", "", "taken")]
    public void Read_WhenAValueIsNotWhatItHasToBe_StopsThatRecord(string part, string instead, string outcome)
    {
        Assert.Contains(part, Order, StringComparison.Ordinal);
        string line = Assert.Single(
            Readings.Of(
                SourceFiles.Map(
                    Paid,
                    Order.Replace(part, instead, StringComparison.Ordinal),
                    ("X-Topic", "orders/paid"),
                    ("X-Event-Id", "e-1")
                )
            )
        );

        Assert.Equal(outcome, line.StartsWith("track", StringComparison.Ordinal) ? "taken" : line);
    }

    [Fact]
    public void Read_WithoutAnId_CannotTellARepeatAndTakesNothing() =>
        Assert.Equal(
            ["faulty member_missing id"],
            Readings.Of(SourceFiles.Map(Paid, Order, ("X-Topic", "orders/paid")))
        );

    [Fact]
    public void Read_WhenABodyHasSeveralRecords_ABadOneStopsNoOther()
    {
        Outcome<WebhookReading> reading = SourceFiles.Map(
            "'records':'$.events[*]','id':'body:$.delivery','rules':[{'name':'seen','type':'identify',"
                + "'identifiers':{'email':'$.email'},'fields':{'plan':'$.plan','account':'body:$.account'}}]",
            "{'delivery':'d-1','account':'a','events':[{'email':'a@x.com','plan':'pro'},{'plan':'free'},{'email':'b@x.com'}]}"
        );

        Assert.Equal(
            [
                "identify [email:a@x.com] {\"plan\":\"pro\",\"account\":\"a\"}",
                "faulty names_nobody seen.identifiers",
                "identify [email:b@x.com] {\"account\":\"a\"}",
            ],
            Readings.Of(reading)
        );
        Assert.Equal(
            ["shop:d-1:0:seen", "shop:d-1:2:seen"],
            Readings.Envelopes(reading).Select(envelope => envelope.MessageId)
        );
    }

    [Fact]
    public void Read_WhenSeveralRulesHold_AllCountAndHaveIdsOfTheirOwn()
    {
        Outcome<WebhookReading> reading = SourceFiles.Map(
            "'id':'$.id','rules':[{'name':'person','type':'identify','identifiers':{'email':'$.email'}},"
                + "{'name':'company','type':'group','identifiers':{'email':'$.email'},'group':'$.company'}]",
            "{'id':'1','email':'a@x.com','company':'acme'}"
        );

        Assert.Equal(["identify [email:a@x.com] {}", "group [email:a@x.com] acme {}"], Readings.Of(reading));
        Assert.Equal(["shop:1:person", "shop:1:company"], Readings.Envelopes(reading).Select(one => one.MessageId));
    }

    [Fact]
    public void Read_WhenASkipHolds_NothingElseCounts() =>
        Assert.Equal(
            ["skipped test order"],
            Readings.Of(
                SourceFiles.Map(
                    "'id':'$.id','rules':[{'name':'all','type':'identify','identifiers':{'email':'$.email'}},"
                        + "{'name':'tests','type':'skip','when':{'$.test':'true'},'because':'test order'}]",
                    "{'id':'1','email':'a@x.com','test':true}"
                )
            )
        );

    [Theory]
    [InlineData("'pro'", true)]
    [InlineData("['free','pro']", true)]
    [InlineData("'free'", false)]
    [InlineData("'*'", true)]
    [InlineData("null", false)]
    public void Read_WhenAConditionNamesTexts_OneOfThemHasToStandThere(string condition, bool holds) =>
        Assert.Equal(
            holds ? "identify [email:a@x.com] {}" : "skipped no_rule",
            Assert.Single(
                Readings.Of(
                    SourceFiles.Map(
                        $"'id':'$.id','rules':[{{'name':'a','type':'identify','when':{{'$.plan':{condition}}},'identifiers':{{'email':'$.email'}}}}]",
                        "{'id':'1','email':'a@x.com','plan':'pro'}"
                    )
                )
            )
        );

    [Fact]
    public void Read_WhenIdsOnlyAreSent_EachHasToBeRead() =>
        Assert.Equal(
            ["read Leads 17 Changed", "read Leads 18 Changed"],
            Readings.Of(
                SourceFiles.Map(
                    "'id':'$.channel_id','rules':[{'name':'ids','type':'read','object':'$.module','record':'$.ids[*]'}]",
                    "{'channel_id':'1','module':'Leads','ids':['17','18','17']}"
                )
            )
        );

    [Fact]
    public void Read_WhenAPersonIsToBeForgotten_AsksForIt() =>
        Assert.Equal(
            ["erase email:a@x.com", "erase shop.customer:5"],
            Readings.Of(
                SourceFiles.Map(
                    "'id':'$.id','rules':[{'name':'redact','type':'forget','identifiers':{'email':'$.customer.email','shop.customer':'$.customer.id'}}]",
                    "{'id':'1','customer':{'id':5,'email':'a@x.com'}}"
                )
            )
        );

    [Fact]
    public void Read_WhenValuesStandInAListOfNames_FindsThemByName() =>
        // As Dataverse sends a record.
        Assert.Equal(
            ["identify [email:a@x.com] {\"createdOn\":\"2026-11-27T09:00:00.123Z\"}"],
            Readings.Of(
                SourceFiles.Map(
                    "'id':'$.CorrelationId','rules':[{'name':'lead','type':'identify',"
                        + "'identifiers':{'email':'$.InputParameters[key=Target].value.Attributes[key=emailaddress1].value'},"
                        + "'fields':{'createdOn':{'path':'$.OperationCreatedOn','type':'time','unit':'slashDate'}}}]",
                    "{'CorrelationId':'c','OperationCreatedOn':'/Date(1795770000123+0000)/','InputParameters':[{'key':'x','value':1},"
                        + "{'key':'Target','value':{'Attributes':[{'key':'name','value':'A'},{'key':'emailaddress1','value':'a@x.com'}]}}]}"
                )
            )
        );

    [Theory]
    [InlineData("'type':'list'", "'a; b;;'", "[\"a\",\"b\"]")]
    [InlineData("'type':'list','separator':','", "'a,b'", "[\"a\",\"b\"]")]
    [InlineData("'type':'list'", "['a',7,null]", "[\"a\",\"7\"]")]
    [InlineData("'type':'json'", "{'a':[1.50]}", "{\"a\":[1.50]}")]
    [InlineData("'type':'number'", "1.50", "1.50")]
    [InlineData("'type':'number'", "'1.50'", "1.50")]
    [InlineData("'type':'text'", "true", "\"true\"")]
    [InlineData("'type':'flag'", "1", "true")]
    [InlineData("'type':'time','unit':'seconds'", "1795770000", "\"2026-11-27T09:00:00.000Z\"")]
    [InlineData("'type':'time','unit':'milliseconds'", "'1795770000123'", "\"2026-11-27T09:00:00.123Z\"")]
    [InlineData("'type':'time'", "'2026-11-27'", "\"2026-11-27T00:00:00.000Z\"")]
    [InlineData("'type':'money','unit':'minor','currency':'EUR'", "1999", "{\"minor\":1999,\"currency\":\"EUR\"}")]
    [InlineData("'type':'money','unit':'minor','currency':'JPY'", "500", "{\"minor\":500,\"currency\":\"JPY\"}")]
    [InlineData("'type':'money','currency':'JPY'", "'500'", "{\"minor\":500,\"currency\":\"JPY\"}")]
    [InlineData("'type':'money','currency':'KWD'", "'1.234'", "{\"minor\":1234,\"currency\":\"KWD\"}")]
    [InlineData("'type':'money','currency':'EUR'", "-0.1", "{\"minor\":-10,\"currency\":\"EUR\"}")]
    public void Read_WhenAFieldHasAType_IsWrittenSo(string type, string value, string expected) =>
        Assert.Equal(
            $"identify [email:a@x.com] {{\"f\":{expected}}}",
            Assert.Single(Readings.Of(MapField(type, value)))
        );

    [Theory]
    [InlineData("'type':'time','unit':'seconds'", "99999999999999")]
    [InlineData("'type':'time','unit':'slashDate'", "'1795770000123'")]
    [InlineData("'type':'time','unit':'slashDate'", "'/Date()/'")]
    [InlineData("'type':'money','currency':'JPY'", "'0.5'")]
    [InlineData("'type':'money','currency':'EUR'", "'92233720368547758.08'")]
    [InlineData("'type':'money','currency':'EUR'", "'1e300'")]
    [InlineData("'type':'money','currency':'EUR'", "'1e-3'")]
    [InlineData("'type':'money','currency':'EUR'", "'1,000.00'")]
    [InlineData("'type':'text'", "{}")]
    [InlineData("'type':'list','required':true", "[]")]
    [InlineData("'type':'text','required':true", "null")]
    [InlineData("'type':'text','required':true", "''")]
    public void Read_WhenAFieldIsNotOfItsType_StopsTheRecord(string type, string value) =>
        Assert.Equal("faulty member_invalid a.fields.f", Assert.Single(Readings.Of(MapField(type, value))));

    [Theory]
    [InlineData("")]
    [InlineData("<xml/>")]
    [InlineData("{'other':[]}")]
    [InlineData("{'events':[]}")]
    public void Read_WhenThereIsNoRecord_SaysSo(string body) =>
        Assert.IsType<WebhookUnreadable>(
            SourceFiles
                .Map(
                    "'records':'$.events[*]','id':'$.id','rules':[{'name':'a','type':'identify','identifiers':{'email':'$.email'}}]",
                    body
                )
                .Refusal
        );

    [Theory]
    [InlineData("$")]
    [InlineData("$.a.b")]
    [InlineData("$['a.b'][0].c[*]")]
    [InlineData("$.a[key=x y].value")]
    public void TryParse_WhenAPathIsOne_ReadsIt(string path)
    {
        Assert.True(FieldPath.TryParse(path, out FieldPath? read, out _));
        Assert.Equal(path, read.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("$a")]
    [InlineData("$.")]
    [InlineData("$..a")]
    [InlineData("$.a[")]
    [InlineData("$.a[x]")]
    [InlineData("$.a[=x]")]
    [InlineData("$.a[k=]")]
    [InlineData("$.a[-1]")]
    [InlineData("$.1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21")]
    public void TryParse_WhenAPathIsNone_SaysSo(string path)
    {
        Assert.False(FieldPath.TryParse(path, out _, out string? fault));
        Assert.NotNull(fault);
    }

    private static Outcome<WebhookReading> MapField(string type, string value) =>
        SourceFiles.Map(
            $"'id':'$.id','rules':[{{'name':'a','type':'identify','identifiers':{{'email':'$.email'}},'fields':{{'f':{{'path':'$.f',{type}}}}}}}]",
            $"{{'id':'1','email':'a@x.com','f':{value}}}"
        );
}
