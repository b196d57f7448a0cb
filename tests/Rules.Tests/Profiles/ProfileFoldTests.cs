using System.Text.Json;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles;

public sealed class ProfileFoldTests
{
    [Fact]
    public void WriteJson_WhenFolded_HasItsShape() =>
        Assert.Equal(
            """
            {"messageCount":2,"first":{"at":"2026-11-22T09:00:00.000Z","messageId":"m1","source":"web","arrival":["2026-11-22T10:00:00.000Z",5,1]},"last":{"at":"2026-11-22T09:01:00.000Z","messageId":"m2","source":"crm","arrival":["2026-11-22T10:00:00.000Z",5,1]},"traits":[{"name":"o","source":"web","value":{"b":[1]},"at":"2026-11-22T09:00:00.000Z","messageId":"m1","arrival":["2026-11-22T10:00:00.000Z",5,1]}],"counters":[{"kind":"identify","name":"","count":1,"firstAt":"2026-11-22T09:00:00.000Z","lastAt":"2026-11-22T09:00:00.000Z"},{"kind":"group","name":"","count":1,"firstAt":"2026-11-22T09:01:00.000Z","lastAt":"2026-11-22T09:01:00.000Z"}],"accounts":[{"groupId":"acme","firstAt":"2026-11-22T09:01:00.000Z","lastAt":"2026-11-22T09:01:00.000Z"}]}
            """,
            Json(
                Of([
                    Message("\"type\":\"identify\",\"traits\":{\"o\":{ \"b\":[1] }}", 0, "web", "m1"),
                    Message("\"type\":\"group\",\"groupId\":\"acme\"", 1, "crm", "m2"),
                ])
            )
        );

    [Fact]
    public void Apply_WhenOlderValueComesAfterRemoval_StaysRemoved()
    {
        ProfileFold fold = Of([
            Message("\"type\":\"identify\",\"traits\":{\"plan\":null}", 5, id: "m2"),
            Message("\"type\":\"identify\",\"traits\":{\"plan\":\"pro\"}", 4, id: "m1"),
        ]);

        Assert.True(fold.Traits[0].IsRemoved);
        Assert.Empty(new TraitWinners(fold, MastershipPolicy.Latest));
    }

    [Fact]
    public void Apply_WhenNamesAreTooLong_FoldsWhatIsLeft()
    {
        string name = new('n', 256);
        ProfileFold fold = Of([
            Message(
                $"\"type\":\"identify\",\"traits\":{{\"{name}\":1,\"big\":\"{new string('b', 8200)}\",\"ok\":1}}",
                id: "m1"
            ),
            Message($"\"type\":\"track\",\"event\":\"{name}\"", id: "m2"),
        ]);

        Assert.Equal(["big", "ok"], fold.Traits.Select(trait => trait.Name));
        Assert.Equal([true, false], fold.Traits.Select(trait => trait.IsTooLong));
        Assert.Equal(["", ""], fold.Counters.Select(counter => counter.Name));
        Assert.False(fold.IsTruncated);
    }

    [Fact]
    public void Apply_WhenMoreTraitsThanKept_KeepsTheSmallestNamesInAnyOrder()
    {
        Events.Messages.Accept("""{"type":"page","userId":"u"}""");
        Rules.Events.Envelope[] messages =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(part =>
                    Message(
                        $"\"type\":\"identify\",\"traits\":{{{string.Join(',', Enumerable.Range(part * 500, 500).Select(number => $"\"t{number:0000}\":{number}"))}}}",
                        part,
                        id: $"m{part}"
                    )
                ),
        ];
        ProfileFold fold = Of(messages);

        Assert.True(fold.IsTruncated);
        Assert.Equal(2000, fold.Traits.Length);
        Assert.Equal("t1999", fold.Traits[^1].Name);
        Assert.Equal(Json(fold), Json(Of(messages.Reverse())));
        Assert.Equal(Json(fold), Json(ProfileFold.Join(Of(messages[3..]), Of(messages[..3]))));
        Assert.True(FromJson(Json(fold)).IsTruncated);
    }

    [Fact]
    public void Join_WhenOneSideIsEmpty_IsTheOther()
    {
        ProfileFold fold = Of([Message("\"type\":\"page\"")]);
        Assert.Same(fold, ProfileFold.Join(fold, ProfileFold.Empty));
        Assert.Same(fold, ProfileFold.Join(ProfileFold.Empty, fold));
    }

    [Fact]
    public void ReadJson_WhenStoreHasReorderedMembers_ReadsThem()
    {
        ProfileFold fold = FromJson(
            """
            { "traits": [ { "at":"2026-11-22T09:00:00Z", "value": { "\u00e9" : [ 1 , 2 ] }, "name":"n", "source":"s", "messageId":"m", "later":{} } ],
              "counters": [ { "count": 1, "kind": "page", "lastAt":"2026-11-22T09:00:00Z", "firstAt":"2026-11-22T09:00:00Z", "name":"" } ],
              "unknown": [ 1 ], "messageCount": 1 }
            """
        );

        Assert.Equal("""{"é":[1,2]}""", Events.Messages.Text(fold.Traits[0].ValueJson));
        Assert.Equal(1, fold.Counters[0].Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"messageCount\":\"x\"}")]
    [InlineData("{\"traits\":{}}")]
    [InlineData("{\"traits\":[{\"name\":\"n\"}]}")]
    [InlineData("{\"counters\":[{}]}")]
    [InlineData("{\"first\":{\"at\":\"never\"}}")]
    [InlineData("{")]
    public void ReadJson_WhenNoFold_ThrowsJsonException(string json) =>
        Assert.ThrowsAny<JsonException>(() => FromJson(json));

    [Fact]
    public void TraitWinners_WhenSourcesDiffer_TakesTheLatest()
    {
        ProfileFold fold = Of([
            Message("\"type\":\"identify\",\"traits\":{\"a\":1,\"b\":1,\"c\":1}", 1, "crm", "m1"),
            Message("\"type\":\"identify\",\"traits\":{\"a\":2,\"b\":null,\"d\":null}", 2, "web", "m2"),
            Message("\"type\":\"identify\",\"traits\":{\"a\":3}", 0, "app", "m3"),
        ]);

        Assert.Equal(
            ["a=2", "c=1"],
            new TraitWinners(fold, MastershipPolicy.Latest).Select(trait =>
                $"{trait.Name}={Events.Messages.Text(trait.ValueJson)}"
            )
        );
        Assert.Equal("web", new TraitWinners(fold, MastershipPolicy.Latest).Find("a")?.Source);
        Assert.Null(new TraitWinners(fold, MastershipPolicy.Latest).Find("b"));
    }
}
