using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Trust;

/// <summary>What a public source may bring together.</summary>
public sealed class ClaimedIdentityTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Wide limits: nothing but trust and kind decides.</summary>
    private static readonly IdentityRules s_rules = new(
        [
            new("user_id", 1, 9, LimitWindow.Ever, Normalisation.Exact) { Trust = IdentifierTrust.Verified },
            new("email", 2, 9, LimitWindow.Ever, Normalisation.Exact),
            new("anonymous_id", 3, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Device },
        ],
        "US"
    );

    [Theory]
    [InlineData("email:ann", "email:ben")]
    [InlineData("user_id:ann", "email:ben")]
    [InlineData("user_id:ann", "user_id:ben")]
    public void Claim_OfTwoKnownPeople_MergesNobody(string one, string other)
    {
        OwnedIdentifier[] carried = [Owned(one, Customer(1, one)), Owned(other, Customer(2, other))];

        IdentityDecision decision = Decide(isClaimed: true, carried);

        DemotedIdentifier left = Assert.Single(Assert.IsType<IdentityDecision.Link>(decision).Demoted);
        Assert.Equal((other, DemotionReason.Proof), (left.Identifier.ToString(), left.Reason));
        Assert.Equal(
            "what a public source claims does not merge customers that are each known to a trusted source",
            left.Because
        );
        // From a server the same message is decided as before there was trust.
        Assert.IsType<IdentityDecision.Merge>(Decide(isClaimed: false, carried));
    }

    /// <summary>A visitor, of whom only the browser has spoken, becomes known: by a login, or by an address.</summary>
    [Theory]
    [InlineData("user_id:ann", "anonymous_id:a")]
    [InlineData("email:ann", "anonymous_id:a")]
    [InlineData("user_id:ann", "email:visitor")]
    [InlineData("email:one", "email:visitor")]
    public void Claim_OfAKnownPersonAndAVisitor_MergesThem(string known, string visitor) =>
        Assert.IsType<IdentityDecision.Merge>(
            Decide(
                isClaimed: true,
                Owned(known, Customer(1, known)),
                Owned(visitor, Customer(2, visitor) with { Held = [Claimed(visitor)] })
            )
        );

    /// <summary>A visitor claims another's address on her own device, and logs in: the server's word is about the device.</summary>
    [Fact]
    public void Device_ThatAClaimHasLinked_VouchesForNobody()
    {
        CustomerFacts victim = Customer(1, "email:victim") with
        {
            Held = [Held("email:victim"), Claimed("anonymous_id:a")],
        };
        CustomerFacts attacker = Customer(2, "user_id:attacker");

        IdentityDecision decision = Decide(
            isClaimed: false,
            Owned("user_id:attacker", attacker),
            Owned("anonymous_id:a", victim)
        );

        Assert.Equal(attacker.CustomerId, Assert.IsType<IdentityDecision.Link>(decision).CustomerId);
        Assert.Equal(["anonymous_id:a"], decision.Demoted.Select(one => one.Identifier.ToString()));
    }

    [Fact]
    public void Claim_OfWhatNobodyOwns_IsLinked() =>
        Assert.Empty(
            Assert
                .IsType<IdentityDecision.Link>(
                    Decide(
                        isClaimed: true,
                        Owned("user_id:ann", Customer(1, "user_id:ann")),
                        Owned("email:ann", null),
                        Owned("anonymous_id:a", null)
                    )
                )
                .Demoted
        );

    /// <summary>Who holds what, and what of it is claimed, does not matter: a claim never merges two whom somebody knows.</summary>
    [Fact]
    public void Claim_WhateverItCarries_NeverMergesTwoKnownPeople()
    {
        Gen<HeldIdentifier> held =
            from type in Gen.Elements("user_id", "email", "anonymous_id")
            from value in Gen.Choose(0, 99)
            from link in Gen.Elements(true, false)
            from word in Gen.Elements(true, false)
            select Held($"{type}:{value}") with
            {
                IsLinkClaimed = link,
                IsClaimed = link && word,
            };
        Gen<CustomerFacts[]> customers = held.NonEmptyListOf()
            .Resize(4)
            .ArrayOf(3)
            .Select(all =>
            {
                HashSet<Identifier> seen = [];
                return all.Select(
                        (list, number) =>
                            Customer(number + 1) with
                            {
                                Held = [.. list.Where(one => seen.Add(one.Identifier))],
                            }
                    )
                    .Where(one => !one.Held.IsEmpty)
                    .ToArray();
            });
        Prop.ForAll(
                customers.ToArbitrary(),
                all =>
                {
                    OwnedIdentifier[] carried =
                    [
                        .. all.Select(one => Owned(one.Held[0].Identifier.ToString(), one))
                            .OrderBy(one => s_rules.Find(one.Identifier.Type)!.Priority),
                    ];
                    IdentityDecision decision = Decide(isClaimed: true, carried);
                    return decision is not IdentityDecision.Merge merge
                        || all.Where(one => merge.Younger.Append(merge.Oldest).Contains(one.CustomerId))
                            .Count(one =>
                                one.Held.Any(of =>
                                    of.Identifier.Type == "user_id" || (of.Identifier.Type == "email" && !of.IsClaimed)
                                )
                            ) < 2;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    /// <summary>A trusted message under an identifier makes it one that somebody who is believed has spoken of.</summary>
    [Fact]
    public void Entry_OfAClaim_IsClaimedUntilATrustedMessageComes()
    {
        Identifier anchor = Identifier.Parse("email:j@x.com");
        var evidence = new LinkEvidence("m-0", "web", s_now, "v") { IsClaimed = true };
        ProfileMap map = ProfileMap.Empty.Link(anchor, evidence);
        Assert.True(map.Entries[0].Held is { IsClaimed: true, IsLinkClaimed: true });

        map = map.Fold(new LogPlace(0, 1), Page("web", SourceTrust.Public, "m-1"))!.Value;
        Assert.True(map.Entries[0].Held.IsClaimed);

        map = map.Fold(new LogPlace(0, 2), Page("crm", SourceTrust.Server, "m-2"))!.Value;
        Assert.True(map.Entries[0].Held is { IsClaimed: false, IsLinkClaimed: true });
        ProfileEntry read = ReadBack(map).Entries[0];
        Assert.Equal(map.Entries[0].Held, read.Held);
    }

    /// <summary>What an older release has stored was linked and said by sources that were all believed.</summary>
    [Fact]
    public void Entry_OfAnOlderRelease_IsTrusted()
    {
        ProfileEntry entry = ReadMap(
            """
            [{"identifier":"email:j@x.com","appliedTo":1,"evidence":{"messageId":"m","source":"web","at":"2026-11-22T09:00:00Z","ruleVersion":"v"},"fold":{"messageCount":1}}]
            """
        ).Entries[0];

        Assert.True(entry.Held is { IsClaimed: false, IsLinkClaimed: false });
    }

    private static Envelope Page(string source, SourceTrust trust, string id) =>
        Events.Messages.Accept(
            $$$"""{"type":"page","messageId":"{{{id}}}","context":{"traits":{"email":"j@x.com"} } }""",
            Events.Messages.Context with
            {
                Source = source,
                Trust = trust,
            }
        );

    private static ProfileMap ReadBack(ProfileMap map)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var writer = new System.Text.Json.Utf8JsonWriter(buffer);
        ProfileMapJson.Write(writer, map);
        writer.Flush();
        return ReadMap(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static ProfileMap ReadMap(string json)
    {
        var reader = new System.Text.Json.Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        reader.Read();
        return ProfileMapJson.Read(ref reader);
    }

    private static CustomerFacts Customer(int age, params string[] held) =>
        new(CustomerId.From(s_now.AddDays(age - 10), 0, age), [.. held.Select(Held)]);

    private static HeldIdentifier Held(string identifier) => new(Identifier.Parse(identifier), s_now.AddDays(-1));

    private static HeldIdentifier Claimed(string identifier) =>
        Held(identifier) with
        {
            IsLinkClaimed = true,
            IsClaimed = true,
        };

    private static OwnedIdentifier Owned(string identifier, CustomerFacts? owner) =>
        new(Identifier.Parse(identifier), owner);

    private static IdentityDecision Decide(bool isClaimed, params OwnedIdentifier[] carried) =>
        IdentityDecision.Decide([.. carried.Select(one => one with { IsClaimed = isClaimed })], s_now, s_rules);
}
