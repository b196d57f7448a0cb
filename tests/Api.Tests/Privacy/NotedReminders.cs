using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Privacy;

/// <summary>The program's own table of reminders, which notes what was registered in it.</summary>
internal sealed class NotedReminders(IReminderTable inner, ConcurrentQueue<string> registered) : IReminderTable
{
    /// <summary>Puts it around the table that the program has; each registration is noted as <c>grain name</c>.</summary>
    public static void Around(IServiceCollection services, ConcurrentQueue<string> registered)
    {
        ServiceDescriptor own = services.Last(one => one.ServiceType == typeof(IReminderTable));
        services.Remove(own);
        services.AddSingleton<IReminderTable>(provider => new NotedReminders(
            (IReminderTable)(
                own.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)
            ),
            registered
        ));
    }

    public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => inner.ReadRows(begin, end);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => inner.ReadRow(grainId, reminderName);

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        registered.Enqueue($"{entry.GrainId.Key} {entry.ReminderName}");
        return inner.UpsertRow(entry);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        inner.RemoveRow(grainId, reminderName, eTag);

    public Task TestOnlyClearTable() => inner.TestOnlyClearTable();
}
