using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>What a stretch of the log comes to.</summary>
/// <param name="Days">By day of receipt; none is empty.</param>
/// <param name="Position">How far it was read.</param>
/// <param name="HasEnded">There is no more to read now.</param>
internal sealed record EventStretch(ImmutableSortedDictionary<DateOnly, MirrorRows> Days, long Position, bool HasEnded);

/// <summary>Makes rows of the log: for the mirror, and to compare the mirror with.</summary>
internal sealed class EventReading(JobTools tools, MirrorFields fields, MirrorSight sight, DateOnly? from, DateOnly? to)
{
    private const int PageMessages = 1_000;
    private const int PieceMessages = 100;

    /// <summary>Reads until there is enough for a file, or to the stretch's end.</summary>
    public async Task<EventStretch> Read(MirrorStretch stretch, JobPace pace, CancellationToken stop)
    {
        var days = new SortedDictionary<DateOnly, MirrorRows>();
        long position = stretch.After;
        bool hasEnded = false;
        while (!hasEnded && !IsEnough(stretch, days, position))
        {
            ImmutableArray<LogRow> page = await pace.Storage(
                tools.Log.ReadPartitionAsync(stretch.Partition, position, PageMessages, stop)
            );
            LogRow[] rows = [.. page.TakeWhile(row => row.Position <= stretch.To)];
            await fields.Ask(rows.Select(row => row.Anchor));
            foreach (LogRow[] piece in rows.Chunk(PieceMessages))
            {
                foreach (LogRow row in piece)
                {
                    if (!Add(days, row))
                    {
                        return new EventStretch(Filled(days), position, HasEnded: true);
                    }

                    position = row.Position;
                }

                await pace.Rest();
            }

            hasEnded = rows.Length < page.Length || page.Length < PageMessages;
            position = hasEnded ? stretch.To : position;
        }

        return new EventStretch(Filled(days), position, hasEnded);
    }

    private static bool IsEnough(MirrorStretch stretch, SortedDictionary<DateOnly, MirrorRows> days, long position) =>
        position > stretch.After
        && MirrorPlan.IsEnough(
            stretch,
            days.Values.Sum(rows => rows.Count),
            days.Values.Sum(rows => rows.Size),
            days.Count,
            position
        );

    /// <summary>False where the run is to stop before it.</summary>
    private bool Add(SortedDictionary<DateOnly, MirrorRows> days, LogRow row)
    {
        Envelope message = EnvelopeReader.FromJson(row.Payload);
        var day = DateOnly.FromDateTime(message.ReceivedAt.UtcDateTime);
        if (day > to)
        {
            return false;
        }

        if (day < from)
        {
            return true;
        }

        if (!days.TryGetValue(day, out MirrorRows? rows))
        {
            days.Add(day, rows = new MirrorRows(EventRows.Table));
        }

        VisibleFields seen = fields.Of(row.Anchor);
        EventRows.Add(rows, new LogPlace(row.Partition, row.Position), message, seen, sight);
        return true;
    }

    private static ImmutableSortedDictionary<DateOnly, MirrorRows> Filled(
        SortedDictionary<DateOnly, MirrorRows> days
    ) => days.Where(day => day.Value.Count > 0).ToImmutableSortedDictionary();
}
