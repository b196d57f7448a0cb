using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Retention;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;
using static Customer360.Rules.Tests.Retention.Trims;

namespace Customer360.Rules.Tests.Retention;

/// <summary>
/// Whatever is trimmed, whenever and by whatever policy: profiles, accounts, identities and what was said about consent come to
/// the same, since all that they are made of stays.
/// </summary>
public sealed class RetentionProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(400);

    // Members that hold identifiers, or decide what is one, beside such as say nothing; in every part of a message.
    private static readonly string[] s_names =
    [
        "email",
        "phone",
        "plan",
        "address",
        "card",
        "health",
        "id",
        "type",
        "token",
        "advertisingId",
        "adTrackingEnabled",
        "name",
        "region",
        "clientId",
        "Google Analytics",
        "device",
        "os",
        "traits",
        "ä\\\"",
    ];

    private static readonly Gen<string> s_scalar = Gen.Elements(
        "1",
        "null",
        "true",
        "\"jane@x.com\"",
        "\"+493012345678\"",
        "\"ios\"",
        "\"android\"",
        "\"d-7\"",
        "\"\"",
        "[]",
        "{}"
    );

    private static readonly Gen<Envelope> s_message =
        from kind in Gen.Elements("identify", "track", "page", "screen", "group", "alias")
        from user in Gen.Choose(0, 2)
        from minute in Gen.Choose(0, 5)
        from source in Gen.Elements("web", "crm")
        from trust in Gen.Elements(SourceTrust.Server, SourceTrust.Public)
        from properties in Value(2)
        from traits in Value(2)
        from context in ContextOf()
        from integrations in Value(2)
        from extra in Value(2)
        select Accept(
            $$"""
            {"type":"{{kind}}","messageId":"m-{{minute}}-{{user}}","userId":"u{{user}}","previousId":"a-{{user}}","groupId":"g","event":"Order","name":"Order",
            "category":"c","timestamp":"2026-11-22T09:0{{minute}}:00Z","properties":{{properties}},"traits":{{traits}},"context":{{context}},
            "integrations":{{integrations}},"extra":{{extra}}}
            """,
            Context with
            {
                Source = source,
                Trust = trust,
            }
        );

    private static readonly Gen<string> s_rules = Gen.Elements(
            "days",
            "personal",
            "sensitive",
            "secret",
            "internal",
            "public",
            "unclassified",
            "track.days",
            "track.personal",
            "identify.days",
            "group.personal",
            "@Order.days",
            "@Order.internal"
        )
        .SelectMany(_ => Gen.Elements("1", "3", "9", "keep"), (path, days) => $"{path}={days}")
        .ListOf()
        .Resize(6)
        .Select(rules => string.Join(", ", rules));

    private static readonly Arbitrary<(Envelope[] Messages, string Rules, double Early, double Late)> s_runs = (
        from messages in s_message.ArrayOf().Resize(12)
        from rules in s_rules
        from early in Gen.Elements(0.5, 1.0, 3.0)
        from late in Gen.Elements(3.0, 5.0, 9.0, 400.0)
        select (messages, rules, early, late)
    ).ToArbitrary();

    // Other types and priorities, as a cut-over to other rules would read the log by.
    private static readonly IdentityRules s_otherRules = new(
        [
            new IdentifierRule("phone", 1, 5, LimitWindow.Ever, Normalisation.Phone),
            new IdentifierRule("ios.id", 2, 5, LimitWindow.Ever, Normalisation.Exact),
            new IdentifierRule("android.idfa", 3, 5, LimitWindow.Ever, Normalisation.Exact),
            new IdentifierRule("ga_client_id", 4, 5, LimitWindow.Ever, Normalisation.Exact),
            new IdentifierRule("email", 5, 5, LimitWindow.Ever, Normalisation.Email),
        ],
        "US"
    );

    [Fact]
    public void Trim_AtAnyTime_LeavesProfilesAndAccountsByteForByte() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    Envelope[] trimmed = Trimmed(run.Messages, run.Rules, run.Late);
                    return Json(FoldOf(trimmed).WriteJson) == Json(FoldOf(run.Messages).WriteJson)
                        && Json(AccountOf(trimmed).WriteJson) == Json(AccountOf(run.Messages).WriteJson);
                }
            )
            .Check(s_many);

    [Fact]
    public void Trim_AtAnyTime_LeavesWhatAMergeAndASplitAreMadeOf() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    // Some are trimmed, some not, as while a run is under way; and each anchor is folded by itself.
                    Envelope[] half =
                    [
                        .. run.Messages.Select(
                            (message, index) => index % 2 == 0 ? message : Trimmed([message], run.Rules, run.Late)[0]
                        ),
                    ];
                    ProfileMap before = MapOf(run.Messages);
                    ProfileMap after = MapOf(half);
                    Parts<ProfileMap> parts = after.Split(FirstOf(after));
                    Parts<ProfileMap> never = before.Split(FirstOf(before));
                    return JsonOf(after) == JsonOf(before)
                        && JsonOf(parts.Leaves) == JsonOf(never.Leaves)
                        && JsonOf(parts.Stays) == JsonOf(never.Stays)
                        && JsonOf(ProfileMap.Union(parts.Leaves, parts.Stays)) == JsonOf(before);
                }
            )
            .Check(s_many);

    [Fact]
    public void Trim_AtAnyTime_LeavesWhatIdentitiesAreDecidedBy() =>
        Prop.ForAll(
                s_runs,
                run =>
                    run.Messages.Zip(Trimmed(run.Messages, run.Rules, run.Late))
                        .All(pair =>
                            IsSame(pair.First, pair.Second, IdentityRules.Default)
                            && IsSame(pair.First, pair.Second, s_otherRules)
                            && HeadOf(pair.First) == HeadOf(pair.Second)
                            && AgainOf(pair.First, IdentityRules.Default) == AgainOf(pair.Second, IdentityRules.Default)
                            && AgainOf(pair.First, s_otherRules) == AgainOf(pair.Second, s_otherRules)
                        )
            )
            .Check(s_many);

    [Fact]
    public void Trim_WhenDoneAgain_ChangesNothing() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    Envelope[] once = Trimmed(run.Messages, run.Rules, run.Late);
                    RetentionJudge again = Judge(run.Rules, run.Late);
                    return once.SequenceEqual(once.Select(again.Trim)) && again.TakeCounts().Trimmed == 0;
                }
            )
            .Check(s_many);

    [Fact]
    public void Trim_EarlyAndLate_ComesToTheSameAsLateAlone() =>
        Prop.ForAll(
                s_runs,
                run =>
                    Trimmed(Trimmed(run.Messages, run.Rules, run.Early), run.Rules, run.Late)
                        .Select(MessageOf)
                        .SequenceEqual(Trimmed(run.Messages, run.Rules, run.Late).Select(MessageOf))
            )
            .Check(s_many);

    [Fact]
    public void Trim_WhenAMessageIsOver_LeavesNothingThatSaysNothing() =>
        Prop.ForAll(
                s_runs,
                run => Trimmed(run.Messages, "days=1", run.Late).All(message => NeedlessOf(message).Length == 0)
            )
            .Check(s_many);

    private static Gen<string> Value(int depth) =>
        depth == 0
            ? s_scalar
            : Gen.OneOf(
                s_scalar,
                ObjectOf(Value(depth - 1)),
                ObjectOf(Value(depth - 1)),
                Value(depth - 1).ListOf().Resize(3).Select(items => $"[{string.Join(',', items)}]")
            );

    private static Gen<string> ObjectOf(Gen<string> value) =>
        Gen.Elements(s_names)
            .SelectMany(_ => value, (name, of) => (name, of))
            .ListOf()
            .Resize(4)
            .Select(members =>
                $"{{{string.Join(',', members.DistinctBy(one => one.name).Select(one => $"\"{one.name}\":{one.of}"))}}}"
            );

    private static Gen<string> ContextOf() =>
        from device in ObjectOf(s_scalar)
        from os in ObjectOf(s_scalar)
        from traits in ObjectOf(s_scalar)
        from google in ObjectOf(s_scalar)
        from other in Value(2)
        select $$$"""
            {"ip":"1.2.3.4","device":{{{device}}},"os":{{{os}}},"traits":{{{traits}}},"integrations":{"Google Analytics":{{{google}}}},
            "groupId":"g","externalIds":[{"id":"x","type":"ga_client_id"}],"consent":{"categoryPreferences":{"ads":false}},"page":{{{other}}}}
            """;

    private static Envelope[] Trimmed(Envelope[] messages, string rules, double ageDays) =>
        [.. messages.Select(Judge(rules, ageDays).Trim)];

    private static ProfileFold FoldOf(Envelope[] messages) =>
        Placed(messages).Aggregate(ProfileFold.Empty, (fold, one) => fold.Apply(one.Message, one.Place));

    private static AccountFold AccountOf(Envelope[] messages) =>
        Placed(messages)
            .Where(one => one.Message.Kind == EventKind.Group)
            .Aggregate(AccountFold.Empty, (fold, one) => fold.Apply(one.Message, one.Place));

    private static ProfileMap MapOf(Envelope[] messages)
    {
        var linked = messages
            .Select(message => message.Anchor)
            .Distinct()
            .Aggregate(
                ProfileMap.Empty,
                (map, anchor) => map.Link(anchor, new LinkEvidence("m", "web", ReceivedAt, "v1", anchor))
            );
        return Placed(messages).Aggregate(linked, (map, one) => map.Fold(one.Place, one.Message)!.Value);
    }

    private static IEnumerable<(Envelope Message, LogPlace Place)> Placed(Envelope[] messages) =>
        messages.Select((message, index) => (message, new LogPlace(0, index + 1)));

    private static HashSet<Identifier> FirstOf(ProfileMap map) => [.. map.Identifiers.Take(1)];

    private static string JsonOf(ProfileMap map) => Json(writer => ProfileMapJson.Write(writer, map));

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsSame(Envelope one, Envelope other, IdentityRules rules)
    {
        LoggedIdentity before = LoggedIdentifiers.Read(one.Json.Span, rules, Events.Messages.Phones);
        LoggedIdentity after = LoggedIdentifiers.Read(other.Json.Span, rules, Events.Messages.Phones);
        return before.Identifiers.SequenceEqual(after.Identifiers)
            && before with { Identifiers = [] } == after with { Identifiers = [] };
    }

    /// <summary>What the message is when it is read by rules that came into force since, or why it is none then.</summary>
    private static string AgainOf(Envelope envelope, IdentityRules rules)
    {
        Outcome<Envelope> again = new EnvelopeReader(rules, Events.Messages.Phones).ReadAgain(envelope);
        return again.Succeeded ? HeadOf(again.Value) : again.Refusal.Code;
    }

    private static string HeadOf(Envelope envelope) => Text(envelope.Json)[..^(MessageOf(envelope).Length + 1)];

    /// <summary>Paths in a message that was sent long ago that nothing needs, told by a plain list of what is needed.</summary>
    private static string[] NeedlessOf(Envelope envelope)
    {
        using var document = JsonDocument.Parse(MessageOf(envelope));
        bool statesInTraits =
            envelope.Kind == EventKind.Group
            || (
                envelope.Kind == EventKind.Identify
                && document.RootElement.TryGetProperty("traits", out JsonElement traits)
                && traits.ValueKind == JsonValueKind.Object
                && traits.EnumerateObject().Any()
            );
        bool statesInContext = envelope.Kind == EventKind.Identify && !statesInTraits;
        string[] needed =
        [
            "type",
            "messageId",
            "userId",
            "previousId",
            "groupId",
            "event",
            "name",
            "timestamp",
            "properties.email",
            "traits.email",
            "traits.phone",
            "context.traits.email",
            "context.traits.phone",
            "context.device.id",
            "context.device.type",
            "context.device.token",
            "context.device.advertisingId",
            "context.device.adTrackingEnabled",
            "context.os.name",
            "context.groupId",
            "context.externalIds",
            "context.consent",
            "context.integrations.Google Analytics.clientId",
            "integrations.Google Analytics.clientId",
            .. statesInTraits ? ["traits"] : Array.Empty<string>(),
            .. statesInContext ? ["context.traits"] : Array.Empty<string>(),
        ];
        return
        [
            .. LeavesOf(document.RootElement, "")
                .Where(path => !needed.Any(one => path == one || path.StartsWith($"{one}.", StringComparison.Ordinal))),
        ];
    }

    private static IEnumerable<string> LeavesOf(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object && (path.Length == 0 || element.EnumerateObject().Any())
            ? element
                .EnumerateObject()
                .SelectMany(member => LeavesOf(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}"))
            : [path];
}
