using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>A message is taken as it stands only where rewriting it would change nothing.</summary>
public sealed class CanonicalScanTests
{
    private static readonly Gen<string> s_loose = Gen.OneOf(MessageGenerator.Any, MessageGenerator.Plausible);

    /// <summary>Messages as an SDK sends them, most of which need no rewriting.</summary>
    private static readonly Gen<string> s_plain = MessageGenerator.Plausible.Select(message =>
        MessageGenerator
            .Compact(Logged(message))
            .Replace("-1.50e3", "-1.50", StringComparison.Ordinal)
            .Replace("\\u00", "u00", StringComparison.Ordinal)
    );

    private static readonly Gen<string> s_members = Gen.Elements(
        "\"userId\":\"u9\"",
        "\"messageId\":\"m9\"",
        "\"writeKey\":\"k\"",
        "\"y\":{\"a\":1,\"b\":[{\"a\":1,\"a\":2}]}",
        "\"y\":[]",
        "\"y\":[ ]",
        "\"y\":1e5",
        "\"y\":\"\\u0061\"",
        "\"y\":\"\\n\""
    );

    /// <summary>Gives a message as generated, without white space, as the log would keep it, and the last with a member before the others.</summary>
    private static readonly Gen<string> s_sents = Gen.OneOf(
        s_loose,
        s_loose.Select(MessageGenerator.Compact),
        s_loose.Select(Logged),
        s_plain,
        s_plain,
        s_plain.SelectMany(
            _ => s_members,
            (json, member) => json.StartsWith("{\"", StringComparison.Ordinal) ? $"{{{member},{json[1..]}" : json
        )
    );

    [Fact]
    public void Read_WhenTakenAsItStands_GivesWhatRewritingGives()
    {
        int asTheyStand = 0;
        int taken = 0;
        Prop.ForAll(
                s_sents
                    .Two()
                    .SelectMany(
                        _ => Gen.Elements("", "", "\"context\":{\"ip\":1, \"os\":{}},"),
                        (two, lent) => (two, lent)
                    )
                    .ToArbitrary(),
                sent =>
                {
                    ((string first, string second), string lent) = sent;
                    using SentBody body = SentBody.OfBatch(
                        Encoding.UTF8.GetBytes($$"""{{{lent}}"batch":[{{first}}, {{second}}]}""")
                    );
                    for (int index = 0; index < body.Count; index++)
                    {
                        SentMessage message = body[index];
                        Outcome<Envelope> direct = Reader.Read(message, Context);
                        asTheyStand += message.IsCanonical && message.LentContext.IsEmpty ? 1 : 0;
                        taken += message.IsCanonical && direct.Succeeded ? 1 : 0;
                        if (!IsSame(direct, Reader.Read(ToRewrite(message), Context)))
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
        Assert.True(asTheyStand > 200 && taken > 200, $"{asTheyStand} as they stand, {taken} of them taken: too few.");
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"a":{},"b":[],"c":[[],{}],"d":[1,"2",true,false,null]}""")]
    [InlineData("""{"a":{"a":{"a":[{"a":1},{"a":1}]}},"b":-0.50,"é":"😀"}""")]
    [InlineData("""{"experiment_001_variant":1,"experiment_002_variant":2,"experiment_003_variant":3}""")]
    [InlineData("""{"properties":{"writeKey":"k"}}""")]
    [InlineData("""{"a\"b":"\\\"\b\f\n\r\t","a\\b":"\\u0061"}""")]
    public void Read_WhenNothingIsToRewrite_SeesIt(string message) => Assert.True(IsCanonical(message));

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{"a" :1}""")]
    [InlineData("""{"a": 1}""")]
    [InlineData("""{"a":1 }""")]
    [InlineData("""{"a":[1, 2]}""")]
    [InlineData("{\"a\":[1\n]}")]
    [InlineData("""{"a":1 ,"b":2}""")]
    [InlineData("""{"a":"\/"}""")]
    [InlineData("""{"a":"\n\u001f"}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\u0061":1}""")]
    [InlineData("""{"a":1,"b":{"a":1},"a":2}""")]
    [InlineData("""{"a":[{"b":1,"b":1}]}""")]
    [InlineData("""{"":1,"":1}""")]
    [InlineData("""{"a":1e999}""")]
    [InlineData("""{"a":1E5}""")]
    [InlineData("""{"userId":"u","writeKey":"k"}""")]
    public void Read_WhenThereIsSomethingToRewrite_SeesIt(string message) => Assert.False(IsCanonical(message));

    [Fact]
    public void Read_WhenNestedAsDeepAsMessagesMayBe_SeesIt()
    {
        Assert.True(IsCanonical(Nested(32)));
        Assert.False(IsCanonical(Nested(33)));
    }

    [Fact]
    public void Read_WhenNumberIsLong_LeavesItToTheRewriting() =>
        Assert.False(IsCanonical($$"""{"a":{{new string('9', 400)}}}"""));

    [Fact]
    public void Read_WhenNamesAreMany_LeavesThemToTheRewriting()
    {
        string names = string.Join(',', Enumerable.Range(0, 10_000).Select(number => $"\"{number}\":0"));

        Assert.False(IsCanonical($"{{{names}}}"));
    }

    private static string Logged(string message)
    {
        if (Reader.Read(Sent(message)[0], Context) is not { Succeeded: true, Value: { } taken })
        {
            return message;
        }

        using var envelope = JsonDocument.Parse(taken.Json);
        return envelope.RootElement.GetProperty("message").GetRawText();
    }

    private static string Nested(int levels) =>
        string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "[]" + new string('}', levels - 1);

    private static bool IsCanonical(string message)
    {
        using SentBody body = Sent(message);
        return body[0].IsCanonical;
    }

    private static SentMessage ToRewrite(SentMessage message) =>
        new()
        {
            Json = message.Json,
            LentContext = message.LentContext,
            LentIntegrations = message.LentIntegrations,
        };

    private static bool IsSame(Outcome<Envelope> left, Outcome<Envelope> right) =>
        left.Succeeded ? right.Succeeded && left.Value.Equals(right.Value) : left.Refusal.Equals(right.Refusal);
}
