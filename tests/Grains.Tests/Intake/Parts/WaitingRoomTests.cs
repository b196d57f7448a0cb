using Customer360.Grains.Contracts;
using static Customer360.Grains.Tests.Intake.Parts.Deliveries;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>What waits is counted from the call to the profile, and never twice.</summary>
public sealed class WaitingRoomTests
{
    private readonly AppliedPositions _applied = new();

    [Fact]
    public void Messages_AreCountedUntilTheyAreApplied()
    {
        WaitingRoom room = Of(new GridOptions());
        WaitingCall call = Call("a");
        Delivery delivery = Deliveries.Of("a", 1, call);

        room.Enter(call);
        Assert.Equal(1, room.Messages);
        room.MoveOn();
        _applied.Add(delivery);
        Assert.Equal((1, call.Bytes), (room.Messages, room.Bytes));
        room.Leave(call[0]);
        _applied.MarkApplied(delivery);

        Assert.Equal((0, 0L), (room.Messages, room.Bytes));
    }

    [Fact]
    public void IsFullFor_WhatAloneIsMoreThanTheBound_IsTakenWhenNothingElseWaits()
    {
        WaitingRoom room = Of(new GridOptions { WaitingMessagesMax = 2, WaitingBytesMax = 1_000 });

        Assert.False(room.IsFullFor(messages: 5, bytes: 5_000));
        room.Enter(Call("a"));
        Assert.False(room.IsFullFor(messages: 1, bytes: 10));
        Assert.True(room.IsFullFor(messages: 2, bytes: 10));
        Assert.True(room.IsFullFor(messages: 1, bytes: 1_000));
    }

    private WaitingRoom Of(GridOptions options) => new(options, _applied);
}
