using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Tests.Decisions;

/// <summary>What is stored stays readable, and what is written is what is read.</summary>
public sealed class DecisionPayloadTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly Identifier s_one = Identifier.Parse("email:a@x.example");
    private static readonly Identifier s_other = Identifier.Parse("anonymous_id:b");

    /// <summary>One of each kind, letter by letter as the release of 26 November 2026 stored it.</summary>
    public static TheoryData<string, string> Stored =>
        new()
        {
            {
                DecisionKinds.Created,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"no identifier of the message was known","identifiers":["email:a@x.example","anonymous_id:b"]}"""
            },
            {
                DecisionKinds.Linked,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"the whole log, decided by these rules, says so","jobId":"j_1","identifiers":["email:a@x.example"]}"""
            },
            {
                DecisionKinds.Merged,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"the message carries identifiers of both and every limit allows it","identifiers":["anonymous_id:b"]}"""
            },
            {
                DecisionKinds.Refused,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"together they would have broken a limit","identifiers":["anonymous_id:b"],"reason":"over_limit","mergeId":"d_1"}"""
            },
            {
                DecisionKinds.Demoted,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"the limit of email would have been broken","identifiers":["email:a@x.example"]}"""
            },
            {
                DecisionKinds.Split,
                """{"ruleVersion":"0a1b2c3d4e5f","because":"a merge was taken back","reason":"wrong person","by":"steward","separationId":"s_1","undoneMergeId":"d_1","identifiers":["anonymous_id:b"]}"""
            },
            {
                DecisionKinds.Unlinked,
                """{"ruleVersion":"0a1b2c3d4e5f","because":"a cut-over was rolled back","jobId":"j_1","identifiers":["anonymous_id:b"]}"""
            },
            {
                DecisionKinds.Quarantined,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"it came with 51 different anchors, and 50 are allowed","identifiers":["anonymous_id:b"]}"""
            },
            {
                DecisionKinds.Released,
                """{"messageId":"m1","source":"web","ruleVersion":"0a1b2c3d4e5f","because":"its quarantine was ended on request","identifiers":["anonymous_id:b"]}"""
            },
        };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Read_OfAStoredText_LosesNothing(string kind, string text)
    {
        DecisionPayload payload = Read(text);

        Assert.Equal("0a1b2c3d4e5f", payload.RuleVersion);
        Assert.NotNull(payload.Because);
        Assert.NotEmpty(payload.Identifiers);
        Assert.Equal(Members(text), Members(Encoding.UTF8.GetString(payload.Write())));
        Assert.Contains(kind, Kinds());
    }

    [Fact]
    public void Stored_HasATextOfEachKind() =>
        Assert.Equal(
            Kinds().Order(StringComparer.Ordinal),
            Stored.Select(row => (string)row[0]).Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("""{"map":{"a":1},"because":7,"identifiers":"none"}""")]
    [InlineData("""{"identifiers":[7,"no identifier"]}""")]
    [InlineData("[]")]
    public void Read_OfWhatANewerReleaseWrote_LeavesOutWhatItDoesNotKnow(string text)
    {
        DecisionPayload payload = Read(text);

        Assert.Null(payload.Because);
        Assert.Empty(payload.Identifiers);
        Assert.False(payload.Mentions([s_one]));
    }

    [Fact]
    public void Records_AreOfTheKindsOfTheList_AndReadAsTheyWereWritten()
    {
        foreach (DecisionRecord record in Records())
        {
            DecisionPayload payload = DecisionPayload.Read(record.Payload);

            Assert.Contains(record.Kind, Kinds());
            Assert.Equal(34, record.Id.Length);
            Assert.Equal(Encoding.UTF8.GetString(payload.Write()), Encoding.UTF8.GetString(record.Payload.Span));
            Assert.True(payload.Mentions([s_one]) || payload.Mentions([s_other]));
        }
    }

    [Fact]
    public void Records_OfTheSameCause_HaveTheSameId() =>
        Assert.Equal(Records().Select(record => record.Id), Records().Select(record => record.Id));

    /// <summary>Ids are stored, and a step that an older release began must find its record.</summary>
    [Fact]
    public void Ids_AreThoseOfBefore()
    {
        Assert.Equal("d_a1061429f69aeaf13d3af7e01a41f846", DecisionId.OfMerge("c_1", "c_2", "m1"));
        Assert.Equal("s_002ce545bdd333880c6294fe0ce2f79f", DecisionId.OfSeparation("d_1"));
    }

    private static DecisionRecord[] Records()
    {
        var cause = new LinkCause("m1", "web", s_now, "v", JobId: null);
        var merge = new MergeUnderWay("c_1", DecisionId.OfMerge("c_1", "c_2", "m1"), "m1", "web", s_now, "v", []);
        var split = new SplitUnderWay(DecisionId.Of("x"), "c_1", [s_other], null, "why", "steward", s_now, null);
        var quarantine = new QuarantineUnderWay(s_now, 51, "m1", "web", "v");
        ImmutableArray<Identifier> both = [s_one, s_other];
        return
        [
            DecisionRecords.Linked(created: true, "c_1", both, cause),
            DecisionRecords.Linked(created: false, "c_1", both, cause with { JobId = "j_1" }),
            DecisionRecords.Merged("c_1", "c_2", merge, both),
            DecisionRecords.Refused("c_1", "c_2", merge, MergeRefusal.OverLimit, both, "v"),
            DecisionRecords.Split(split.SplitId, "c_1", "c_3", split, new Separation("s_1", [s_other], [s_one]), "v"),
            DecisionRecords.KeptApart("c_1", s_one, s_other, "c_2", cause, "regions"),
            DecisionRecords.Unlinked("c_1", both, "j_1", s_now, "v"),
            DecisionRecords.Quarantined(s_other, "c_1", quarantine, 0, 50),
            DecisionRecords.Released(s_other, owner: null, quarantine, 1, s_now),
        ];
    }

    private static string[] Kinds() =>
        [
            .. typeof(DecisionKinds)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (string)field.GetRawConstantValue()!),
        ];

    private static DecisionPayload Read(string text) => DecisionPayload.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The members, in any order: PostgreSQL keeps none.</summary>
    private static string[] Members(string text)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return
        [
            .. json
                .RootElement.EnumerateObject()
                .Select(member => $"{member.Name}={member.Value.GetRawText()}")
                .Order(StringComparer.Ordinal),
        ];
    }
}
