using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Silo.Storage;

/// <summary>
/// Takes over the reminders that a grid of one process on PostgreSQL once kept in a table of ours: the silos of a cluster
/// look into Orleans' table, and would leave a merge half done for ever that is remembered nowhere else.
/// </summary>
/// <remarks>
/// A reminder is written there before it is deleted here, so a crash in between leaves it in both, and the next start goes on.
/// One that is there already stays as it is: it is the newer. Several silos may do it at once. A grain that ends its
/// reminder meanwhile may see it once more, which reminders are free to do; it ends it again.
/// </remarks>
internal sealed class ReminderMove(IReminderStore ours, IReminderTable table) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Orleans' table is open then, and its reminder service has not yet read it.</summary>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(ReminderMove), ServiceLifecycleStage.ApplicationServices, MoveAsync);

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        foreach (StoredReminder reminder in await ours.ReadAllAsync(cancellationToken))
        {
            ReminderEntry entry = StoredReminderTable.EntryOf(reminder);
            if (await table.ReadRow(entry.GrainId, entry.ReminderName, cancellationToken) is null)
            {
                await table.UpsertRow(entry, cancellationToken);
            }

            await ours.RemoveAsync(
                reminder.GrainType,
                reminder.GrainKey,
                reminder.Name,
                reminder.Version,
                cancellationToken
            );
        }
    }
}

/// <summary>Wires the move in.</summary>
internal static class ReminderMoveRegistration
{
    public static ISiloBuilder AddReminderMove(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ReminderMove>();
        return silo;
    }
}
