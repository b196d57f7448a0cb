using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;
using static Customer360.Rules.Tests.Events.Messages;
using Messages = Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Consent;

/// <summary>From what a message says to what a profile knows of it.</summary>
public sealed class ConsentReadingTests
{
    private static readonly ConsentPolicy s_policy = With(ConsentBuiltIn.Policy);

    [Theory]
    [InlineData(
        "\"consent\":{\"categoryPreferences\":{\"analytics\":true,\"ads\":false}}",
        "ads denied, analytics granted"
    )]
    [InlineData("\"consent\":{\"categoryPreferences\":{\"C0001\":true}}", "")]
    [InlineData("\"consent\":{\"categoryPreferences\":{}}", "")]
    [InlineData("\"consent\":{\"categoryPreferences\":{\"ads\":\"true\"}}", "")]
    [InlineData("\"consent\":7,\"consentManagement\":\"no\"", "")]
    [InlineData(
        "\"consentManagement\":{\"provider\":\"custom\",\"allowedConsentIds\":[\"ads\",\"analytics\"],\"deniedConsentIds\":[\"ads\"]}",
        "ads denied, analytics granted"
    )]
    [InlineData("\"consent\":{\"google\":{\"ad_storage\":\"granted\",\"ad_user_data\":\"denied\"}}", "ads denied")]
    [InlineData("\"consent\":{\"gpc\":true,\"categoryPreferences\":{\"ads\":true}}", "ads denied")]
    [InlineData("\"consent\":{\"tcf\":\"no string\"}", "")]
    [InlineData("\"consent\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\"}", "ads granted")]
    [InlineData("\"consent\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\",\"gpp_sid\":[7]}", "ads granted")]
    [InlineData("\"consent\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\",\"gpp_sid\":[8]}", "")]
    [InlineData("\"consent\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\",\"gpp_sid\":[]}", "")]
    [InlineData("\"consent\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\",\"applicableSections\":[8]}", "")]
    [InlineData("\"consent\":{\"gpp\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\"},\"gpp_sid\":[8]}", "")]
    [InlineData(
        "\"consent\":{\"gpp\":{\"gpp\":\"DBABLA~BVQqAAAAAgA.QA\",\"gpp_sid\":[7]},\"gpp_sid\":[8]}",
        "ads granted"
    )]
    public void Message_ThatSaysSomething_IsUnderstoodByThePolicy(string context, string expected) =>
        Assert.Equal(
            expected,
            Said(Take($"{{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"context\":{{{context}}}}}"))
        );

    [Theory]
    [InlineData("\"hs_email_optout\":\"true\"", "email-marketing denied")]
    [InlineData("\"hs_email_optout_4711\":\"true\"", "email-marketing denied")]
    [InlineData("\"hs_email_optout_4711\":\"false\"", "")]
    [InlineData("\"hs_email_opt\":\"true\"", "")]
    [InlineData("\"HasOptedOutOfEmail\":true", "email-marketing denied")]
    [InlineData("\"HasOptedOutOfEmail\":false", "")]
    [InlineData("\"HasOptedOutOfEmail\":{\"true\":1}", "")]
    public void Box_OfACrm_DeniesWhenItIsTicked_AndSaysNothingWhenNot(string trait, string expected) =>
        Assert.Equal(expected, Said(Take($"{{\"type\":\"identify\",\"userId\":\"u\",\"traits\":{{{trait}}}}}")));

    [Fact]
    public void PrivacyControl_OfTheRequest_DeniesAds()
    {
        Envelope envelope = Take(
            "{\"type\":\"page\",\"anonymousId\":\"a\"}",
            Context with
            {
                HasPrivacyControl = true,
            }
        );

        Assert.Equal("ads denied", Said(envelope));
        Assert.Equal("gpc", Assert.Single(envelope.Consent!.Clauses).Form);
    }

