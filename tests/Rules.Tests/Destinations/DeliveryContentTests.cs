using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Destinations.Items;
using AccessOf = Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What leaves the grid, by consent, access and what the destination chose.</summary>
public sealed class DeliveryContentTests
{
    private static readonly ConsentPolicy s_consent = new(
        [new ConsentPurpose("sales-contact") { Choice = ConsentChoice.OptOut }],
        [],
        ImmutableDictionary<string, ImmutableArray<ConsentPlace>>.Empty
    );

    private static readonly AccessPolicy s_access = AccessOf.Of(
        "public: plan user_id\npersonal: email\nsecret: ssn",
        ("profiles", AccessOf.Role("public=allow, personal=mask domain")),
        ("timelines", AccessOf.Role("public=allow, personal=allow", FieldSets.Messages))
    );

    [Fact]
    public void Merge_ThatWasNotChosen_HasARowAndIsNotSent()
    {
        Destination quiet = Hook with { Effects = [EffectKind.ProfileChanged] };
        foreach (
            Effect effect in (Effect[])
                [Effect.Merged("c_1", "c_2", "d_1", Noon), Effect.Split("c_1", "c_2", "d_1", Noon)]
        )
        {
            Assert.True(quiet.Gets(effect));
            Assert.False(quiet.Chooses(effect));
            Assert.Equal("not_chosen", Of(quiet, effect).Withheld);
        }

        Assert.NotNull(Of(Hook, Effect.Merged("c_1", "c_2", "d_1", Noon)).Content);
        Assert.Equal("never_sent", Of(quiet, Effect.Merged("c_1", "c_2", "d_1", Noon), sentBefore: false).Withheld);
    }

    [Fact]
    public void Erasure_NamesThePersonByWhatTheDestinationMayHold()
    {
        Effect erased = Effect.Erased(
            "c_1",
            "pr_1",
            [AccessOf.Id("email:jane@x.com"), AccessOf.Id("user_id:u-1"), AccessOf.Id("ssn:078-05-1120")],
            Noon
        );

        Assert.Equal(["email:***@x.com", "user_id:u-1"], NamesOf(Of(Hook, erased, role: "profiles").Content));
        Assert.Equal(
            ["user_id:u-1"],
            NamesOf(Of(Hook with { Identifiers = ["user_id"] }, erased, role: "profiles").Content)
        );
        // The role has the purpose no more: the deletion is told all the same.
        Assert.Empty(NamesOf(Of(Hook, erased, role: null).Content));
    }

    [Fact]
    public void Withdrawal_WhenThePurposeIsTheRolesNoMore_IsToldWithoutIdentifiers()
    {
        Effect withdrawn = Effect.ConsentWithdrawn("c_1", "sales-contact", "log:0:1", Noon);

        Assert.Empty(NamesOf(Of(Hook, withdrawn, ConsentStatus.Denied, role: null).Content));
        Assert.Equal(
            ["email:jane@x.com", "user_id:u-1"],
            NamesOf(Of(Hook, withdrawn, ConsentStatus.Denied, role: "timelines").Content)
        );
        Assert.Equal("not_denied", Of(Hook, withdrawn, ConsentStatus.Granted, role: null).Withheld);
        Assert.Equal("access_withheld", Of(Hook, Changed().Effect, role: null).Withheld);
    }

    [Fact]
    public void Message_IsForRolesThatMayReadMessages()
    {
        Effect message = Effect.Message("c_1", "Order", new LogPlace(0, 1), Noon);

        Assert.Equal("access_withheld", Of(Hook, message, role: "profiles").Withheld);
        // What is missing now is the message itself.
        Assert.Equal("message_gone", Of(Hook, message, role: "timelines").Withheld);
        Assert.NotNull(Of(Hook, Changed().Effect, role: "profiles").Content);
    }

    private static IEnumerable<string> NamesOf(DeliveryContent? content) =>
        content!.Identifiers.Select(one => one.ToString()).Order(StringComparer.Ordinal);

    private static (DeliveryContent? Content, string Withheld) Of(
        Destination destination,
        Effect effect,
        ConsentStatus status = ConsentStatus.Granted,
        bool sentBefore = true,
        string? role = "timelines"
    )
    {
        ProfileView view = AccessOf.View(["email:jane@x.com", "user_id:u-1"]) with
        {
            Consent = ConsentView.Of([
                new ConsentStanding("sales-contact", status, "segment", "web", new ConsentWord(Noon, "m1", "p1")),
            ]),
        };
        AccessRight? right = role is null
            ? null
            : AccessOf.Tables(s_access).Decide(AccessOf.Roles(role), new Purpose(AccessOf.Use)).Value;
        return DeliveryContent.Of(
            destination,
            Items.Of(effect, sentBefore: sentBefore),
            new DeliveryFacts("c_1", view, HasMoved: false),
            new DeliveryPolicies(right, s_consent, MastershipPolicy.Latest),
            Noon
        );
    }
}
