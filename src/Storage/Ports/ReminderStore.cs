using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IReminderStore"/>
internal sealed class ReminderStore(CommitLanes commits, IStorageBackend backend) : IReminderStore
{
    public Task<ImmutableArray<StoredReminder>> ReadAllAsync(CancellationToken cancellationToken) =>
        backend.ReadRemindersAsync(new ReminderFilter(null, null, null), cancellationToken);

    public async Task<StoredReminder?> ReadAsync(
        string grainType,
        string grainKey,
        string name,
        CancellationToken cancellationToken
    )
    {
        Check(grainType, grainKey, name);
        ReminderFilter filter = new(grainType, grainKey, name);
        ImmutableArray<StoredReminder> found = await backend.ReadRemindersAsync(filter, cancellationToken);
        return found.IsEmpty ? null : found[0];
    }

    public Task<ImmutableArray<StoredReminder>> ReadGrainAsync(
        string grainType,
        string grainKey,
        CancellationToken cancellationToken
    )
    {
        Check(grainType, grainKey, name: "any");
        return backend.ReadRemindersAsync(new ReminderFilter(grainType, grainKey, null), cancellationToken);
    }

    public Task<long> UpsertAsync(StoredReminder reminder, CancellationToken cancellationToken)
    {
        Check(reminder.GrainType, reminder.GrainKey, reminder.Name);
        return commits.SubmitAsync(new ReminderUpsertWork(reminder), cancellationToken);
    }

    public Task<bool> RemoveAsync(
        string grainType,
        string grainKey,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    )
    {
        Check(grainType, grainKey, name);
        return commits.SubmitAsync(
            new ReminderRemoveWork(grainType, grainKey, name, expectedVersion),
            cancellationToken
        );
    }

    private static void Check(string grainType, string grainKey, string name)
    {
        StorageText.Check(grainType, nameof(grainType));
        StorageText.Check(grainKey, nameof(grainKey));
        StorageText.Check(name, nameof(name));
    }
}
