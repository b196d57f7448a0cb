using System.Text;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;

namespace Customer360.Rules.Tests.Crm;

public sealed class WebhookBacklogTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void With_WhenAPartIsRepeated_KeepsItOnce()
    {
        WebhookBacklog backlog = Kept(WebhookBacklog.Empty, Part("a"), Part("b"));

        Assert.Equal(["a", "b"], backlog.Parts.Select(part => part.Id));
        Assert.Same(backlog, backlog.With(new WebhookBacklog([Part("b"), Part("b")], [])));
    }

    [Fact]
    public void With_WhenThereIsNoRoomForAPart_KeepsNothingOfIt()
    {
        WebhookBacklog full = Kept(
            WebhookBacklog.Empty,
            [.. Enumerable.Range(0, WebhookBacklog.PartsMax).Select(number => Part($"p{number}"))]
        );
        WebhookBacklog large = Kept(
            WebhookBacklog.Empty,
            Part("large", new string('x', WebhookBacklog.PartCharactersMax))
        );
        var read = new ReadRequest("contact", "1", ReadReason.Created, s_at);

        Assert.Null(full.With(new WebhookBacklog([Part("more")], [read])));
        Assert.Null(large.With(new WebhookBacklog([Part("more")], [])));
        // What needs no room for parts is kept all the same.
        Assert.Equal([read], full.With(new WebhookBacklog([Part("p0")], [read]))!.Reads.ToArray());
    }

    [Fact]
    public void With_WhenARecordIsAskedForTwice_ItsLatestNoticeCounts()
    {
        ReadRequest created = new("contact", "1", ReadReason.Created, s_at) { Account = "7" };
        ReadRequest deleted = created with { Reason = ReadReason.Deleted, At = s_at.AddSeconds(1) };
        ReadRequest elsewhere = created with { Account = "8" };

        Assert.Equal([deleted, elsewhere], Asked(created, deleted, elsewhere));
        Assert.Equal([deleted], Asked(deleted, created));
    }

    [Fact]
    public void With_WhenTooManyAreAskedFor_AllOfTheKindIsAndNoneIsLost()
    {
        ReadRequest[] many =
        [
            .. Enumerable
                .Range(0, WebhookBacklog.ReadsMax)
                .Select(id => new ReadRequest("contact", $"{id}", ReadReason.Changed, s_at.AddSeconds(id))),
        ];
        ReadRequest deal = new("deal", "1", ReadReason.Changed, s_at);
        ReadRequest all = new("contact", null, ReadReason.Overflow, s_at);

        Assert.Equal(many, Asked(many));
        Assert.Equal([all], Asked([.. many, new ReadRequest("contact", "x", ReadReason.Created, s_at.AddDays(1))]));
        // A single record is part of all of them; and an earlier change moves their beginning.
        Assert.Equal([all, deal], Asked([.. many, all, deal, many[0]]));
        ReadRequest earlier = all with { At = s_at.AddDays(-1) };
        Assert.Equal([earlier], Asked([all, many[0] with { At = s_at.AddDays(-1) }]));
        Assert.Equal([all with { At = null }], Asked([all, many[0] with { At = null }]));
    }

    [Fact]
    public void WithoutPart_WhenItIsThere_TakesItOut()
    {
        WebhookBacklog backlog = Kept(WebhookBacklog.Empty, Part("a"), Part("b"));

        Assert.Equal(["b"], backlog.WithoutPart("a").Parts.Select(part => part.Id));
        Assert.Same(backlog, backlog.WithoutPart("c"));
    }

    [Fact]
    public void Forget_WhenAPartMentionsThePerson_TakesItOut()
    {
        WebhookBacklog backlog = new(
            [
                Part("address", """{"email":"Jane@X.com"}"""),
                Part("record", """{"portalId":62515,"objectId":123456}"""),
                Part("header") with
                {
                    Headers = [new PartHeader("X-User", "jane@x.com")],
                },
                Part("other", """{"email":"maryjane@x.com"}"""),
                Part("neighbour", """{"portalId":62515,"objectId":1234567}"""),
            ],
            [
                new ReadRequest("contact", "123456", ReadReason.Created, s_at) { Account = "62515" },
                new ReadRequest("Contact", "0035e00000BmRkGAAV", ReadReason.Deleted, s_at),
                new ReadRequest("contact", "9", ReadReason.Created, s_at) { Account = "62515" },
            ]
        );

        WebhookBacklog forgotten = backlog.Forget(["jane@x.com", "62515:123456", "0035e00000BmRkGAAV"]);

        Assert.Equal(["other", "neighbour"], forgotten.Parts.Select(part => part.Id));
        Assert.Equal(["9"], forgotten.Reads.Select(read => read.Id));
        Assert.Same(backlog, backlog.Forget(["nobody@x.com"]));
    }

    [Fact]
    public void Json_WhenReadBack_IsTheSame()
    {
        WebhookBacklog backlog = new(
            [
                Part("a", "{\"text\":\"Zoë\\\\\"}") with
                {
                    Place = "objectId",
                    Headers = [new PartHeader("X-Topic", "a/b")],
                },
            ],
            [
                new ReadRequest("contact", "1", ReadReason.Merged, s_at.AddTicks(7)) { Account = "7" },
                new ReadRequest("Lead", null, ReadReason.Overflow, null),
            ]
        );

        ReadOnlyMemory<byte> json = WebhookBacklogJson.Write(backlog);
        WebhookBacklog read = WebhookBacklogJson.Read(json);

        Assert.Equal(Encoding.UTF8.GetString(json.Span), Encoding.UTF8.GetString(WebhookBacklogJson.Write(read).Span));
        Assert.Equal(backlog.Reads.ToArray(), read.Reads.ToArray());
        SetAsidePart part = Assert.Single(read.Parts);
        Assert.Equal((backlog.Parts[0].Body, "objectId"), (part.Body, part.Place));
        Assert.Equal(new PartHeader("X-Topic", "a/b"), Assert.Single(part.Headers));
    }

    private static SetAsidePart Part(string id, string body = "{}") => new(id, "member_missing", null, s_at, body, []);

    private static WebhookBacklog Kept(WebhookBacklog backlog, params SetAsidePart[] parts) =>
        backlog.With(new WebhookBacklog([.. parts], []))!;

    private static ReadRequest[] Asked(params ReadRequest[] reads) =>
        [.. WebhookBacklog.Empty.With(new WebhookBacklog([], [.. reads]))!.Reads];
}
