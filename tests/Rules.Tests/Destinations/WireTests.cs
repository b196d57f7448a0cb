using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What is sent on each wire, and what answers of CRMs mean item by item.</summary>
public sealed class WireTests
{
    private static readonly CrmOptions s_contacts = new(
        "contacts",
        "email",
        Fields(
            ("email", From("identifiers.email")),
            ("plan", From("traits.plan")),
            ("lifecyclestage", From("traits.stage"))
        )
    );

    private static readonly CrmOptions s_leads = new(
        "Lead",
        "C360__c",
        Fields(
            ("C360__c", From("customerId")),
            ("Email", From("identifiers.email")),
            ("Seats__c", From("traits.seats"))
        )
    );

    /// <summary>The specification's own example.</summary>
    [Fact]
    public void Signature_OfTheSpecificationsExample_IsTheSame()
    {
        byte[] key = StandardWebhook.KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;

        var headers = StandardWebhook.Headers(
            [key, key],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            DateTimeOffset.FromUnixTimeSeconds(1614265330),
            "{\"test\": 2432232314}"u8
        );

        const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        Assert.Equal(
            [
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                ("webhook-signature", $"{Signature} {Signature}"),
            ],
            headers.AsEnumerable()
        );
    }

    [Theory]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, and long enough")]
    [InlineData("")]
    public void Secret_ThatIsTooShortOrNoBase64_IsNone(string secret) => Assert.Null(StandardWebhook.KeyOf(secret));

    [Fact]
    public void HubSpot_IsSentEachPersonWithItsTrace()
    {
        byte[] body = HubSpotUpsert.Body(
            s_contacts,
            [Person("c_1", "Jane@X.com", ("plan", "\"pro\"")), Person("c_2", "bob@x.com")]
        );

        using var document = JsonDocument.Parse(body);
        JsonElement[] inputs = [.. document.RootElement.GetProperty("inputs").EnumerateArray()];
        Assert.Equal(["jane@x.com", "bob@x.com"], inputs.Select(one => one.GetProperty("id").GetString()));
        Assert.Equal("email", inputs[0].GetProperty("idProperty").GetString());
        Assert.Equal("pro", inputs[0].GetProperty("properties").GetProperty("plan").GetString());
        Assert.Equal(Changed(customer: "c_2").Effect.Id, inputs[1].GetProperty("objectWriteTraceId").GetString());
        Assert.False(inputs[1].GetProperty("properties").TryGetProperty("plan", out _));
    }

    [Fact]
    public void HubSpot_With207_IsMatchedByTrace_WhateverTheOrder()
    {
        ImmutableArray<OutgoingItem> items =
        [
            Person("c_1", "a@x.com"),
            Person("c_2", "b@x.com"),
            Person("c_3", "c@x.com"),
        ];
        string refused = items[1].Item.Effect.Id;

        ImmutableArray<ItemAnswer> answers = HubSpotUpsert.Read(
            s_contacts,
            items,
            Answer(
                207,
                $$$"""
                {"status":"COMPLETE","results":[{"id":"77","properties":{"email":"c@x.com"}},{"id":"71","properties":{"email":"a@x.com"}}],
                 "numErrors":1,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"b@x.com is bad","context":{"objectWriteTraceId":["{{{refused}}}"]}}]}
                """
            )
        );

        Assert.Equal(
            [DeliveryOutcome.Sent, DeliveryOutcome.Failed, DeliveryOutcome.Sent],
            answers.Select(one => one.Judgement.Outcome)
        );
        Assert.Equal(["71", null, "77"], answers.Select(one => one.RecordId));
        Assert.Equal(("refused_by_crm", "VALIDATION_ERROR"), (answers[1].Judgement.Reason, answers[1].Note));
    }

