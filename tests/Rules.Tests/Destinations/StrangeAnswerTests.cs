using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>Receivers are strangers: whatever they answer is read without an exception, and nothing of it is kept but words and ids.</summary>
public sealed class StrangeAnswerTests
{
    private static readonly CrmOptions s_contacts = new(
        "contacts",
        "email",
        ImmutableSortedDictionary
            .Create<string, FieldSource>(StringComparer.Ordinal)
            .Add("email", From("identifiers.email"))
            .Add("lifecyclestage", From("traits.stage"))
    );

    /// <summary>Every member that is read, of every kind that JSON has, and some that JSON only just has.</summary>
    private static IEnumerable<(int Status, string Body)> Shapes()
    {
        string[] values =
        [
            "null",
            "true",
            "7",
            "1.5",
            "1e400",
            "123456789012345678901234567890",
            "\"\"",
            "\"text\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "[]",
            "[[]]",
            "[null]",
            "[7]",
            "[{}]",
            "{}",
            "{\"\\udc00\":1}",
        ];
        string[] bodies =
        [
            "$",
            "[$]",
            """{"results":$}""",
            """{"results":[$]}""",
            """{"results":[{"properties":$}]}""",
            """{"results":[{"id":$,"properties":{"email":$,"lifecyclestage":$},"objectWriteTraceId":$}]}""",
            """{"errors":$}""",
            """{"errors":[$]}""",
            """{"errors":[{"category":$,"context":$}]}""",
            """{"errors":[{"category":$,"context":{"objectWriteTraceId":$}}]}""",
            """{"errors":[{"category":$,"context":{"objectWriteTraceId":["ID"]}}]}""",
            """{"policyName":$,"category":$}""",
            """[{"success":$}]""",
            """[{"success":true,"id":$}]""",
            """[{"success":false,"errors":$}]""",
            """[{"success":false,"errors":[$]}]""",
            """[{"success":false,"errors":[{"statusCode":$}]}]""",
            """[{"errorCode":$}]""",
        ];
        return from body in bodies
            from value in values
            from status in (int[])[200, 207, 300, 400, 403, 423, 429, 477, 500]
            select (status, body.Replace("$", value, StringComparison.Ordinal));
    }

    [Fact]
    public void Answers_OfAnyShape_HaveAMeaning()
    {
        OutgoingItem person = Person("c_1", "jane@x.com", ("stage", "\"lead\""));
        foreach ((int status, string body) in Shapes())
        {
            DeliveryAnswer answer = Answer(status, body.Replace("ID", person.Item.Effect.Id, StringComparison.Ordinal));
            foreach (
                ItemAnswer one in (ItemAnswer[])
                    [
                        Assert.Single(HubSpotUpsert.Read(s_contacts, [person], answer)),
                        Assert.Single(SalesforceUpsert.Read([person], answer)),
                    ]
            )
            {
                DeliveryResult result = one.ToResult(person.Item);
                Assert.True(
                    result.Note is null || result.Note.All(letter => letter is > ' ' and < (char)127 or ' '),
                    body
                );
            }
        }
    }

    [Theory]
    [InlineData("jane@x.com is no address")]
    [InlineData("JANE@X.COM")]
    [InlineData("+49 171 1234567")]
    [InlineData("491711234567")]
    [InlineData("Jane Doe")]
    public void Fault_ThatMayNameAPerson_IsNotKept(string said)
    {
        OutgoingItem person = Person("c_1", "jane@x.com");
        string text = System.Text.Json.JsonSerializer.Serialize(said);
        string id = person.Item.Effect.Id;
        ItemAnswer[] answers =
        [
            .. HubSpotUpsert.Read(
                s_contacts,
                [person],
                Answer(207, $$$"""{"errors":[{"category":{{{text}}},"context":{"objectWriteTraceId":["{{{id}}}"]}}]}""")
            ),
            .. HubSpotUpsert.Read(s_contacts, [person], Answer(400, $$"""{"category":{{text}}}""")),
            .. SalesforceUpsert.Read(
                [person],
                Answer(200, $$"""[{"success":false,"errors":[{"statusCode":{{text}}}]}]""")
            ),
            .. SalesforceUpsert.Read([person], Answer(400, $$"""[{"errorCode":{{text}}}]""")),
        ];

        Assert.All(answers, one => Assert.Equal(DeliveryOutcome.Failed, one.Judgement.Outcome));
        Assert.All(answers, one => Assert.Contains(one.Note, (string?[])[null, "UNKNOWN"]));
    }

    [Theory]
    [InlineData("jane@x.com")]
    [InlineData("a record whose name is as long as a sentence, and longer than any id of a record is")]
    public void Record_WhoseIdIsNone_HasNone(string id)
    {
        OutgoingItem person = Person("c_1", "jane@x.com", ("stage", "\"lead\""));
        string body = $$$"""[{"success":true,"id":"{{{id}}}"}]""";
        string results =
            $$$"""{"results":[{"id":"{{{id}}}","properties":{"email":"jane@x.com","lifecyclestage":"{{{id}}}"}}]}""";

        ItemAnswer force = Assert.Single(SalesforceUpsert.Read([person], Answer(200, body)));
        ItemAnswer hub = Assert.Single(HubSpotUpsert.Read(s_contacts, [person], Answer(200, results)));

        Assert.All(
            [force, hub],
            one =>
                Assert.Equal(
                    (DeliveryOutcome.Sent, null, null),
                    (one.Judgement.Outcome, one.RecordId, one.ToResult(person.Item).Note)
                )
        );
    }

    [Fact]
    public void HubSpot_ThatSpeaksOfFewerRecordsThanItWasSent_HasNotTakenTheOthers()
    {
        ImmutableArray<ItemAnswer> answers = HubSpotUpsert.Read(
            s_contacts,
            [Person("c_1", "a@x.com"), Person("c_2", "b@x.com")],
            Answer(200, """{"results":[{"id":"7","properties":{"email":"a@x.com"}}]}""")
        );

        Assert.Equal(
            [(DeliveryOutcome.Sent, ""), (DeliveryOutcome.Retry, "answer_unclear")],
            answers.Select(one => (one.Judgement.Outcome, one.Judgement.Reason))
        );
    }
}
