using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Tests.Events;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Identity;

/// <summary>Which changes of rules give messages other anchors, and that a message can be read again after one.</summary>
public sealed class AnchorsTests
{
    private static readonly LibPhoneNumbers s_phones = new();

    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly IdentifierRule s_user = new("user_id", 1, 1, LimitWindow.Ever, Normalisation.Exact);
    private static readonly IdentifierRule s_email = new("email", 2, 5, LimitWindow.Ever, Normalisation.Email);

    private static readonly IdentityRules s_rules = new([s_user, s_email], "US");

    [Fact]
    public void AnchorsAs_WhenOnlyWhatIsJoinedChanges_IsTrue()
    {
        IdentityRules[] same =
        [
            new([s_user, s_email], "US"),
            new([s_user with { Limit = 2, Window = LimitWindow.Weekly }, s_email], "US"),
            new([s_user with { Trust = IdentifierTrust.Verified, QuarantineDegree = 7 }, s_email], "US"),
            new([s_user, s_email with { Kind = IdentifierKind.Device, CrossRegion = true }], "US"),
            new([s_user, s_email with { Priority = 5 }], "US", profileIdentifiersMax: 10),
        ];

        Assert.All(same, rules => Assert.True(rules.AnchorsAs(s_rules)));
    }

    [Fact]
    public void AnchorsAs_WhenWhatIsReadOrItsOrderChanges_IsFalse()
    {
        var us = new Regions("us", ["us", "eu"], new Dictionary<string, string>());
        var euSource = new Regions("us", ["us", "eu"], new Dictionary<string, string> { ["web"] = "eu" });
        IdentityRules[] all =
        [
            s_rules,
            new([s_user with { Priority = 2 }, s_email with { Priority = 1 }], "US"),
            new([s_user], "US"),
            new([s_user with { Normalisation = Normalisation.LowerCase }, s_email], "US"),
            new([s_user, s_email], "DE"),
            new([s_user, s_email], "US", new BlockedValues([], ["x"], ValuePatterns.None)),
            new(
                [s_user with { Blocked = new BlockedOfType(["x"], ValuePatterns.None, Normalisation.Exact) }, s_email],
                "US"
            ),
            new([s_user, s_email], "US", regions: us),
            new([s_user, s_email], "US", regions: euSource),
            new([s_user with { CrossRegion = true }, s_email], "US", regions: us),
        ];

        for (int one = 0; one < all.Length; one++)
        {
            for (int other = 0; other < all.Length; other++)
            {
                Assert.True(all[one].AnchorsAs(all[other]) == (one == other), $"{one} and {other}");
            }
        }
    }

    [Fact]
    public void ReadAgain_IsAsIfItHadBeenReadByTheseRules() =>
        Prop.ForAll(
                Gen.OneOf(MessageGenerator.Any, MessageGenerator.Plausible).ToArbitrary(),
                message =>
                {
                    using SentBody body = Messages.Sent(message);
                    MessageContext context = Messages.Context;
                    if (
                        new EnvelopeReader(IdentityRules.Default, s_phones).Read(body[0], context)
                        is not { Value: { } first }
                    )
                    {
                        return true;
                    }

                    Outcome<Envelope> direct = new EnvelopeReader(s_rules, s_phones).Read(body[0], context);
                    Outcome<Envelope> again = new EnvelopeReader(s_rules, s_phones).ReadAgain(first);
                    return direct.Succeeded
                        ? again.Value!.Equals(direct.Value)
                            && LoggedIdentifiers
                                .Read(first.Json.Span, s_rules, s_phones)
                                .Identifiers.SequenceEqual(direct.Value.Identifiers)
                        : again.Refusal!.GetType() == direct.Refusal.GetType();
                }
            )
            .Check(s_many);
}
