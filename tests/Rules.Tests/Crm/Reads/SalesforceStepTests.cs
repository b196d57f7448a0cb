using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
using Customer360.Rules.Crm.Sources;
using static Customer360.Rules.Tests.Crm.Reads.ReadSteps;

namespace Customer360.Rules.Tests.Crm.Reads;

public sealed class SalesforceStepTests
{
    private const string Winner = "003500000000001AAA";
    private const string Loser = "003500000000002AAA";

    [Fact]
    public void Plan_WhenTheFieldsAreNotKnown_AsksForThem()
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Winner)), CrmKnowledge.None)!;

        Assert.Equal("/services/data/v60.0/sobjects/Contact/describe", step.Call!.Path);
        step = step.Answered(200, """{"fields":[{"name":"Id"},{"name":"Email"}]}""");
        Assert.Equal(["Email", "Id"], step.Knowledge!.Fields["Contact"].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plan_WhenRecordsAreAskedFor_AsksForDeletedOnesToo()
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Winner), Of("Contact", "'; DROP")))!;

        Assert.Equal(
            "/services/data/v60.0/queryAll?q=SELECT Id,IsDeleted,SystemModstamp,MasterRecordId,FirstName FROM Contact "
                + $"WHERE Id IN ('{Winner}') ORDER BY Id",
            Uri.UnescapeDataString(step.Call!.Path)
        );
        Assert.Equal(["Contact '; DROP"], Ids(step.Report.Finished));
    }

    [Fact]
    public void Step_WhenARecordWasMerged_LinksItAndReadsTheWinner()
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Loser, ReadReason.Deleted)))!
            .Answered(200, Page(Record(Loser, $"\"IsDeleted\":true,\"MasterRecordId\":\"{Winner}\"")));

        Assert.Equal(
            [
                $"identify salesforce:{Loser}:2026-11-27T08:59:00.000Z:merged [salesforce.contact:{Winner} salesforce.contact:{Loser}] ",
            ],
            Messages(step)
        );
        Assert.Equal([$"Contact {Winner}"], Ids(step.Report.More));
        // Records that name each other as masters would never end.
        step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Winner, ReadReason.Merged)))!
            .Answered(200, Page(Record(Winner, $"\"IsDeleted\":true,\"MasterRecordId\":\"{Loser}\"")));
        Assert.Empty(step.Report.More);
    }

    [Theory]
    [InlineData(ReadReason.Deleted, 0)]
    [InlineData(ReadReason.Gap, 1)]
    public void Step_WhenARecordWasDeleted_SaysSoUnlessItsNoticeDid(ReadReason reason, int messages)
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Loser, reason)))!
            .Answered(200, Page(Record(Loser, "\"IsDeleted\":true,\"MasterRecordId\":null")));

        Assert.Equal(messages, Messages(step).Length);
        Assert.Equal([$"Contact {Loser}"], Ids(step.Report.Finished));
    }

    [Fact]
    public void Step_WhenARecordIsForgotten_EndsItsRequest()
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Loser)))!.Answered(200, Page());

        Assert.Empty(Messages(step));
        Assert.Equal([$"Contact {Loser}"], Ids(step.Report.Finished));
    }

    [Fact]
    public void Step_OfAllRecords_GoesOnWithTheNextPageAndBeginsAnewWhenItIsForgotten()
    {
        WebhookBacklog backlog = Backlog(Of("Contact", null, ReadReason.Overflow)).Begun();
        ReadStep step = Next(SourceKind.Salesforce, backlog)!;
        Assert.Contains(
            "WHERE SystemModstamp >= 2026-11-27T08:45:00Z",
            Uri.UnescapeDataString(step.Call!.Path),
            StringComparison.Ordinal
        );
        step = step.Answered(
            200,
            $$"""{"done":false,"nextRecordsUrl":"/services/data/v60.0/query/01g-2000","records":[{{Record(Winner, "\"FirstName\":\"Jane\"")}}]}"""
        );
        Assert.Single(Messages(step));

        backlog = backlog.After(step.Report, At);
        step = Next(SourceKind.Salesforce, backlog)!;
        Assert.Equal("/services/data/v60.0/query/01g-2000", step.Call!.Path);
        ReadStep forgotten = step.Answered(400, """[{"errorCode":"INVALID_QUERY_LOCATOR","message":"?"}]""");
        Assert.Contains(
            "SystemModstamp",
            Next(SourceKind.Salesforce, backlog.After(forgotten.Report, At))!.Call!.Path,
            StringComparison.Ordinal
        );
        Assert.Equal(["Contact *"], Ids(step.Answered(200, Page()).Report.Finished));
    }

    [Theory]
    [InlineData("https://evil.example.com/x")]
    [InlineData("//evil.example.com/x")]
    [InlineData("/services/data/v60.0/../../x")]
    [InlineData("/services/data/v60.0/query/x?y=z")]
    public void Step_WhenThePageIsSomewhereElse_DoesNotGoThere(string locator)
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", null, ReadReason.Gap)).Begun())!
            .Answered(200, $$"""{"done":false,"nextRecordsUrl":"{{locator}}","records":[]}""");

        Assert.Equal(ReadFault.AnswerUnreadable, step.Report.Failure!.Fault);
        Assert.Null(step.Report.Cursor);
    }

    [Theory]
    [InlineData(401, "INVALID_SESSION_ID", ReadFault.TokenRefused)]
    [InlineData(403, "REQUEST_LIMIT_EXCEEDED", ReadFault.DailyLimitReached)]
    [InlineData(403, "INSUFFICIENT_ACCESS", ReadFault.PermissionMissing)]
    [InlineData(400, "INVALID_FIELD", ReadFault.RequestRefused)]
    [InlineData(400, "UNABLE_TO_LOCK_ROW", ReadFault.Locked)]
    [InlineData(503, "SERVER_UNAVAILABLE", ReadFault.Unavailable)]
    public void Step_WhenItFails_SaysWhy(int status, string code, ReadFault fault)
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Loser)))!
            .Answered(status, $$"""[{"errorCode":"{{code}}","message":"jane@x.com"}]""");

        Assert.Equal((fault, code), (step.Report.Failure!.Fault, step.Report.Failure.Code));
        Assert.Equal([$"Contact {Loser}"], Ids(step.Report.Later));
    }

    [Fact]
    public void Step_WhenTheCallsOfTheDayAreNearlyUsedUp_Rests()
    {
        ReadStep step = Next(SourceKind.Salesforce, Backlog(Of("Contact", Loser)))!;

        Assert.NotNull(step.Answered(200, Page(), ("Sforce-Limit-Info", "api-usage=4600/5000")).Report.Rest);
        Assert.Null(step.Answered(200, Page(), ("Sforce-Limit-Info", "api-usage=18/5000")).Report.Rest);
    }

    private static string Page(params string[] records) =>
        $$"""{"totalSize":{{records.Length}},"done":true,"records":[{{string.Join(',', records)}}]}""";

    private static string Record(string id, string fields) =>
        $$"""{"attributes":{"type":"Contact"},"Id":"{{id}}","SystemModstamp":"2026-11-27T08:59:00.000+0000",{{fields}} }""";
}
