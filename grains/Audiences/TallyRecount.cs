using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Grains;

/// <summary>Counts what another selection counts, from the log.</summary>
/// <param name="strip">Takes out of a message what must not be used any more.</param>
internal sealed class TallyRecount(IEventLog log, Func<Envelope, Envelope> strip)
{
    private const int PageRows = 1_000;

    /// <summary>The map with the tallies of the selection; the same where it has them.</summary>
    public async Task<ProfileMap> Of(ProfileMap map, IEventSelection selection, CancellationToken stop)
    {
        foreach (ProfileEntry entry in map.Entries.Where(entry => entry.HasToBeRecounted(selection)))
        {
            EntryTallies counted = entry.Tallies.Recount(
                selection,
                await Read(entry, selection, stop),
                entry.AppliedTo
            );
            map = map.Recounted(entry.Identifier, entry.AppliedTo, counted);
        }

        return map;
    }

    /// <summary>The messages that are folded and met. Most are not, and are not kept.</summary>
    private async Task<List<(LogPlace, Envelope)>> Read(
        ProfileEntry entry,
        IEventSelection selection,
        CancellationToken stop
    )
    {
        List<(LogPlace, Envelope)> messages = [];
        long after = 0;
        ImmutableArray<LogRow> rows;
        do
        {
            rows = await log.ReadAnchorAsync(entry.Identifier.ToString(), after, PageRows, stop);
            foreach (LogRow row in rows.Where(row => !entry.Lacks(row.Position)))
            {
                Envelope envelope = strip(EnvelopeReader.FromJson(row.Payload));
                var place = new LogPlace(row.Partition, row.Position);
                if (!envelope.IsHeld && !selection.Meet(envelope, place).IsEmpty)
                {
                    messages.Add((place, envelope));
                }
            }

            after = rows.IsEmpty ? after : rows[^1].Position;
        } while (rows.Length == PageRows && after < entry.AppliedTo);

        return messages;
    }
}
