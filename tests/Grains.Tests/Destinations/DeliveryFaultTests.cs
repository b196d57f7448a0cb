using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>What is wrong with one row, one try or one hour is no other's fault.</summary>
public sealed class DeliveryFaultTests
{
    private const string Policy = """
        owner: {team: growth, contact: growth}
        destinations:
          crm:
            kind: hubSpot
            address: https://api.hubapi.com
            secrets: [TOKEN]
            purpose: sales-contact
            role: sales
            effects: [profile.changed, message]
            object: contacts
            key: email
            map:
              email: {from: identifiers.email}
        """;

    [Fact]
    public async Task Try_ThatOutlivesItsLease_IsNotSentBesideItself()
    {
        TaskCompletionSource answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var crm = new FakeReceiver { Pause = answers.Task, Answer = static (body, _) => (200, ResultOf(body)) };
        using var consent = new PolicyFolderOf("consent.yaml", DeliveryTests.Consent);
        (TestGrid grid, ChangingOutbox outbox) = await Start(crm, consent);
        await using TestGrid _ = grid;
        // It has ended before the answer comes.
        outbox.Lease = static (lease, now) => lease with { Until = now };
        await Change(grid, 1);
        await TestGrid.Until(() => crm.Requests.Count == 1);
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("crm");

        await TestGrid.UntilAsync(async () =>
        {
            await destination.Ring();
            return outbox.Taken > 3;
        });

        answers.SetResult();
        await TestGrid.UntilAsync(async () => await destination.Get() is { Sent: 1, Waiting: 0 });
        Assert.Single(crm.Requests);
    }

    [Fact]
    public async Task Row_ThatCannotBeRead_HarmsNoOther()
    {
        var crm = new FakeReceiver { Answer = static (body, _) => (200, ResultOf(body)) };
        using var consent = new PolicyFolderOf("consent.yaml", DeliveryTests.Consent);
        (TestGrid grid, ChangingOutbox outbox) = await Start(crm, consent);
        await using TestGrid _ = grid;
        // No log has such a place.
        outbox.Item = static item =>
            item.Effect.Name == "Bad" ? item with { Effect = item.Effect with { Cause = "log:0:0" } } : item;
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("crm");
        await destination.Pause("test");
        for (int number = 1; number <= 4; number++)
        {
            await Change(grid, number);
        }

        await grid.CollectApplied(Track("bad", "u-9", null, "Bad"));
        await destination.Resume("test");

        await TestGrid.UntilAsync(async () => await destination.Get() is { Sent: 4, Waiting: 1 });
        await TestGrid.UntilAsync(async () =>
            await destination.List(Filter("waiting")) is [{ Reason: "delivery_failed", Tries: > 0 }]
        );
        Assert.Single(crm.Requests);
    }

    [Fact]
    public async Task Request_ThatCannotBeMade_IsTakenApartUntilTheOneToBlameIsFound()
    {
        var crm = new FakeReceiver
        {
            Answer = static (body, _) =>
                body.GetProperty("inputs").EnumerateArray().Any(input => IdOf(input) == "u3@example.org")
                    ? throw new InvalidOperationException("A bug.")
                    : (200, ResultOf(body)),
        };
        using var consent = new PolicyFolderOf("consent.yaml", DeliveryTests.Consent);
        (TestGrid grid, ChangingOutbox _) = await Start(crm, consent);
        await using TestGrid host = grid;
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("crm");
        await destination.Pause("test");
        for (int number = 1; number <= 4; number++)
        {
            await Change(grid, number);
        }

        await destination.Resume("test");

        await TestGrid.UntilAsync(async () => await destination.Get() is { Sent: 3, Waiting: 1 });
        await TestGrid.UntilAsync(async () =>
            await destination.List(Filter("waiting")) is [{ Reason: "delivery_failed" }]
        );
    }

    [Fact]
    public async Task Row_ThatWaitedWhileTheDestinationWasPaused_IsNotGivenUpForThat()
    {
        var crm = new FakeReceiver { Answer = static (_, _) => (500, "") };
        using var consent = new PolicyFolderOf("consent.yaml", DeliveryTests.Consent);
        (TestGrid grid, ChangingOutbox outbox) = await Start(crm, consent);
        await using TestGrid _ = grid;
        outbox.Item = static item => item with { FirstTriedAt = item.FirstTriedAt.AddDays(-2) };
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("crm");
        await destination.Pause("test");
        await Change(grid, 1);

        await destination.Resume("test");

        await TestGrid.UntilAsync(async () =>
            await destination.List(Filter("waiting")) is [{ Reason: "receiver_failed", Tries: > 0 }]
        );
        Assert.Equal(0, (await destination.Get()).Failed);
    }

    [Fact]
    public async Task Age_OfWhatWaits_IsLookedAtBehindAFullPage_AndNobodyWaitsForATest()
    {
        TaskCompletionSource answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var crm = new FakeReceiver { Pause = answers.Task, Answer = static (body, _) => (200, ResultOf(body)) };
        using var consent = new PolicyFolderOf("consent.yaml", DeliveryTests.Consent);
        // Pages of two rows, of which one is under way: nothing can be taken behind the first page.
        (TestGrid grid, ChangingOutbox outbox) = await Start(
            crm,
            consent,
            "messages: [Bad]\n    limits: {perSecond: 1, batch: 1, concurrent: 1}"
        );
        await using TestGrid _ = grid;
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("crm");
        await destination.Pause("test");
        for (int number = 1; number <= 5; number++)
        {
            await Change(grid, number);
        }

        int looked = outbox.Looked;
        await destination.Resume("test");
        await TestGrid.Until(() => crm.Requests.Count > 0 && outbox.Looked > looked);

        Task<DeliveryTest> test = destination.Test();
        await TestGrid.Until(() => crm.Requests.Any(request => request.Method == "GET"));
        Assert.Equal(5, (await destination.Get()).Waiting);
        Assert.False(test.IsCompleted);
        answers.SetResult();
        Assert.True((await test).IsTaken);
    }

    private static DeliveryFilter Filter(string outcome) => new(outcome, null, null, null, null, null, 0, 100);

    private static string IdOf(JsonElement input) => input.GetProperty("id").GetString()!;

    private static string ResultOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Undefined
            ? ""
            : JsonSerializer.Serialize(
                new
                {
                    results = body.GetProperty("inputs")
                        .EnumerateArray()
                        .Select(input => new { id = "1", properties = new { email = IdOf(input) } }),
                }
            );

    private static async Task Change(TestGrid grid, int number) =>
        await grid.CollectApplied(
            Identify($"m{number}", $"u-{number}", null, new JsonObject { ["email"] = $"u{number}@example.org" })
        );

    private static async Task<(TestGrid Grid, ChangingOutbox Outbox)> Start(
        FakeReceiver crm,
        PolicyFolderOf consent,
        string more = "messages: [Bad]"
    )
    {
        TestGrid grid = await TestGrid.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IDeliverySender>(crm);
                builder.Services.AddSingleton<IDestinationSecrets>(crm);
                builder.Services.AddSingleton(services => new ChangingOutbox(
                    services.GetRequiredService<GridStorage>().Outbox
                ));
                builder.Services.AddSingleton<IOutbox>(services => services.GetRequiredService<ChangingOutbox>());
            },
            consent.Setting
        );
        PolicyReply reply = await Policies.Put(grid, DestinationPolicyKind.KindName, $"{Policy}\n    {more}");
        Assert.Null(reply.Objection);
        await TestGrid.Until(() =>
            !grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>().Current.Demand.IsNothing
        );
        return (grid, grid.Services.GetRequiredService<ChangingOutbox>());
    }
}
