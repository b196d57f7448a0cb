using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
using Customer360.Rules.Crm.Sources;
using static Customer360.Rules.Tests.Crm.Reads.ReadSteps;

namespace Customer360.Rules.Tests.Crm.Reads;

public sealed class HubSpotStepTests
{
    private const string Jane =
        """{"id":"1","properties":{"firstname":"Jane","jobtitle":null,"phone":"","city":"REDACTED"},"updatedAt":"2026-11-27T08:59:00Z","archived":false}""";

    private const string JaneRead =
        "identify hubspot:7:contact:1:2026-11-27T08:59:00.000Z:read [hubspot.contact:7:1] firstName=\"Jane\"";

    [Fact]
    public void Plan_WhenTheAccountIsNotKnown_AsksForIt()
    {
        ReadStep step = Plan(CrmKnowledge.None, Of("contact", "1"));

        Assert.Equal("/account-info/v3/details", step.Call!.Path);
        step = step.Answered(200, """{"portalId":7,"utcOffsetMilliseconds":-18000000}""");
        Assert.Equal(("7", TimeSpan.FromHours(-5)), (step.Knowledge!.Account, step.Knowledge.UtcOffset));
        Assert.Null(step.Call);
    }

    [Fact]
    public void Plan_WhenThereAreSeveralKinds_TakesTheFirstOnesOfOneKindAndAccount()
    {
        ReadStep step = Plan(
            Known,
            Of("deal", "9") with
            {
                Account = "8",
            },
            Of("contact", "1"),
            Of("company", "2"),
            Of("contact", "3")
        );

        Assert.Equal("/crm/v3/objects/contacts/batch/read?archived=false", step.Call!.Path);
        Assert.Contains("\"inputs\":[{\"id\":\"1\"},{\"id\":\"3\"}]", BodyOf(step), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_WhenThereAreMany_TakesAsManyAsOneCallDoes()
    {
        WebhookBacklog backlog = Backlog([.. Enumerable.Range(1, 250).Select(id => Of("contact", $"{id}"))]);
        WebhookBacklog careful = backlog with { Progress = backlog.Progress with { Batch = 3 } };

        Assert.EndsWith("{\"id\":\"100\"}]}", BodyOf(Next(SourceKind.HubSpot, backlog)!), StringComparison.Ordinal);
        Assert.EndsWith("{\"id\":\"3\"}]}", BodyOf(Next(SourceKind.HubSpot, careful)!), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_WhenAKindIsNotRead_EndsItsRequests()
    {
        ReadStep step = Plan(Known, Of("contact", "1"), Of("ticket", "2"));

        Assert.Null(step.Call);
        Assert.Equal(["ticket 2"], Ids(step.Report.Finished));
    }

    [Fact]
    public void Step_WhenAllAreThere_SaysWhatTheyHoldAndLeavesEmptyValuesOut()
    {
        ReadStep step = Plan(Known, Of("contact", "1")).Answered(200, $$"""{"results":[{{Jane}}]}""");

        Assert.Null(step.Call);
        Assert.Equal([JaneRead], Messages(step));
        Assert.Equal(["contact 1"], Ids(step.Report.Finished));
        Assert.Null(step.Report.Failure);
    }

    [Fact]
    public void Step_WhenSomeAreMissing_AsksForArchivedOnesAndThenOneByOne()
    {
        ReadStep step = Plan(Known, Of("contact", "1"), Of("contact", "2"), Of("contact", "3"), Of("contact", "4"))
            .Answered(207, $$"""{"results":[{{Jane}}],"errors":[{{Missing("2", "3", "4")}}]}""");
        Assert.Equal("/crm/v3/objects/contacts/batch/read?archived=true", step.Call!.Path);
        Assert.Contains(
            "\"inputs\":[{\"id\":\"2\"},{\"id\":\"3\"},{\"id\":\"4\"}]",
            BodyOf(step),
            StringComparison.Ordinal
        );

        step = step.Answered(
            207,
            $$"""
            {"results":[{"id":"2","properties":{},"updatedAt":"2026-11-27T08:00:00Z","archived":true,"archivedAt":"2026-11-27T08:30:00Z"}],
            "errors":[{{Missing("3", "4")}}]}
            """
        );
        Assert.StartsWith("/crm/v3/objects/contacts/3?properties=", step.Call!.Path, StringComparison.Ordinal);
        step = step.Answered(404, """{"status":"error","message":"resource not found"}""");
        Assert.StartsWith("/crm/v3/objects/contacts/4?properties=", step.Call!.Path, StringComparison.Ordinal);
        step = step.Answered(
            200,
            """{"id":"900","properties":{"firstname":"Jill"},"updatedAt":"2026-11-27T08:58:00Z","archived":false}"""
        );

        Assert.Null(step.Call);
        Assert.Equal(
            [
                JaneRead,
                "track hubspot:7:contact:2:2026-11-27T08:30:00.000Z:deleted [hubspot.contact:7:2] CRM Contact DeletedrecordId=\"2\"",
                "identify hubspot:7:contact:900:2026-11-27T08:58:00.000Z:read [hubspot.contact:7:900 hubspot.contact:7:4] firstName=\"Jill\"",
            ],
            Messages(step)
        );
        Assert.Equal(
            ["contact 1", "contact 2", "contact 3", "contact 4"],
            Ids(step.Report.Finished).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Step_WhenHubSpotRefusesOneForAnotherReason_DoesNotTakeItForGone()
    {
        ReadStep step = Plan(Known, Of("contact", "1"), Of("contact", "2"))
            .Answered(
                207,
                $$"""{"results":[{{Jane}}],"errors":[{"status":"error","category":"VALIDATION_ERROR","context":{"ids":["2"]} } ] }"""
            );

        Assert.Null(step.Call);
        Assert.Equal(["contact 1"], Ids(step.Report.Finished));
        Assert.Equal(["contact 2"], Ids(step.Report.Later));
        Assert.Equal(
            (ReadFault.RequestRefused, "VALIDATION_ERROR"),
            (step.Report.Failure!.Fault, step.Report.Failure.Code)
        );
    }

    [Fact]
    public void Step_WhenAPageOfAProxySaysNotFound_DoesNotTakeTheRecordForGone()
    {
        ReadStep step = Plan(Known, Of("contact", "3"))
            .Answered(207, $$"""{"results":[],"errors":[{{Missing("3")}}]}""")
            .Answered(200, """{"results":[]}""");

        Assert.Equal(ReadFault.AnswerUnreadable, step.Answered(404, "<html>").Report.Failure!.Fault);
        Assert.Equal(ReadFault.Unavailable, step.Answered(404, "{}").Report.Failure!.Fault);
        Assert.Empty(step.Answered(404, "{}").Report.Finished);
    }

    [Theory]
    [InlineData(401, """{"category":"INVALID_AUTHENTICATION"}""", ReadFault.TokenRefused, "INVALID_AUTHENTICATION")]
    [InlineData(403, """{"category":"MISSING_SCOPES"}""", ReadFault.PermissionMissing, "MISSING_SCOPES")]
    [InlineData(400, """{"category":"jane@x.com","message":"jane@x.com"}""", ReadFault.RequestRefused, null)]
    [InlineData(429, """{"policyName":"DAILY"}""", ReadFault.DailyLimitReached, "DAILY")]
    [InlineData(429, "<html>", ReadFault.LimitReached, null)]
    [InlineData(477, "{}", ReadFault.Locked, null)]
    [InlineData(502, "", ReadFault.Unavailable, null)]
    [InlineData(301, "", ReadFault.Redirected, null)]
    [InlineData(200, "[]", ReadFault.AnswerUnreadable, null)]
    [InlineData(200, """{"status":"COMPLETE"}""", ReadFault.AnswerUnreadable, null)]
    public void Step_WhenItFails_SaysWhyWithoutAWordOfTheAnswer(int status, string body, ReadFault fault, string? code)
    {
        ReadStep step = Plan(Known, Of("contact", "1")).Answered(status, body);

        Assert.Null(step.Call);
        Assert.Equal((fault, code), (step.Report.Failure!.Fault, step.Report.Failure.Code));
        Assert.Empty(step.Report.Finished);
        Assert.Equal(["contact 1"], Ids(step.Report.Later));
    }

    [Fact]
    public void Step_WhenOthersNeedWhatIsLeftOfALimit_Rests()
    {
        ReadStep step = Plan(Known, Of("contact", "1"))
            .Answered(
                200,
                $$"""{"results":[{{Jane}}]}""",
                ("x-hubspot-ratelimit-max", "100"),
                ("x-hubspot-ratelimit-remaining", "9"),
                ("x-hubspot-ratelimit-interval-milliseconds", "10000")
            );

        Assert.Equal(TimeSpan.FromSeconds(10), step.Report.Rest);
        Assert.Equal(["contact 1"], Ids(step.Report.Finished));
    }

    [Fact]
    public void Step_WhenALimitStaysNearlyReached_ComesToItsEndAllTheSame()
    {
        (string, string)[] nearly =
        [
            ("X-HubSpot-RateLimit-Max", "100"),
            ("X-HubSpot-RateLimit-Remaining", "1"),
            ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
        ];
        ReadStep step = Plan(Known, Of("contact", "3"))
            .Answered(200, """{"results":[]}""", nearly)
            .Answered(200, """{"results":[]}""", nearly)
            .Answered(404, """{"status":"error"}""", nearly);

        Assert.Equal(["contact 3"], Ids(step.Report.Finished));
        Assert.NotNull(step.Report.Rest);
    }

    [Fact]
    public void Step_WhenItHasMadeManyCalls_LeavesTheRestToTheNext()
    {
        ReadStep step = Plan(Known, [.. Enumerable.Range(1, 50).Select(id => Of("contact", $"{id}"))])
            .Answered(200, """{"results":[]}""")
            .Answered(200, """{"results":[]}""");
        int calls = 2;
        for (; step.Call is not null; calls++)
        {
            step = step.Answered(404, """{"status":"error"}""");
        }

        Assert.Equal((20, 18, 32), (calls, step.Report.Finished.Length, step.Report.Later.Length));
    }

    [Fact]
    public void Step_OfAllRecords_GoesOnBehindTheLastIdOfAPage()
    {
        WebhookBacklog backlog = Backlog(Of("contact", null, ReadReason.Overflow)).Begun();
        ReadStep step = Next(SourceKind.HubSpot, backlog)!
            .Answered(200, $$"""{"results":[{{Jane}}],"paging":{"next":{"after":"100"} } }""");
        Assert.Equal([JaneRead], Messages(step));
        Assert.Equal("1", step.Report.Cursor!.Next);

        step = Next(SourceKind.HubSpot, backlog.After(step.Report, At))!;
        Assert.Contains(
            "{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\",\"value\":\"1\"}",
            BodyOf(step),
            StringComparison.Ordinal
        );
        step = step.Answered(200, """{"results":[]}""");
        Assert.Equal(["contact *"], Ids(step.Report.Finished));
    }

    [Fact]
    public void Step_OfADeal_TellsEachWhoTakesPartByItself()
    {
        ReadStep step = Plan(Known, Of("deal", "5"))
            .Answered(
                200,
                """{"results":[{"id":"5","properties":{"amount":"12"},"updatedAt":"2026-11-27T08:00:00Z","archived":false}]}"""
            );
        Assert.Equal("/crm/v4/associations/deals/contacts/batch/read", step.Call!.Path);
        Assert.Empty(step.Answered(503, "").Report.Finished);
        step = step.Answered(200, """{"results":[{"from":{"id":"5"},"to":[{"toObjectId":1},{"toObjectId":2}]}]}""");
        Assert.Equal("/crm/v4/associations/deals/companies/batch/read", step.Call!.Path);
        step = step.Answered(207, """{"results":[],"errors":[{"category":"OBJECT_NOT_FOUND"}]}""");

        Assert.Equal(
            [
                "track hubspot:7:deal:5:2026-11-27T08:00:00.000Z:read:hubspot.contact:7:1 [hubspot.contact:7:1] CRM Deal ChangedrecordId=\"5\" amount=\"12\"",
                "track hubspot:7:deal:5:2026-11-27T08:00:00.000Z:read:hubspot.contact:7:2 [hubspot.contact:7:2] CRM Deal ChangedrecordId=\"5\" amount=\"12\"",
            ],
            Messages(step)
        );
        Assert.Equal(["deal 5"], Ids(step.Report.Finished));
    }

    private static ReadStep Plan(CrmKnowledge known, params ReadRequest[] reads) =>
        Next(SourceKind.HubSpot, Backlog(reads), known)!;

    private static string Missing(params string[] ids) =>
        $$"""{"status":"error","category":"OBJECT_NOT_FOUND","context":{"ids":[{{string.Join(',', ids.Select(id => $"\"{id}\""))}}]} }""";
}
