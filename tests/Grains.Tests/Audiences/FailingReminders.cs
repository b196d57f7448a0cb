using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Grains.Tests.Audiences;

/// <summary>Puts itself around the engine's table of reminders, which then fails to register for as long as a test says.</summary>
internal sealed class FailingReminders
{
    private volatile bool _fails;
    private int _failures;

    public int Failures => Volatile.Read(ref _failures);

    public void Fail() => _fails = true;

    public void Heal() => _fails = false;

    public void Around(IServiceCollection services)
    {
        ServiceDescriptor own = services.Last(one => one.ServiceType == typeof(IReminderTable));
        services.Remove(own);
        services.AddSingleton<IReminderTable>(provider => new Table(
            (IReminderTable)(
                own.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)
            ),
            this
        ));
    }

    private sealed class Table(IReminderTable inner, FailingReminders outer) : IReminderTable
    {
        public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => inner.ReadRows(begin, end);

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
            inner.ReadRow(grainId, reminderName);

        public Task<string?> UpsertRow(ReminderEntry entry)
        {
            if (!outer._fails)
            {
                return inner.UpsertRow(entry);
            }

            Interlocked.Increment(ref outer._failures);
            throw new StorageUnavailableException("Planned by the test.");
        }

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
            inner.RemoveRow(grainId, reminderName, eTag);

        public Task TestOnlyClearTable() => inner.TestOnlyClearTable();
    }
}