    /// <summary>What a device said is no word of the person that the message also names, when the device is forgotten.</summary>
    [Fact]
    public void Word_AboutADeviceThatWasErased_IsNobodysAnyMore()
    {
        Envelope envelope = Take(
            "{\"type\":\"track\",\"event\":\"E\",\"userId\":\"jane-user-1\",\"anonymousId\":\"device-4711-a\","
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":true}}}}"
        );
        ConsentSpan before = Assert.Single(envelope.Consent!.SpansOf(envelope));
        Assert.Equal("anonymous_id:device-4711-a", Assert.Single(before.Covers).ToString());

        byte[]? redacted = EnvelopeRedaction.Redact(
            envelope.Json.Span,
            new ErasureTargets([Identifier.Parse("anonymous_id:device-4711-a")])
        );

        Envelope left = EnvelopeReader.FromJson(redacted!);
        Assert.Equal("user_id:jane-user-1", Assert.Single(left.Identifiers).ToString());
        Assert.Empty(left.Consent!.SpansOf(left));
    }

    [Fact]
    public void Message_WithoutConsent_IsWrittenAsBefore()
    {
        const string Json =
            "{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"messageId\":\"m\",\"context\":{\"ip\":\"::1\"}}";

        Assert.Equal(Text(Accept(Json).Json), Text(Take(Json).Json));
        Assert.Null(Take(Json).Consent);
    }

    /// <summary>The statement is in the log, so whoever folds the log again comes to the same by any later policy.</summary>
    [Fact]
    public void Statement_IsPartOfTheEnvelope_AndStaysWhenIdentifiersAreReadAgain()
    {
        Envelope envelope = Take(
            "{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"userId\":\"u\",\"messageId\":\"m\","
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":true,\"email-marketing\":false}}}}"
        );

        Envelope read = EnvelopeReader.FromJson(envelope.Json);
        Envelope again = Reader(s_policy).ReadAgain(envelope).Value!;

        foreach (Envelope one in new[] { envelope, read, again })
        {
            Assert.Equal("v1", one.Consent!.PolicyVersion);
            Assert.Equal("analytics granted, email-marketing denied", Said(one));
            Assert.Equal(["anonymous_id"], one.Consent.Clauses[0].Types.AsEnumerable());
            Assert.Empty(one.Consent.Clauses[1].Types);
        }
    }

    [Fact]
    public void Word_AboutADevice_IsNotAboutThePersonOnIt()
    {
        Envelope envelope = Take(
            "{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"userId\":\"u\","
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":false,\"profiling\":false}}}}"
        );

        ConsentSpan[] spans = [.. envelope.Consent!.SpansOf(envelope)];

        Assert.Equal(["anonymous_id:a"], spans[0].Covers.Select(one => one.ToString()));
        Assert.Equal(["anonymous_id:a", "user_id:u"], spans[1].Covers.Select(one => one.ToString()));
    }

    [Fact]
    public void Word_OfTheFuture_IsOfItsReceipt()
    {
        Envelope envelope = Take(
            "{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"timestamp\":\"2026-11-22T18:00:00Z\","
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"ads\":true}}}}"
        );

        Assert.True(envelope.Timestamp > ReceivedAt);
        Assert.Equal(ReceivedAt, Assert.Single(envelope.Consent!.SpansOf(envelope)).Last.At);
    }

