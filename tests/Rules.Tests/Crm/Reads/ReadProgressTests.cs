using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
using static Customer360.Rules.Tests.Crm.Reads.ReadSteps;

namespace Customer360.Rules.Tests.Crm.Reads;

public sealed class ReadProgressTests
{
    [Fact]
    public void After_WhenARecordWasToldOfSince_ItIsReadAgain()
    {
        ReadRequest taken = Of("contact", "1");
        ReadRequest told = taken with { Reason = ReadReason.Merged, At = At.AddSeconds(1) };
        WebhookBacklog backlog = Backlog(taken, Of("contact", "2")).With(Backlog(told))!;

        WebhookBacklog left = backlog.After(new ReadReport { Finished = [taken, Of("contact", "2")] }, At);

        Assert.Equal([told], left.Reads.AsEnumerable());
        // The same report once more changes no request.
        Assert.Equal(left.Reads.AsEnumerable(), left.After(new ReadReport { Finished = [taken] }, At).Reads);
    }

    [Fact]
    public void After_WhenAllOfAKindWasReadAndSomethingChangedMeanwhile_ThatIsReadBehindIt()
    {
        ReadRequest all = Of("contact", null, ReadReason.Overflow);
        WebhookBacklog begun = Backlog(all).Begun();
        WebhookBacklog told = begun
            .With(Backlog(Of("contact", "1") with { At = At.AddSeconds(9) }, Of("deal", "5")))!
            .With(Backlog(Of("contact", "2") with { At = At.AddSeconds(5) }))!;

        WebhookBacklog left = told.After(new ReadReport { Finished = [all] }, At);

        Assert.Equal([Of("deal", "5"), all with { At = At.AddSeconds(5) }], left.Reads.AsEnumerable());
        Assert.Empty(left.Progress.Cursors);
        Assert.Empty(begun.After(new ReadReport { Finished = [all] }, At).Reads);
        Assert.Same(begun, begun.Begun());
    }

    [Fact]
    public void After_APageOfAll_OthersComeFirst()
    {
        ReadRequest all = Of("contact", null, ReadReason.Overflow);
        WebhookBacklog backlog = Backlog(all, Of("deal", "5")).Begun();

        WebhookBacklog left = backlog.After(new ReadReport { Cursor = new ReadCursor(all, "100", null) }, At);

        Assert.Equal([Of("deal", "5"), all], left.Reads.AsEnumerable());
        Assert.Equal("100", Assert.Single(left.Progress.Cursors).Next);
    }

    [Fact]
    public void After_ARefusal_AsksForFewerAtOnceUntilItGoesWell()
    {
        ReadReport refused = new() { Failure = new ReadFailure(ReadFault.RequestRefused) };
        ReadProgress progress = ReadProgress.None.After(refused, At);
        Assert.Equal((50, 1), (progress.Batch, progress.FailuresInARow));

        for (int times = 0; times < 10; times++)
        {
            progress = progress.After(refused, At);
        }

        Assert.Equal(1, progress.Batch);
        progress = progress.After(new ReadReport(), At);
        Assert.Equal((2, 0, null), (progress.Batch, progress.FailuresInARow, progress.Fault));
    }

    [Fact]
    public void After_ARefusedToken_NothingIsDueUntilARestart()
    {
        ReadProgress stopped = ReadProgress.None.After(
            new ReadReport { Failure = new ReadFailure(ReadFault.TokenRefused) },
            At
        );

        Assert.False(stopped.IsDue(At.AddYears(1)));
        Assert.True(stopped.Restarted().IsDue(At));
        ReadProgress waiting = ReadProgress.None.After(
            new ReadReport { Failure = new ReadFailure(ReadFault.Unavailable) },
            At
        );
        Assert.Equal((false, true), (waiting.IsDue(At), waiting.IsDue(At.AddSeconds(1))));
        // A limit of the CRM does not end with a restart.
        Assert.Same(waiting, waiting.Restarted());
    }

    [Fact]
    public void WithRefused_WhenAPolicyRefusesMessages_AsksForThoseRecordsAgain()
    {
        ReadStep step = Next(Rules.Crm.Sources.SourceKind.HubSpot, Backlog(Of("contact", "1"), Of("contact", "2")))!
            .Answered(200, $$"""{"results":[{{Record("1")}},{{Record("2")}}]}""");
        string refused = step.Findings[1].Messages[0].MessageId;

        ReadReport report = step.WithRefused(
            new HashSet<string>(StringComparer.Ordinal) { refused },
            "no_user_anon_id"
        );

        Assert.Equal(["contact 1"], Ids(report.Finished));
        Assert.Equal(["contact 2"], Ids(report.Later));
        Assert.Equal((ReadFault.MessageRefused, "no_user_anon_id"), (report.Failure!.Fault, report.Failure.Code));
    }

    [Fact]
    public void Json_WhenReadBack_IsTheSame()
    {
        ReadRequest all = Of("contact", null, ReadReason.Overflow);
        ReadReport report = new()
        {
            Finished = [Of("contact", "1")],
            Later = [Of("contact", "2") with { At = null }],
            More = [Of("contact", "3")],
            Cursor = new ReadCursor(all, "100", At),
            Failure = new ReadFailure(ReadFault.DailyLimitReached)
            {
                Code = "DAILY",
                RetryAfter = TimeSpan.FromSeconds(3),
                Window = TimeSpan.FromSeconds(10),
                UtcOffset = TimeSpan.FromHours(-5),
            },
            Rest = TimeSpan.FromMinutes(1),
        };
        WebhookBacklog backlog = Backlog(all, Of("deal", "5")).Begun().After(report, At);

        ReadReport read = ReadJson.ReadReport(ReadJson.Write(report));
        WebhookBacklog kept = WebhookBacklogJson.Read(WebhookBacklogJson.Write(backlog));

        Assert.Equal((report.Failure, report.Rest, report.Cursor), (read.Failure, read.Rest, read.Cursor));
        Assert.Equal(report.Finished.AsEnumerable(), read.Finished);
        Assert.Equal(report.Later.AsEnumerable(), read.Later);
        Assert.Equal(report.More.AsEnumerable(), read.More);
        Assert.Equal(backlog.Reads.AsEnumerable(), kept.Reads);
        Assert.Equal(backlog.Progress with { Cursors = kept.Progress.Cursors }, kept.Progress);
        Assert.Equal(backlog.Progress.Cursors.AsEnumerable(), kept.Progress.Cursors);
    }

    private static string Record(string id) =>
        $$"""{"id":"{{id}}","properties":{"firstname":"Jane"},"updatedAt":"2026-11-27T08:59:00Z","archived":false}""";
}
