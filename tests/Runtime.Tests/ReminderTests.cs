using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Reminders fire, can be changed and removed, and outlive activations.</summary>
public abstract class ReminderTests(HostFixture fixture) : RuntimeTests(fixture)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_later = TimeSpan.FromHours(1);

    [Fact]
    public async Task Reminder_WhenRegistered_FiresAgainAndAgainInATurn()
    {
        var key = Key();

        await Grains.GetGrain<IReminderGrain>(key).Remind("it", s_soon, s_soon).WithinLimit();

        await Journal.HasAsync(key, "it every 100", times: 2);
    }

    [Fact]
    public async Task Reminder_WhenTheGrainIsCold_ActivatesIt()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReminderGrain>(key);
        await grain.Remind("it", TimeSpan.FromMilliseconds(500), s_later).WithinLimit();

        await grain.Retire().WithinLimit();
        await Journal.HasAsync(key, "deactivated");

        await Journal.HasAsync(key, "it every 3600000");
        Assert.Equal(["activated", "deactivated", "activated", "it every 3600000"], Journal.Of(key));
    }

    [Fact]
    public async Task Register_WhenTheNameIsTaken_ReplacesTheReminder()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReminderGrain>(key);
        await grain.Remind("it", s_later, s_later).WithinLimit();

        await grain.Remind("it", s_soon, TimeSpan.FromMilliseconds(200)).WithinLimit();

        await Journal.HasAsync(key, "it every 200");
        Assert.Equal(["it"], await grain.Names().WithinLimit());
    }

    [Fact]
    public async Task GetReminder_WhenRegistered_FindsItByNameAndOnlyThen()
    {
        var grain = Grains.GetGrain<IReminderGrain>(Key());
        Assert.Null(await grain.Find("one").WithinLimit());

        await grain.Remind("one", s_later, s_later).WithinLimit();
        await grain.Remind("two", s_later, s_later).WithinLimit();
        await Grains.GetGrain<IReminderGrain>(Key(".other")).Remind("three", s_later, s_later).WithinLimit();

        Assert.Equal("one", await grain.Find("one").WithinLimit());
        Assert.Null(await grain.Find("three").WithinLimit());
        Assert.Equal(["one", "two"], await grain.Names().WithinLimit());
    }

    [Fact]
    public async Task Unregister_WhenItFires_StopsIt()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReminderGrain>(key);
        await grain.Remind("it", s_soon, s_soon).WithinLimit();
        await Journal.HasAsync(key, "it every 100");

        Assert.True(await grain.Forget("it").WithinLimit());
        await grain.Remind("clock", s_soon, s_soon).WithinLimit();
        await Journal.HasAsync(key, "clock every 100", times: 5);

        // A tick that was already on its way may still arrive.
        var late = Journal.Of(key).SkipWhile(e => e != "forgot it").Count(e => e == "it every 100");
        Assert.InRange(late, 0, 1);
        Assert.Null(await grain.Find("it").WithinLimit());
        Assert.False(await grain.Forget("it").WithinLimit());
    }

    [Fact]
    public async Task Register_WhenThePeriodIsTooShort_IsRefused() =>
        await Assert
            .ThrowsAsync<ArgumentException>(() =>
                Grains.GetGrain<IReminderGrain>(Key()).Remind("it", s_soon, TimeSpan.FromMilliseconds(99))
            )
            .WithinLimit();
}

[Collection(OnOrleans.Name)]
public sealed class ReminderTestsOnOrleans(SharedOrleans fixture) : ReminderTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class ReminderTestsOnSimulation(SharedSimulated fixture) : ReminderTests(fixture);
