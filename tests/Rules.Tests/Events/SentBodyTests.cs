using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Customer360.Rules.Events;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Events;

/// <summary>One pass over a body takes and refuses what the platform's parser does, and finds the same in it.</summary>
public sealed class SentBodyTests
{
    private const int DepthMax = 8;

    private static readonly Gen<string> s_values = Gen.OneOf(
        MessageGenerator.Any,
        MessageGenerator.Plausible.Select(MessageGenerator.Compact),
        Gen.Elements(
            "null",
            "[]",
            "[ 1,{}]",
            "7",
            "\"k\"",
            "\"\\ud800\"",
            "\"2026-11-22T10:00:00Z\"",
            "{\"messageId\":\"m\"}"
        )
    );

    private static readonly Gen<string> s_batches = s_values
        .ListOf()
        .Resize(4)
        .Select(messages => $"[{string.Join(" ,", messages)}]");

    private static readonly Gen<string> s_members = Gen.Elements(
            "batch",
            "b\\u0061tch",
            "context",
            "integr\\u0061tions",
            "integrations",
            "sentAt",
            "writeKey",
            "\\u0077riteKey",
            "\\ud800",
            "batch\\udc00",
            "con\\ud800text",
            "sentAt\\u0000",
            "\\\\",
            "x"
        )
        .SelectMany(
            name =>
                name.Contains("tch", StringComparison.Ordinal) ? Gen.OneOf(s_batches, s_batches, s_values) : s_values,
            (name, value) => $"\"{name}\":{value}"
        );

    private static readonly Gen<byte[]> s_bodies = s_members
        .ListOf()
        .Resize(6)
        .Select(members => Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}"));

