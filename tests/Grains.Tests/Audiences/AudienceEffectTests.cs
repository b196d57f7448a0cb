using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audiences;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Audiences;

/// <summary>What destinations are told of audiences: each change once, whatever fails beside it.</summary>
public sealed class AudienceEffectTests : IAsyncLifetime
{
    private const string Seen = """
        owner: {team: marketing, contact: marketing}
        audiences:
          - name: seen
            purpose: personalization
            if: {event: Visit, within: 2h}
        """;

    private const string Destinations = """
        owner: {team: growth, contact: growth}
        destinations:
          hook:
            kind: webhook
            address: https://hooks.example.com/c360
            secrets: [HOOK]
            purpose: ads
            role: marketing-automation
            effects: [audience.entered, audience.left]
        """;

    private static readonly string s_clicked = Seen.Replace("Visit", "Click", StringComparison.Ordinal);
    private static readonly DateTimeOffset s_far = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PolicyFolderOf _folder = new("audiences.yaml", Seen);
    private readonly FailingReminders _reminders = new();
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("destinations.yaml", Destinations);
        _grid = await TestGrid.StartAsync(
            builder => _reminders.Around(builder.Services),
            ("Customer360:Jobs:AudiencesEvery", "00:00:00"),
            _folder.Setting
        );
        await Follow(Seen);
        await TestGrid.Until(() =>
            _grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>().Current.Find("hook") is not null
        );
        // What waits is looked at here: nobody else is to take it.
        await _grid.Grains.GetGrain<IDestinationGrain>("hook").Pause("test");
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Change_OfACauseThatComesAgain_IsToldAgain()
    {
        await _grid.CollectApplied(Track("v1", "u1", null, "Visit"));
        Assert.Equal(["audience.entered seen"], await Take());

        await Put(s_clicked);
        Assert.Equal(["audience.left seen"], await Take());
        await Put(Seen);
        Assert.Equal(["audience.entered seen"], await Take());

        // The same definition lets the same customer leave once more.
        await Put(s_clicked);
        Assert.Equal(["audience.left seen"], await Take());
    }

    [Fact]
    public async Task Entry_WhoseReminderCannotBeRegistered_IsToldOnceItCan()
    {
        await _grid.CollectApplied(Track("c1", "u1", null, "Other"));
        _reminders.Fail();
        Task applied = _grid.CollectApplied(Track("v1", "u1", null, "Visit"));
        await TestGrid.Until(() => _reminders.Failures > 0);
        _reminders.Heal();
        await applied;

        Assert.Equal(["audience.entered seen"], await Take());
        string customer = (await _grid.OwnerOf("user_id:u1"))!;
        Assert.Contains(
            await _grid.Services.GetRequiredService<IReminderStore>().ReadAllAsync(CancellationToken.None),
            one => one.Name == "audiences" && one.GrainKey.EndsWith(customer, StringComparison.Ordinal)
        );
    }

    private async Task Put(string yaml)
    {
        Assert.Null((await Policies.Put(_grid, AudiencePolicyKind.KindName, yaml)).Objection);
        await Follow(yaml);
        await _grid.Grains.GetGrain<ICustomerGrain>((await _grid.OwnerOf("user_id:u1"))!).LookAtAudiences();
    }

    private Task Follow(string file) =>
        TestGrid.Until(() =>
            Current.Find("seen")?.Hash
            == _grid.Services.GetRequiredService<PolicyKinds>().Read<AudiencePolicy>(file).Body!.Base.Find("seen")!.Hash
        );

    private AudiencePolicy Current => _grid.Services.GetRequiredService<IPolicy<AudiencePolicy>>().Current;

    /// <summary>Takes all that waits, and counts it as sent.</summary>
    private async Task<string[]> Take()
    {
        var outbox = _grid.Services.GetRequiredService<IOutbox>();
        List<string> all = [];
        while (true)
        {
            var items = await outbox.TakeAsync(
                "hook",
                new OutboxLease("test", s_far.AddDays(1)),
                s_far,
                100,
                CancellationToken.None
            );
            if (items.IsEmpty)
            {
                return [.. all];
            }

            await outbox.SettleAsync(
                "hook",
                "test",
                [.. items.Select(item => new DeliveryResult(item, DeliveryOutcome.Sent))],
                s_far,
                CancellationToken.None
            );
            all.AddRange(items.Select(item => $"{EffectKinds.WordOf(item.Effect.Kind)} {item.Effect.Name}"));
        }
    }
}
