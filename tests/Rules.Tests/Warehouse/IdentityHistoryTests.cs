using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Rules.Tests.Warehouse;

public sealed class IdentityHistoryTests
{
    private static readonly Identifier s_user = Identifier.Create("user_id", "u-1");
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a-1");

    [Fact]
    public void Of_WhatAMergeBrought_BeginsWithTheMergeAndEndsAtTheOther()
    {
        DecisionRecord[] decisions =
        [
            Decision("d_1", DecisionKinds.Created, "c_old", null, day: 1, s_user),
            Decision("d_2", DecisionKinds.Created, "c_young", null, day: 2, s_device),
            Decision("d_3", DecisionKinds.Merged, "c_old", "c_young", day: 5, s_device),
        ];

        ImmutableArray<HeldIdentifier> old = Of("c_old", decisions, s_user, s_device);
        ImmutableArray<HeldIdentifier> young = Of("c_young", decisions);

        Assert.Equal(["anonymous_id:a-1 5..  d_3 ", "user_id:u-1 1..  d_1 "], old.Select(Text));
        Assert.Equal(["anonymous_id:a-1 2..5 d_2 d_3"], young.Select(Text));
    }

    [Fact]
    public void Of_AMergeThatWasTakenBack_HasTheTimeBetweenAndIsOpenAgain()
    {
        DecisionRecord[] decisions =
        [
            Decision("d_2", DecisionKinds.Created, "c_young", null, day: 2, s_device),
            Decision("d_3", DecisionKinds.Merged, "c_old", "c_young", day: 5, s_device),
            Decision("d_4", DecisionKinds.Split, "c_old", "c_young", day: 8, s_device),
        ];

        Assert.Equal(
            ["anonymous_id:a-1 2..5 d_2 d_3", "anonymous_id:a-1 8..  d_4 "],
            Of("c_young", decisions, s_device).Select(Text)
        );
        Assert.Equal(["anonymous_id:a-1 5..8 d_3 d_4"], Of("c_old", decisions).Select(Text));
    }

    [Fact]
    public void Of_ALateMessageThatMergedBeforeWhatMadeTheOther_LeavesNothingOpenThatIsNotHeld()
    {
        DecisionRecord[] decisions =
        [
            Decision("d_3", DecisionKinds.Merged, "c_old", "c_young", day: 1, s_device),
            Decision("d_2", DecisionKinds.Created, "c_young", null, day: 4, s_device),
        ];

        Assert.Equal(["anonymous_id:a-1 4..4 d_2 d_3"], Of("c_young", decisions).Select(Text));
    }

    [Fact]
    public void Of_WhatNoRecordNames_IsOpenSinceItWasLinked()
    {
        Assert.Equal(["user_id:u-1 3..   "], Of("c_old", [], s_user).Select(Text));
    }

    private static ImmutableArray<HeldIdentifier> Of(
        string customerId,
        IEnumerable<DecisionRecord> decisions,
        params Identifier[] held
    ) =>
        IdentityHistory.Of(
            customerId,
            decisions.Where(one => one.CustomerId == customerId || one.OtherCustomerId == customerId).Reverse(),
            [.. held.Select(one => new ProfilePlace(one, Day(3)))]
        );

    private static string Text(HeldIdentifier one) =>
        $"{one.Identifier} {one.From.Day}..{(one.To is { } to ? $"{to.Day}" : " ")} {one.Began?.Id} {one.Ended?.Id}";

    private static DateTimeOffset Day(int day) => new(2026, 11, day, 0, 0, 0, TimeSpan.Zero);

    private static DecisionRecord Decision(
        string id,
        string kind,
        string customerId,
        string? other,
        int day,
        params Identifier[] identifiers
    ) => new(id, kind, customerId, other, Day(day), new DecisionPayload { Identifiers = [.. identifiers] }.Write());
}
