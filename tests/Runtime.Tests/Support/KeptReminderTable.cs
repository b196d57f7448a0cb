using System.Collections.Concurrent;
using System.Globalization;

namespace Customer360.Runtime.Tests.Support;

/// <summary>A reminder table in memory that outlives the host.</summary>
public sealed class KeptReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();
    private long _version;

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        Task.FromResult(new ReminderTableData(_rows.Values.Where(row => row.GrainId == grainId)));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        Task.FromResult(
            new ReminderTableData(_rows.Values.Where(row => Covers(begin, end, row.GrainId.GetUniformHashCode())))
        );

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
        _rows[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        Task.FromResult(
            _rows.TryGetValue((grainId, reminderName), out var row)
                && row.ETag == eTag
                && _rows.TryRemove((grainId, reminderName), out _)
        );

    public Task TestOnlyClearTable()
    {
        _rows.Clear();
        return Task.CompletedTask;
    }

    private static bool Covers(uint begin, uint end, uint hash) =>
        begin < end ? begin < hash && hash <= end : begin < hash || hash <= end;
}