    [Theory]
    [InlineData("""{"status":"COMPLETE","results":[],"errors":[]}""", "empty_answer")]
    [InlineData("""{}""", "empty_answer")]
    [InlineData("", "answer_unreadable")]
    [InlineData("<html>", "answer_unreadable")]
    [InlineData("""{"results":[{"id":"1"}],"errors":[{"category":"VALIDATION_ERROR"}]}""", "answer_unclear")]
    public void HubSpot_WhoseSuccessSaysNothing_HasTakenNothing(string body, string reason)
    {
        ItemAnswer answer = Assert.Single(
            HubSpotUpsert.Read(s_contacts, [Person("c_1", "a@x.com")], Answer(200, body))
        );

        Assert.Equal((DeliveryOutcome.Retry, reason), (answer.Judgement.Outcome, answer.Judgement.Reason));
    }

    [Fact]
    public void HubSpot_ThatLeavesALaterStage_SaysSo()
    {
        ItemAnswer answer = Assert.Single(
            HubSpotUpsert.Read(
                s_contacts,
                [Person("c_1", "a@x.com", ("stage", "\"lead\""))],
                Answer(200, """{"results":[{"id":"7","properties":{"email":"a@x.com","lifecyclestage":"customer"}}]}""")
            )
        );

        Assert.Equal((DeliveryOutcome.Sent, "lifecyclestage stays customer"), (answer.Judgement.Outcome, answer.Note));
    }

    [Theory]
    [InlineData(429, """{"policyName":"SECONDLY"}""", null, 1)]
    [InlineData(429, """{"policyName":"TEN_SECONDLY_ROLLING"}""", null, 10)]
    [InlineData(429, """{"policyName":"DAILY"}""", null, 3_600)]
    [InlineData(429, "{}", "25", 25)]
    [InlineData(423, "{}", null, 2)]
    [InlineData(477, "{}", "7200", 7_200)]
    public void HubSpot_ThatWantsLess_IsLeftAloneForSoLong(int status, string body, string? retryAfter, int seconds)
    {
        ItemAnswer answer = Assert.Single(
            HubSpotUpsert.Read(s_contacts, [Person("c_1", "a@x.com")], Answer(status, body, retryAfter))
        );

        Assert.Equal(DestinationTurn.Hold, answer.Judgement.Turn);
        Assert.Equal(Noon.AddSeconds(seconds), answer.Judgement.Until);
    }

    [Fact]
    public void HubSpot_ThatRefusesARequest_SaysItOfAll_AndNamesNobody()
    {
        ImmutableArray<ItemAnswer> answers = HubSpotUpsert.Read(
            s_contacts,
            [Person("c_1", "a@x.com"), Person("c_2", "b@x.com")],
            Answer(400, """{"status":"error","category":"VALIDATION_ERROR","message":"a@x.com is no address"}""")
        );

        Assert.All(
            answers,
            one =>
                Assert.Equal(
                    (true, DeliveryOutcome.Failed, "VALIDATION_ERROR"),
                    (one.IsOfRequest, one.Judgement.Outcome, one.Note)
                )
        );
    }

    [Fact]
    public void Salesforce_IsSentRecordsOfOneType()
    {
        byte[] body = SalesforceUpsert.Body(s_leads, [Person("c_1", "a@x.com", ("seats", "3"))]);

        Assert.Equal(
            """{"allOrNone":false,"records":[{"attributes":{"type":"Lead"},"C360__c":"c_1","Email":"a@x.com","Seats__c":3}]}""",
            Encoding.UTF8.GetString(body)
        );
        Assert.Equal("/services/data/v60.0/composite/sobjects/Lead/C360__c", SalesforceUpsert.PathOf(s_leads));
    }

    [Fact]
    public void Salesforce_AnswersInTheOrderOfTheRecords_AlsoWhenAllFailed()
    {
        ImmutableArray<ItemAnswer> answers = SalesforceUpsert.Read(
            [Person("c_1", "a@x.com"), Person("c_2", "b@x.com"), Person("c_3", "c@x.com")],
            Answer(
                200,
                """
                [{"id":"00Q1","success":true,"errors":[],"created":true},
                 {"success":false,"errors":[{"statusCode":"DUPLICATES_DETECTED","message":"b@x.com is there","fields":[]}]},
                 {"success":false,"errors":[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"…","fields":[]}]}]
                """
            )
        );

        Assert.Equal(
            [
                (DeliveryOutcome.Sent, "", null, "00Q1"),
                (DeliveryOutcome.Failed, "refused_by_crm", "DUPLICATES_DETECTED", null),
                (DeliveryOutcome.Retry, "record_locked", "UNABLE_TO_LOCK_ROW", null),
            ],
            answers.Select(one => (one.Judgement.Outcome, one.Judgement.Reason, one.Note, one.RecordId))
        );
    }

