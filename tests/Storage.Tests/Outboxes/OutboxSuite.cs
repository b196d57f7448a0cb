using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests;

/// <summary>Causes, takes and settles. A database is shared by the tests of a class, so each has destinations and customers of its own.</summary>
public abstract class OutboxSuite(TestDatabase database)
{
    private static int s_key;

    /// <summary>What is written may be sent from the clock's now on, which is real here.</summary>
    protected static DateTimeOffset Later { get; } = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected TestDatabase Database => database;

    protected GridStorage Storage => database.Storage;

    protected async Task Cause(string destination, params Effect[] effects) =>
        Assert.NotNull(
            await Write(
                $"{destination}-{Interlocked.Increment(ref s_key)}",
                0,
                [.. effects.Select(effect => new OutboxRow(destination, effect))]
            )
        );

    protected Task<long?> Write(string key, long expected, ImmutableArray<OutboxRow> rows) =>
        Storage.States.WriteAsync(
            "customer",
            key,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Outbox = rows },
            CancellationToken.None
        );

    protected async Task Send(string destination, Effect effect, DateTimeOffset? at = null)
    {
        await Cause(destination, effect);
        await Settle(destination, await Take(destination), DeliveryOutcome.Sent, at: at);
    }

    protected Task<ImmutableArray<OutboxItem>> Take(
        string destination,
        DateTimeOffset? at = null,
        int limit = 100,
        string lease = "lease"
    )
    {
        DateTimeOffset now = at ?? Later;
        return Storage.Outbox.TakeAsync(destination, new OutboxLease(lease, now.AddMinutes(1)), now, limit, default);
    }

    protected Task<int> Settle(
        string destination,
        ImmutableArray<OutboxItem> items,
        DeliveryOutcome outcome,
        string reason = "",
        int status = 0,
        string? note = null,
        string lease = "lease",
        DateTimeOffset? at = null
    ) =>
        Storage.Outbox.SettleAsync(
            destination,
            lease,
            [.. items.Select(item => new DeliveryResult(item, outcome, reason, status) { Note = note })],
            at ?? Later,
            default
        );

    protected Task<int> Settle(
        string destination,
        OutboxItem item,
        DeliveryOutcome outcome,
        Func<DeliveryResult, DeliveryResult> more
    ) =>
        Storage.Outbox.SettleAsync(
            destination,
            "lease",
            [more(new DeliveryResult(item, outcome, "timed_out", RetryAt: Later))],
            Later,
            default
        );

    protected Task<int> Retry(string destination, OutboxItem item, DateTimeOffset at) =>
        Storage.Outbox.SettleAsync(
            destination,
            "lease",
            [new DeliveryResult(item, DeliveryOutcome.Retry, "unreachable", RetryAt: at)],
            at,
            default
        );

    protected Task<ImmutableArray<DeliveryRow>> Done(string destination, DeliveryOutcome? outcome = null) =>
        Storage.Outbox.ReadAsync(new DeliveryQuery(destination) { Outcome = outcome }, default);
}
