using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The reminders, over one connection.</summary>
internal sealed partial class ReminderTable(SqliteConnection connection)
{
    private SqliteStatement? _upsert;
    private SqliteStatement? _delete;

    public long Upsert(StoredReminder reminder)
    {
        _upsert ??= connection.Prepare(UpsertSql);
        _upsert
            .Bind(1, reminder.GrainType)
            .Bind(2, reminder.GrainKey)
            .Bind(3, reminder.Name)
            .Bind(4, StorageTime.ToMicroseconds(reminder.StartAt))
            .Bind(5, reminder.Period.Ticks)
            .Step();
        long version = _upsert.Int64(0);
        _upsert.Reset();
        return version;
    }

    public bool Delete(string grainType, string grainKey, string name, long expectedVersion)
    {
        _delete ??= connection.Prepare(DeleteSql);
        return _delete.Bind(1, grainType).Bind(2, grainKey).Bind(3, name).Bind(4, expectedVersion).Run() == 1;
    }

    public ImmutableArray<StoredReminder> Read(ReminderFilter filter)
    {
        string sql = filter switch
        {
            { GrainType: null } => ReadAllSql,
            { Name: null } => ReadGrainSql,
            _ => ReadOneSql,
        };
        using SqliteStatement read = connection.PrepareOnce(sql);
        if (filter.GrainType is not null)
        {
            read.Bind(1, filter.GrainType).Bind(2, filter.GrainKey);
        }

        if (filter.Name is not null)
        {
            read.Bind(3, filter.Name);
        }

        ImmutableArray<StoredReminder>.Builder reminders = ImmutableArray.CreateBuilder<StoredReminder>();
        while (read.Step())
        {
            reminders.Add(
                new StoredReminder(
                    read.Text(0),
                    read.Text(1),
                    read.Text(2),
                    StorageTime.FromMicroseconds(read.Int64(3)),
                    TimeSpan.FromTicks(read.Int64(4)),
                    read.Int64(5)
                )
            );
        }

        return reminders.DrainToImmutable();
    }
}
