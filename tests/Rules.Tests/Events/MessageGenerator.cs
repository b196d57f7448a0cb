using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Events;

/// <summary>Makes messages, from nonsense with our names in it to what a careless SDK might send.</summary>
internal static class MessageGenerator
{
    private static readonly Gen<string> s_names = Gen.Elements(
        "type",
        "event",
        "userId",
        "anonymousId",
        "previousId",
        "groupId",
        "messageId",
        "name",
        "traits",
        "properties",
        "context",
        "integrations",
        "timestamp",
        "originalTimestamp",
        "sentAt",
        "writeKey",
        "email",
        "phone",
        "device",
        "os",
        "id",
        "externalIds",
        "collection",
        "encoding",
        "token",
        "Google Analytics",
        "clientId",
        "",
        "\\u0061",
        "é",
        "a\\\"b"
    );

    private static readonly Gen<string> s_texts = Gen.OneOf(
        Gen.Elements("u1", "j@x.com", "+14155550132", "ios", "users", "none", "email", "", " ", "null", "\n/\"", "😀")
            .Select(Quoted),
        ArbMap
            .Default.GeneratorFor<string>()
            .Select(text => Quoted(text?.Replace("\0", "", StringComparison.Ordinal) ?? "")),
        Gen.Elements("\"\\ud83d\\ude00\"", "\"\\u00e9\\/\"", "\"2026-11-22T09:00:00.1234567+05:30\"")
    );

    private static readonly Gen<string> s_harmless = Gen.OneOf(
        s_texts,
        Gen.Elements("null", "true", "false", "0", "-1.50e3", "4711")
    );

    private static readonly Gen<string> s_nasty = Gen.OneOf(
        s_harmless,
        Gen.Elements(
            "\"track\"",
            "\"identify\"",
            "\"group\"",
            "\"alias\"",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "1e999",
            "1e-999"
        )
    );

    private static readonly Gen<string> s_times = Gen.Elements(
        "null",
        "\"\"",
        "\"2026-11-22T09:00:00Z\"",
        "\"2026-11-22T09:00:00.1234567+05:30\"",
        "\"2026-11-22\"",
        "\"2199-01-01T00:00:00Z\""
    );

    private static readonly Gen<string> s_ids = Gen.Elements(
        "null",
        "\"u1\"",
        "4711",
        "\"undefined\"",
        "\" U \"",
        "\"\\u00fc\""
    );

    /// <summary>An object of any shape; names of the spec appear everywhere, repeated or wrongly typed.</summary>
    public static Gen<string> Any => Gen.Choose(0, 8).SelectMany(count => Object(count, 3, s_nasty));

    /// <summary>The right types in the right places, with anything harmless inside.</summary>
    public static Gen<string> Plausible =>
        Gen.CollectToArray<string>([
                Gen.Elements("track", "identify", "group", "alias", "page", "screen")
                    .Select(type => $"\"type\":\"{type}\""),
                Gen.Constant("\"event\":\"Order \\u00dc\""),
                s_ids.Select(id => $"\"userId\":{id}"),
                s_ids.Select(id => $"\"anonymousId\":{id}"),
                s_ids.Select(id => $"\"previousId\":{id}"),
                Gen.Constant("\"groupId\":\"acme\""),
                Gen.Elements("\"name\":null", "\"name\":\"Home\"", "\"name\":\"a\\\\\\\"b\""),
                Gen.Elements("\"messageId\":null", "\"messageId\":\"m\\t1\"", "\"x\":1"),
                s_times.Select(time => $"\"timestamp\":{time}"),
                s_times.Select(time => $"\"originalTimestamp\":{time}"),
                s_times.Select(time => $"\"sentAt\":{time}"),
                Inner("traits"),
                Inner("properties"),
                Inner("context"),
                Inner("integrations"),
            ])
            .SelectMany(Gen.Shuffle)
            .Select(members => $"{{ {string.Join(" ,", members)} }}");

    /// <summary>A message of ours without the white space between its tokens.</summary>
    public static string Compact(string message) =>
        message
            .Replace("{ ", "{", StringComparison.Ordinal)
            .Replace(" }", "}", StringComparison.Ordinal)
            .Replace(" : ", ":", StringComparison.Ordinal)
            .Replace(" , ", ",", StringComparison.Ordinal)
            .Replace(" ,", ",", StringComparison.Ordinal);

    private static Gen<string> Inner(string name) =>
        Gen.Choose(0, 5).SelectMany(count => Object(count, 2, s_harmless)).Select(value => $"\"{name}\":{value}");

    private static Gen<string> Value(int depth, Gen<string> scalars) =>
        depth == 0
            ? scalars
            : Gen.Frequency(
                (5, scalars),
                (3, Gen.Choose(0, 6).SelectMany(count => Object(count, depth - 1, scalars))),
                (1, Value(depth - 1, scalars).ListOf().Resize(3).Select(values => $"[{string.Join(" , ", values)}]"))
            );

    private static Gen<string> Object(int count, int depth, Gen<string> scalars) =>
        s_names
            .SelectMany(_ => Value(depth, scalars), (name, value) => $"\"{name}\" : {value}")
            .ListOf(count)
            .Select(members => $"{{ {string.Join(" ,", members)} }}");

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
