using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Privacy;

/// <summary>
/// Whether mentions are taken out of the messages or out of what was folded of them: the same bytes come out. So nobody's history has
/// to be folded anew, and a check against the log finds no difference.
/// </summary>
public sealed class RedactionProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly string[] s_words =
    [
        "jane@x.com",
        "JANE@x.com",
        "see jane@x.com",
        "someone",
        "https://y.example/?e=jane%40x.com",
        "bob@x.com",
    ];

    private static readonly ErasureTargets s_targets = new([
        Identifier.Create("email", "jane@x.com"),
        Identifier.Create("user_id", "u-9"),
    ]);

    // Each has an id of its own, as in a log: two of one id and one time would be told apart by their values.
    private static readonly Arbitrary<Envelope[]> s_messages = BodyOf()
        .ArrayOf()
        .Select(bodies =>
            bodies.Select((one, index) => Message(one.Body, one.Minute, one.Source, $"m-{index}", one.Trust)).ToArray()
        )
        .ToArbitrary();

    [Fact]
    public void Redact_WhenTheMessagesOrTheFoldAreRedacted_GivesEqualBytes() =>
        Prop.ForAll(
                s_messages,
                messages =>
                    Json(FoldRedaction.Redact(Of(messages), s_targets)) == Json(Of([.. messages.Select(Redacted)]))
            )
            .Check(s_many);

    [Fact]
    public void Redact_WhenDoneAgain_ChangesNothing() =>
        Prop.ForAll(
                s_messages,
                messages =>
                {
                    ProfileFold once = FoldRedaction.Redact(Of(messages), s_targets);
                    return ReferenceEquals(once, FoldRedaction.Redact(once, s_targets))
                        && messages
                            .Select(Redacted)
                            .All(message => EnvelopeRedaction.Redact(message.Json.Span, s_targets) is null);
                }
            )
            .Check(s_many);

    [Fact]
    public void Redact_WhenAMessageMentionsNobody_KeepsItsBytes() =>
        Prop.ForAll(
                s_messages,
                messages =>
                    messages
                        .Where(message =>
                            !Encoding
                                .UTF8.GetString(message.Json.Span)
                                .Contains("jane", StringComparison.OrdinalIgnoreCase)
                        )
                        .All(message => EnvelopeRedaction.Redact(message.Json.Span, s_targets) is null)
            )
            .Check(s_many);

    private static Envelope Redacted(Envelope message) =>
        EnvelopeRedaction.Redact(message.Json.Span, s_targets) is { } json ? EnvelopeReader.FromJson(json) : message;

    private static Gen<(string Body, int Minute, string Source, SourceTrust Trust)> BodyOf() =>
        from isTrack in Gen.Elements(true, false)
        from name in Gen.Elements(s_words)
        from value in Gen.Elements(s_words)
        from other in Gen.Elements(s_words)
        from trait in Gen.Elements("a", "b", "referrer", "jane@x.com")
        from minute in Gen.Choose(0, 9)
        from source in Gen.Elements("web", "crm")
        from trust in Gen.Elements(SourceTrust.Server, SourceTrust.Public)
        select (
            isTrack
                ? $$""" "type":"track","event":"{{name}}","properties":{"x":"{{value}}"} """
                : $$""" "type":"identify","traits":{"{{trait}}":"{{value}}","list":["{{other}}",1]} """,
            minute,
            source,
            trust
        );
}
