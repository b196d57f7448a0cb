using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Trust;

/// <summary>What a public source says of a field stands only where no source that is believed has spoken.</summary>
public sealed class ClaimedTraitTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    public static TheoryData<MasterStrategy> Strategies { get; } = new(Enum.GetValues<MasterStrategy>());

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Claim_WhateverTheStrategy_DoesNotBeatATrustedValue(MasterStrategy strategy)
    {
        // The public source ranks first, is the earliest, the latest, the most, the greatest and the smallest.
        MastershipPolicy policy = PolicyOf(strategy);
        ProfileFold fold = Profiles.Folds.Of([
            Say("web", "1", 0),
            Say("crm", "5", 1, SourceTrust.Server),
            Say("app", "9", 2),
            Say("web2", "9", 3),
        ]);

        Assert.Equal("5", Shown(fold, policy));
        string verbose = Text(ProfileDocument.RenderVerbose(new ProfileView("c_1", 1, [], fold), policy));
        Assert.Contains("\"reason\":\"only_trusted_source\"", verbose, StringComparison.Ordinal);
        Assert.Contains("\"trust\":\"claimed\"", verbose, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"claimed\"", verbose, StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_OfWhatATrustedSourceHasRemoved_StaysRemoved()
    {
        ProfileFold fold = Profiles.Folds.Of([Say("crm", "null", 0, SourceTrust.Server), Say("web", "9", 1)]);

        Assert.Null(Shown(fold, MastershipPolicy.Latest));
    }

    /// <summary>Where the trusted source may not write the field, it has not spoken.</summary>
    [Fact]
    public void Claim_WhereOnlyThePublicSourceMayWrite_IsShown()
    {
        var policy = new MastershipPolicy(
            new MastershipRule(MastershipRule.AnyField, MasterStrategy.Latest, []),
            [new MastershipRule("q", MasterStrategy.Latest, [], ["web"])]
        );
        ProfileFold fold = Profiles.Folds.Of([Say("crm", "5", 1, SourceTrust.Server), Say("web", "9", 0)]);

        Assert.Equal("9", Shown(fold, policy));
    }

    [Fact]
    public void Claims_AmongThemselves_GoByTime() =>
        Assert.Equal("9", Shown(Profiles.Folds.Of([Say("app", "9", 1), Say("web", "1", 0)]), MastershipPolicy.Latest));

    /// <summary>Whoever has the public key can't take away what was said with a signature.</summary>
    [Fact]
    public void Claim_OfTheSourceThatHasSigned_DoesNotBeatTheSignedValue()
    {
        Envelope signed = Say("web", "5", 0, signature: SignatureOf("u"));
        ProfileFold fold = Profiles.Folds.Of([signed, Say("web", "9", 1)]);

        Assert.Equal(StatementTrust.Signed, signed.Trust);
        Assert.Equal("5", Shown(fold, MastershipPolicy.Latest));
        Assert.Equal(fold, Profiles.Folds.FromJson(Profiles.Folds.Json(fold)));
        Assert.Equal(
            "7",
            Shown(
                fold.Apply(Say("web", "7", 2, signature: SignatureOf("u")), new LogPlace(0, 9)),
                MastershipPolicy.Latest
            )
        );
    }

    /// <summary>Of before there was trust: the same source goes on, another one is believed as it was then.</summary>
    [Fact]
    public void Claim_AfterAnOlderRelease_GoesOnWhereItsOwnSourceHasSpoken()
    {
        ProfileFold stored = Profiles.Folds.FromJson(
            """
            {"messageCount":1,"traits":[{"name":"q","source":"web","value":1,"at":"2026-11-22T09:00:00.000Z","messageId":"m"}]}
            """
        );

        Assert.Equal("9", Shown(stored.Apply(Say("web", "9", 1), new LogPlace(0, 2)), MastershipPolicy.Latest));
        Assert.Equal("1", Shown(stored.Apply(Say("app", "9", 1), new LogPlace(0, 2)), MastershipPolicy.Latest));
        Assert.Equal(0, stored.ClaimedCount);
    }

    [Fact]
    public void AccountTrait_ThatIsClaimed_DoesNotBeatATrustedValue()
    {
        Envelope Group(string source, string value, int minute, SourceTrust trust) =>
            Accept(
                $$$"""{"type":"group","userId":"u","groupId":"g","messageId":"{{{source}}}-{{{minute}}}","timestamp":"2026-11-22T09:0{{{minute}}}:00Z","traits":{"q":{{{value}}}}}""",
                Context with
                {
                    Source = source,
                    Trust = trust,
                }
            );
        AccountFold fold = AccountFold
            .Empty.Apply(Group("crm", "5", 0, SourceTrust.Server), new LogPlace(0, 1))
            .Apply(Group("web", "9", 1, SourceTrust.Public), new LogPlace(0, 2));

        Assert.Equal("5", Shown(new ProfileFold { Traits = fold.Traits }, MastershipPolicy.Latest));
    }

    /// <summary>A fold keeps 2,000 traits, by name; thousands of claimed ones with smaller names take no room of a trusted one.</summary>
    [Fact]
    public void Claims_OfMoreTraitsThanAreKept_PushNoTrustedOneOut()
    {
        Envelope Flood(int from) =>
            Accept(
                $$"""
                {"type":"identify","userId":"u","messageId":"f-{{from}}","traits":{{{string.Join(
                    ',',
                    Enumerable.Range(from, 1_500).Select(number => $"\"a{number:d4}\":1")
                )}} } }
                """,
                Context with
                {
                    Trust = SourceTrust.Public,
                }
            );
        Envelope[] messages = [Flood(0), Say("crm", "5", 0, SourceTrust.Server), Flood(1_500)];
        ProfileFold fold = Profiles.Folds.Of(messages);

        Assert.Equal("5", Shown(fold, MastershipPolicy.Latest));
        Assert.Equal(ProfileFold.TraitCountMax, fold.Traits.Length);
        Assert.Equal("a1998", fold.Traits[^2].Name);
        Assert.True(fold.IsTruncated);
        Assert.Equal(fold, Profiles.Folds.Of(messages.Reverse()));
    }

    /// <summary>However the messages come and the folds are grouped.</summary>
    [Fact]
    public void Fold_OfTrustedAndClaimedWords_DoesNotDependOnOrder() =>
        Prop.ForAll(
                Gen.Choose(0, 3)
                    .SelectMany(_ => Gen.Elements("web", "crm", "app"), (minute, source) => (minute, source))
                    .SelectMany(_ => Gen.Elements(true, false), (made, signs) => (made.minute, made.source, signs))
                    .ArrayOf()
                    .Resize(12)
                    .ToArbitrary(),
                made =>
                {
                    (Envelope Message, LogPlace Place)[] messages =
                    [
                        .. made.Select(
                            (one, index) =>
                                (
                                    Say(
                                        one.source,
                                        $"{index}",
                                        one.minute,
                                        one.source == "crm" ? SourceTrust.Server : SourceTrust.Public,
                                        one.signs ? SignatureOf("u") : null,
                                        $"m-{index}"
                                    ),
                                    new LogPlace(0, index + 1)
                                )
                        ),
                    ];
                    ProfileFold forth = ProfileFold.Empty;
                    ProfileFold back = ProfileFold.Empty;
                    foreach ((Envelope message, LogPlace place) in messages)
                    {
                        forth = forth.Apply(message, place);
                    }

                    foreach ((Envelope message, LogPlace place) in messages.Reverse())
                    {
                        back = ProfileFold.Join(ProfileFold.Of(message, place), back);
                    }

                    bool isTrustedShown =
                        new TraitWinners(forth, MastershipPolicy.Latest).Find("q") is not { IsClaimed: true }
                        || messages.All(one => one.Message.Trust == StatementTrust.Claimed);
                    return forth.Equals(back)
                        && isTrustedShown
                        && forth.ClaimedCount == messages.Count(one => one.Message.Trust == StatementTrust.Claimed);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static MastershipPolicy PolicyOf(MasterStrategy strategy) =>
        new(
            new MastershipRule(
                MastershipRule.AnyField,
                strategy,
                strategy == MasterStrategy.SourcePriority ? ["web", "app", "web2", "crm"] : []
            ),
            []
        );

    private static string? Shown(ProfileFold fold, MastershipPolicy policy) =>
        new TraitWinners(fold, policy).Find("q") is { } winner ? Text(winner.ValueJson) : null;

    private static string SignatureOf(string userId) => UserIdSignatureTests.Sign(userId, Secret);

    private static Envelope Say(
        string source,
        string value,
        int minute,
        SourceTrust trust = SourceTrust.Public,
        string? signature = null,
        string? id = null
    ) =>
        Accept(
            $$"""
            {"type":"identify","userId":"u","messageId":"{{id
                ?? $"{source}-{minute}"}}","timestamp":"2026-11-22T09:0{{minute}}:00Z",
             "traits":{"q":{{value}}}, "context":{"userIdSignature":"{{signature}}"} }
            """,
            Context with
            {
                Source = source,
                Trust = trust,
                SigningSecret = System.Text.Encoding.UTF8.GetBytes(Secret),
            }
        );
}