    [Theory]
    [InlineData(200, "[]", DeliveryOutcome.Retry, "empty_answer", DestinationTurn.GoOn)]
    [InlineData(300, """["/services/data/x"]""", DeliveryOutcome.Failed, "ambiguous", DestinationTurn.GoOn)]
    [InlineData(
        401,
        """[{"errorCode":"INVALID_SESSION_ID"}]""",
        DeliveryOutcome.Retry,
        "not_authorized",
        DestinationTurn.Pause
    )]
    [InlineData(
        403,
        """[{"errorCode":"REQUEST_LIMIT_EXCEEDED"}]""",
        DeliveryOutcome.Retry,
        "rate_limited",
        DestinationTurn.Hold
    )]
    [InlineData(
        400,
        """[{"errorCode":"UNABLE_TO_LOCK_ROW"}]""",
        DeliveryOutcome.Retry,
        "record_locked",
        DestinationTurn.GoOn
    )]
    [InlineData(400, """[{"errorCode":"INVALID_FIELD"}]""", DeliveryOutcome.Failed, "refused", DestinationTurn.GoOn)]
    [InlineData(503, "", DeliveryOutcome.Retry, "receiver_unavailable", DestinationTurn.GoOn)]
    public void Salesforce_OfAWholeRequest_SaysWhatItMeans(
        int status,
        string body,
        DeliveryOutcome outcome,
        string reason,
        DestinationTurn turn
    )
    {
        ItemAnswer answer = Assert.Single(SalesforceUpsert.Read([Person("c_1", "a@x.com")], Answer(status, body)));

        Assert.Equal(
            (outcome, reason, turn),
            (answer.Judgement.Outcome, answer.Judgement.Reason, answer.Judgement.Turn)
        );
    }

    [Fact]
    public void Csv_QuotesWhatNeedsIt_AndMakesNoFormula()
    {
        var options = new DeliveryFileOptions(
            IsCsv: true,
            [("email", From("identifiers.email")), ("note", From("traits.note"))]
        );

        byte[] file = FileLines.Of(
            options,
            [
                Person("c_1", "a@x.com", ("note", "\"He said \\\"hi\\\", twice\"")),
                Person("c_2", null, ("note", "\"=cmd()\"")),
                Person("c_3", null, ("note", "\"+491711234567\"")),
                Person("c_4", null, ("note", "-12.5")),
                Person("c_5", null, ("note", "\"+1+cmd()\"")),
                Person("c_6", null, ("note", "\"-2+3\"")),
            ]
        );

        Assert.Equal(
            "email,note\r\na@x.com,\"He said \"\"hi\"\", twice\"\r\n,'=cmd()\r\n,+491711234567\r\n,-12.5\r\n,'+1+cmd()\r\n,'-2+3\r\n",
            Encoding.UTF8.GetString(file)
        );
    }

    [Fact]
    public void Manifest_NamesTheFileByWhatIsInIt()
    {
        ImmutableArray<OutgoingItem> items = [Person("c_1", "a@x.com"), Person("c_2", "b@x.com")];

        Assert.Equal(FileManifest.NameOf(items), FileManifest.NameOf([.. items]));
        Assert.NotEqual(FileManifest.NameOf(items), FileManifest.NameOf([items[0]]));
    }

    private static ImmutableSortedDictionary<string, FieldSource> Fields(
        params (string Name, FieldSource Source)[] fields
    ) => fields.ToImmutableSortedDictionary(field => field.Name, field => field.Source, StringComparer.Ordinal);
}
