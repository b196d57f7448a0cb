using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Goes through the quarantine once, in the order of the log, and has each partition take its messages out. The place and the counts are
/// written down after each page; a crash repeats one page, of which nothing is left that was taken out.
/// </summary>
/// <param name="tools">What jobs work with.</param>
/// <param name="filter">Which messages.</param>
/// <param name="isDryRun">It only counts.</param>
/// <param name="before">Where it stood.</param>
/// <param name="keep">Writes down where it stands.</param>
internal sealed class RedriveWork(
    JobTools tools,
    RedriveFilter filter,
    bool isDryRun,
    RedriveProgress before,
    Func<RedriveProgress, ReadOnlyMemory<byte>, Task> keep
) : IJobWork
{
    private const int PageMessages = 500;

    private static readonly TimeSpan s_busyPause = TimeSpan.FromSeconds(1);

    private RedriveProgress _at = before;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        while (true)
        {
            ImmutableArray<QuarantinedMessage> page = await pace.Storage(
                tools.Quarantine.ListAsync(new QuarantineCursor(_at.Partition, _at.Position), PageMessages, stop)
            );
            foreach (IGrouping<int, QuarantinedMessage> part in page.GroupBy(one => one.Partition))
            {
                await Take(part.Key, [.. part], pace, stop);
            }

            await progress(100.0 * Math.Max(_at.Partition, 0) / tools.Grid.Partitions);
            if (page.Length < PageMessages)
            {
                return new JobResult(Report(), []);
            }
        }
    }

    private async Task Take(int partition, QuarantinedMessage[] messages, JobPace pace, CancellationToken stop)
    {
        // What could not be applied for another reason is tried again one by one.
        ImmutableArray<long> positions =
        [
            .. messages.Where(one => one.Reason == ContractViolations.Reason).Select(one => one.Position),
        ];
        while (!positions.IsEmpty)
        {
            stop.ThrowIfCancellationRequested();
            RedriveReply reply = await tools
                .Grains.GetGrain<IIntakeGrain>(partition)
                .Redrive(new RedriveRequest(positions, filter, isDryRun));
            if (reply.Busy == 0)
            {
                _at = _at.With(partition, positions[^1], reply);
                break;
            }

            // Messages that come in go first. What was taken out meanwhile is on the list no more.
            _at = _at.Partly(reply);
            // A job of its own waits, and no caller: nobody rings when a partition has room again.
            await Task.Delay(s_busyPause, tools.Time, stop);
            positions = await StillListed(partition, positions, stop);
        }

        _at = _at with { Partition = partition, Position = messages[^1].Position };
        await keep(_at, Report());
        await pace.Rest();
    }

    private async Task<ImmutableArray<long>> StillListed(
        int partition,
        ImmutableArray<long> positions,
        CancellationToken stop
    )
    {
        ImmutableArray<QuarantinedMessage> listed = await tools.Quarantine.ListAsync(
            new QuarantineCursor(partition, positions[0] - 1),
            PageMessages,
            stop
        );
        return
        [
            .. listed.Where(one => one.Partition == partition).Select(one => one.Position).Intersect(positions).Order(),
        ];
    }

    /// <summary><c>{"matched","released","gone","violating","violations":[…]}</c></summary>
    private ReadOnlyMemory<byte> Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        RedriveProgressJson.WriteCounts(writer, _at);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
