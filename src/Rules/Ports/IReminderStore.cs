using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>A reminder of a grain, as stored. <paramref name="Version"/> rises by one with every write.</summary>
public sealed record StoredReminder(
    string GrainType,
    string GrainKey,
    string Name,
    DateTimeOffset StartAt,
    TimeSpan Period,
    long Version
);

/// <summary>Durable reminders of a grid of one process. The port that storage implements.</summary>
public interface IReminderStore
{
    /// <summary>All reminders; read once when a node starts.</summary>
    Task<ImmutableArray<StoredReminder>> ReadAllAsync(CancellationToken cancellationToken);

    Task<StoredReminder?> ReadAsync(
        string grainType,
        string grainKey,
        string name,
        CancellationToken cancellationToken
    );

    Task<ImmutableArray<StoredReminder>> ReadGrainAsync(
        string grainType,
        string grainKey,
        CancellationToken cancellationToken
    );

    /// <summary>Writes a reminder, new or changed; answers its new version.</summary>
    Task<long> UpsertAsync(StoredReminder reminder, CancellationToken cancellationToken);

    /// <summary>Removes a reminder if its version is still the expected one.</summary>
    Task<bool> RemoveAsync(
        string grainType,
        string grainKey,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    );
}