    [Fact]
    public void Grant_EndsWhenThePolicySays_AndOnlyByEvidenceThatCounts()
    {
        ConsentPolicy policy = With(
            ConsentBuiltIn.Policy,
            new ConsentPurpose("ads") { Days = 30, Evidence = ["tcf"] },
            new ConsentPurpose("analytics") { Days = 30 }
        );
        Envelope envelope = Take(
            "{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"timestamp\":\"2026-11-20T00:00:00Z\","
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"ads\":true,\"analytics\":true}}}}",
            policy: policy
        );

        Assert.Equal("analytics granted", Said(envelope));
        Assert.Equal(new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero), envelope.Consent!.Clauses[0].Until);
    }

    [Fact]
    public void Denial_WhenThePolicyDrops_LeavesIdentifiersAndConsent()
    {
        ConsentPolicy policy = With(
            ConsentBuiltIn.Policy,
            new ConsentPurpose("analytics") { Collect = CollectBoundary.Dropped }
        );

        Envelope envelope = Take(
            "{\"type\":\"track\",\"event\":\"Order\",\"anonymousId\":\"a\",\"messageId\":\"m\",\"properties\":{\"total\":7},"
                + "\"context\":{\"ip\":\"::1\",\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}}",
            policy: policy
        );

        Assert.Equal(CollectBoundary.Dropped, envelope.Consent!.Boundary);
        Assert.Equal("analytics denied", Said(envelope));
        Assert.Equal("m", envelope.MessageId);
        Assert.Equal(EventKind.Identify, envelope.Kind);
        Assert.EndsWith(
            "\"message\":{\"type\":\"identify\",\"anonymousId\":\"a\",\"messageId\":\"m\","
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}}}",
            Text(envelope.Json),
            StringComparison.Ordinal
        );
        Assert.Equal(Text(envelope.Json), Text(Reader(policy).ReadAgain(envelope).Value!.Json));
    }

    [Fact]
    public void Denial_WhenThePolicyKeepsNothingPersonal_LeavesTheEvent()
    {
        ConsentPolicy policy = With(
            ConsentBuiltIn.Policy,
            new ConsentPurpose("analytics") { Collect = CollectBoundary.WithoutPersonal }
        );

        Envelope envelope = Take(
            "{\"type\":\"identify\",\"anonymousId\":\"a\",\"messageId\":\"m\",\"traits\":{\"email\":\"j@x.com\",\"plan\":\"pro\"},"
                + "\"context\":{\"ip\":\"::1\",\"page\":{\"url\":\"u\",\"title\":\"t\"},"
                + "\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}}",
            policy: policy
        );

        Assert.Equal(["anonymous_id:a"], IdsOf(envelope));
        Assert.Empty(envelope.Traits);
        Assert.EndsWith(
            "\"message\":{\"type\":\"identify\",\"anonymousId\":\"a\",\"messageId\":\"m\",\"context\":{\"page\":{\"title\":\"t\"},"
                + "\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}}}",
            Text(envelope.Json),
            StringComparison.Ordinal
        );
    }

    /// <summary>A no must be remembered about somebody.</summary>
    [Fact]
    public void Denial_OfSomebodyKnownByEmailAlone_KeepsTheEmail()
    {
        ConsentPolicy policy = With(
            ConsentBuiltIn.Policy,
            new ConsentPurpose("analytics") { Collect = CollectBoundary.Dropped }
        );

        Envelope envelope = Take(
            "{\"type\":\"identify\",\"traits\":{\"email\":\"j@x.com\",\"plan\":\"pro\"},"
                + "\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}}",
            policy: policy
        );

        Assert.Equal(["email:j@x.com"], IdsOf(envelope));
        Assert.DoesNotContain("plan", Text(envelope.Json), StringComparison.Ordinal);
    }

    /// <summary>The device that said no as a stranger's says yes as hers: it is the same device, and its latest word counts.</summary>
    [Fact]
    public void Map_WhenAStrangerLogsIn_CountsTheDevicesLatestWord()
    {
        Envelope stranger = Take(Consents("\"anonymousId\":\"a\"", "profiling", grants: false, minute: 1));
        Envelope known = Take(Consents("\"anonymousId\":\"a\",\"userId\":\"u\"", "profiling", grants: true, minute: 2));
        ProfileMap map = Linked(stranger.Identifiers[0], known.Anchor);

        map = Fold(map, stranger, 1);
        Assert.Equal(ConsentStatus.Denied, ConsentJoin.View(map).Of("profiling"));
        map = Fold(map, known, 1);
        Assert.Equal(ConsentStatus.Granted, ConsentJoin.View(map).Of("profiling"));
    }

    [Fact]
    public void Map_WhenTwoDevicesDisagree_Denies_UntilThePersonSaysForAll()
    {
        Envelope phone = Take(
            Consents("\"anonymousId\":\"d-1\",\"userId\":\"u\"", "profiling", grants: false, minute: 1)
        );
        Envelope laptop = Take(
            Consents("\"anonymousId\":\"d-2\",\"userId\":\"u\"", "profiling", grants: true, minute: 2)
        );
        ProfileMap map = Linked([phone.Anchor, .. phone.Identifiers[1..], .. laptop.Identifiers[1..]]);
        map = Fold(Fold(map, phone, 1), laptop, 2);
        Assert.Equal(ConsentStatus.Denied, ConsentJoin.View(map).Of("profiling"));

        var request = new ConsentRequest(
            "r-1",
            [new ConsentAnswer("profiling", ConsentStatus.Granted)],
            "centre",
            ReceivedAt,
            "v1",
            null
        );
        Assert.Equal(ConsentHearing.New, request.HeardBy(map));
        map = map.Say(request.ToLedger());

        Assert.Equal(ConsentStatus.Granted, ConsentJoin.View(map).Of("profiling"));
        Assert.Equal(ConsentHearing.Repeated, request.HeardBy(map));
        Assert.Equal(
            ConsentHearing.Other,
            (request with { Answers = [new ConsentAnswer("ads", ConsentStatus.Granted)] }).HeardBy(map)
        );
        ConsentEntry newest = ConsentHistory.Of(map)[0];
        Assert.Equal("r-1", newest.Word.CauseId);
        Assert.Equal(3, newest.Covers.Length);
    }

    /// <summary>Anybody may send what a page sends. A page may say no at any time, and its yes takes back no server's no.</summary>
    [Fact]
    public void Map_WhenAPageClaimsAGrant_KeepsTheDenialOfAServer()
    {
        MessageContext page = Context with { Source = "page", Trust = SourceTrust.Public };
        const string Ids = "\"userId\":\"u\"";
        Envelope claimed = Take(Consents(Ids, "profiling", grants: true, minute: 2), page);
        ProfileMap map = Fold(Linked(claimed.Anchor), claimed, 1);
        Assert.Equal(ConsentStatus.Granted, ConsentJoin.View(map).Of("profiling"));

        map = Fold(map, Take(Consents(Ids, "profiling", grants: false, minute: 1)), 2);
        Assert.Equal(ConsentStatus.Denied, ConsentJoin.View(map).Of("profiling"));
        map = Fold(map, Take(Consents(Ids, "profiling", grants: true, minute: 3)), 3);
        Assert.Equal(ConsentStatus.Granted, ConsentJoin.View(map).Of("profiling"));
        map = Fold(map, Take(Consents(Ids, "profiling", grants: false, minute: 4), page), 4);
        Assert.Equal(ConsentStatus.Denied, ConsentJoin.View(map).Of("profiling"));
        ProfileMap read = ConsentHoldingsJson.Read(ConsentHoldingsJson.Write(map));
        Assert.Equal(ConsentJoin.View(map), ConsentJoin.View(read));
    }

    private static string Consents(string ids, string purpose, bool grants, int minute) =>
        $"{{\"type\":\"track\",\"event\":\"E\",{ids},\"timestamp\":\"2026-11-22T09:{minute:00}:00Z\",\"context\":"
        + $"{{\"consent\":{{\"categoryPreferences\":{{\"{purpose}\":{(grants ? "true" : "false")}}}}}}}}}";

    private static ProfileMap Linked(params IEnumerable<Identifier> identifiers) =>
        identifiers.Aggregate(
            ProfileMap.Empty,
            (map, one) => map.Link(one, new LinkEvidence("m", "web", ReceivedAt, "r"))
        );

    private static ProfileMap Fold(ProfileMap map, Envelope envelope, long position) =>
        map.Fold(new LogPlace(0, position), envelope)!.Value;

    private static string Said(Envelope envelope) =>
        string.Join(
            ", ",
            (envelope.Consent?.Clauses ?? []).Select(clause =>
                $"{clause.Purpose} {ConsentLedgerJson.TextOf(clause.Status)}"
            )
        );

    private static Envelope Take(string json, MessageContext? context = null, ConsentPolicy? policy = null)
    {
        using SentBody body = Sent(json);
        Outcome<Envelope> outcome = Reader(policy ?? s_policy).Read(body[0], context ?? Context);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }

    private static EnvelopeReader Reader(ConsentPolicy policy) =>
        new(
            new FixedPolicy<IdentityRules>(IdentityRules.Default, "r"),
            Messages.Phones,
            new FixedPolicy<ConsentPolicy>(policy, "v1")
        );

    private static ConsentPolicy With(ConsentPolicy of, params ImmutableArray<ConsentPurpose> purposes) =>
        new(
            of.Purposes.Where(one => purposes.All(other => other.Name != one.Name)).Concat(purposes),
            of.Wire,
            of.Places
        )
        {
            Traits = of.Traits,
            Personal = of.Personal,
            Devices = of.Devices,
        };
}