    private static readonly Gen<byte[]> s_damaged = s_bodies.SelectMany(body =>
        Gen.Choose(0, body.Length - 1)
            .SelectMany(
                _ => Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(" \"\\{}[],:0e.-".Select(one => (int)one).ToArray())),
                (place, value) =>
                {
                    // As long again as a byte's values: cut off there.
                    byte[] damaged = value % 5 == 0 ? body[..place] : [.. body];
                    if (damaged.Length == body.Length)
                    {
                        damaged[place] = (byte)value;
                    }

                    return damaged;
                }
            )
    );

    [Fact]
    public void OfBatch_WhenAnyBody_SaysWhatTheParserSays()
    {
        int taken = 0;
        int refused = 0;
        Prop.ForAll(
                Gen.OneOf(s_bodies, s_damaged).ToArbitrary(),
                json =>
                {
                    using JsonDocument? expected = Parsed(json);
                    using SentBody? body = Sent(json, isBatch: true);
                    taken += body is null ? 0 : 1;
                    refused += body is null ? 1 : 0;
                    return expected is null || body is null
                        ? expected is null && body is null
                        : IsSameBatch(expected.RootElement, body);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        Assert.True(taken > 500 && refused > 500, $"{taken} taken, {refused} refused: the generator is lopsided.");
    }

    [Fact]
    public void OfMessage_WhenAnyBody_SaysWhatTheParserSays() =>
        Prop.ForAll(
                Gen.OneOf(s_bodies, s_damaged, s_values.Select(Encoding.UTF8.GetBytes)).ToArbitrary(),
                json =>
                {
                    using JsonDocument? expected = Parsed(json);
                    using SentBody? body = Sent(json, isBatch: false);
                    return expected is null || body is null
                        ? expected is null && body is null
                        : body.IsObject == (expected.RootElement.ValueKind == JsonValueKind.Object)
                            && body.WriteKey == TextOf(expected.RootElement, "writeKey")
                            && body.Count == 1
                            && IsSameMessage(expected.RootElement, body[0]);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Theory]
    [InlineData("""{"batch":[1,2]}""", 2)]
    [InlineData("""{"batch":[1],"x":[1,2,3]}""", 1)]
    [InlineData("""{"b\u0061tch":[1,2]}""", 2)]
    [InlineData("""{"batch":[1,2],"batch":[3]}""", 1)]
    [InlineData("""{"batch":[1,2],"batch":{}}""", null)]
    [InlineData("""{"batch":[1],"\ud800":0}""", 1)]
    [InlineData("""{"\ud800":0,"batch":[1]}""", 1)]
    [InlineData("""{"batch":[1],"x\ud800":0}""", 1)]
    [InlineData("""{"batch":[1],"batch\ud800":0}""", 1)]
    [InlineData("""{"Batch":[1]}""", null)]
    [InlineData("""{"x":{"batch":[1]}}""", null)]
    public void OfBatch_WhenNamesAreOdd_FindsTheBatchThatCounts(string json, int? count)
    {
        using SentBody body = SentBody.OfBatch(Encoding.UTF8.GetBytes(json));

        Assert.Equal(count is not null, body.HasBatch);
        Assert.True(count is null || body.Count == count);
    }

    [Fact]
    public void OfBatch_WhenMessagesAreThousands_FindsEach()
    {
        string json =
            $"{{\"batch\":[{string.Join(',', Enumerable.Range(0, 5000).Select(id => $"{{\"messageId\":\"{id}\"}}"))}]}}";
        using SentBody body = SentBody.OfBatch(Encoding.UTF8.GetBytes(json));

        Assert.Equal(5000, body.Count);
        for (int index = 0; index < body.Count; index++)
        {
            Assert.Equal($"{index}", body[index].MessageId);
        }
    }

    private static JsonDocument? Parsed(byte[] json)
    {
        try
        {
            byte[] repaired = Utf8.IsValid(json) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
            return JsonDocument.Parse(repaired, new JsonDocumentOptions { MaxDepth = 1_000 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SentBody? Sent(byte[] json, bool isBatch)
    {
        try
        {
            return isBatch ? SentBody.OfBatch(json, DepthMax) : SentBody.OfMessage(json, DepthMax);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSameBatch(JsonElement expected, SentBody body)
    {
        if (expected.ValueKind != JsonValueKind.Object)
        {
            return !body.IsObject && !body.HasBatch;
        }

        JsonElement batch = Find(expected, "batch");
        bool isSame =
            body.IsObject
            && body.WriteKey == TextOf(expected, "writeKey")
            && body.SentAt
                == (
                    TextOf(expected, "sentAt") is { } text && Rfc3339.TryParse(text, out DateTimeOffset time)
                        ? time
                        : body.SentAt
                )
            && body.HasBatch == (batch.ValueKind == JsonValueKind.Array);
        if (!isSame || !body.HasBatch)
        {
            return isSame;
        }

        int index = 0;
        foreach (JsonElement message in batch.EnumerateArray())
        {
            bool isFound =
                index < body.Count
                && IsSameMessage(message, body[index])
                && body[index].LentContext.SequenceEqual(ObjectOf(expected, "context"))
                && body[index].LentIntegrations.SequenceEqual(ObjectOf(expected, "integrations"));
            if (!isFound)
            {
                return false;
            }

            index++;
        }

        return index == body.Count;
    }

    private static bool IsSameMessage(JsonElement expected, SentMessage message) =>
        message.Json.SequenceEqual(JsonMarshal.GetRawUtf8Value(expected))
        && message.IsObject == (expected.ValueKind == JsonValueKind.Object)
        && message.MessageId == (message.IsObject ? TextOf(expected, "messageId") : null);

    private static ReadOnlySpan<byte> ObjectOf(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Object } found ? JsonMarshal.GetRawUtf8Value(found) : default;

    private static string? TextOf(JsonElement parent, string name)
    {
        try
        {
            return
                parent.ValueKind == JsonValueKind.Object
                && Find(parent, name) is { ValueKind: JsonValueKind.String } found
                ? found.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    private static JsonElement Find(JsonElement parent, string name)
    {
        JsonElement found = default;
        foreach (JsonProperty property in parent.EnumerateObject())
        {
            found = IsNamed(property, name) ? property.Value : found;
        }

        return found;
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            // A name with half of a surrogate pair in it.
            return false;
        }
    }
}
