using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <summary>
/// Reads the forms of a period from the log. Messages stand in a partition about in the order in which they came, so where the period begins
/// is found by halving, and no more is read than the period.
/// </summary>
public sealed class SentForms(IEventLog log, IOptions<GridOptions> options)
{
    private const int PageMessages = 1_000;

    /// <summary>By so much two messages may stand in another order than they came: nodes have clocks of their own.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromHours(1);

    private static readonly byte[] s_formEvent = System.Text.Encoding.UTF8.GetBytes(LeadFactReader.FormEvent);

    /// <summary>Null stands for messages that are no forms, once for each page: so that a caller can stop in time.</summary>
    /// <param name="from">By when they came.</param>
    /// <param name="to">Exclusive.</param>
    public async IAsyncEnumerable<SentForm?> Read(
        DateTimeOffset from,
        DateTimeOffset to,
        VisitReader visits,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        for (int partition = 0; partition < options.Value.Partitions; partition++)
        {
            long after = await FindBegin(partition, from, stop);
            bool hasEnded = false;
            while (!hasEnded)
            {
                ImmutableArray<LogRow> page = await log.ReadPartitionAsync(partition, after, PageMessages, stop);
                yield return null;
                foreach (LogRow row in page)
                {
                    if (FormOf(row, visits) is { } form && form.ReceivedAt >= from && form.ReceivedAt < to)
                    {
                        yield return form;
                    }
                }

                hasEnded = page.Length < PageMessages || ReceivedAt(page[^1]) - to >= s_slack;
                after = page.IsEmpty ? after : page[^1].Position;
            }
        }
    }

    /// <summary>A position behind which all that came since then stands.</summary>
    private async Task<long> FindBegin(int partition, DateTimeOffset time, CancellationToken stop)
    {
        // Behind the low one something stands that came before the time, or it is the beginning; behind the high one nothing does.
        long low = 0;
        long high = PageMessages;
        while (await IsBefore(high))
        {
            low = high;
            high *= 2;
        }

        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (await IsBefore(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;

        async Task<bool> IsBefore(long position) =>
            await log.ReadPartitionAsync(partition, position, 1, stop) is [var next]
            && time - ReceivedAt(next) > s_slack;
    }

    private static DateTimeOffset ReceivedAt(LogRow row) => EnvelopeReader.FromJson(row.Payload).ReceivedAt;

    private static SentForm? FormOf(LogRow row, VisitReader visits) =>
        // Most messages are no forms, and are not taken apart to find that out.
        row.Payload.Span.IndexOf(s_formEvent) >= 0
            ? SentForm.Of(EnvelopeReader.FromJson(row.Payload), new LogPlace(row.Partition, row.Position), visits)
            : null;
}
