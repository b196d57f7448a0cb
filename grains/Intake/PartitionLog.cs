using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// A partition's slice of the event log, and this activation as its writer. Before anything is appended it is opened: that learns
/// where it stands, and hands out what was stored and not handed out yet. Owned by a partition and used in its turns only.
/// </summary>
/// <param name="begin">Told once, at the first opening: the position up to which everything is applied.</param>
/// <param name="handOut">Given each stored message that comes from the log, in order.</param>
/// <param name="pageEnds">Told when a page of them has been given out.</param>
internal sealed class PartitionLog(
    int partition,
    IEventLog eventLog,
    Repeats repeats,
    Suppressions suppressions,
    Action<long> begin,
    Action<StoredEnvelope> handOut,
    Action pageEnds,
    ILogger logger,
    CancellationToken stop
)
{
    private const int PageMessages = 1_000;

    private Task? _opening;
    private Task<AppendResult>? _writing;

    public bool IsOpen { get; private set; }

    /// <summary>The next message's position.</summary>
    public long NextPosition { get; private set; }

    /// <summary>Every message up to here is in its lane, or was.</summary>
    public long HandedOut { get; private set; }

    public void MarkHandedOut(long position) => HandedOut = position;

    /// <summary>Nobody knows what is stored: it is opened anew before anything else.</summary>
    public void Close() => IsOpen = false;

    public async Task EnsureOpen()
    {
        while (!IsOpen)
        {
            Task opening = _opening ??= Open();
            try
            {
                await opening;
            }
            finally
            {
                if (ReferenceEquals(_opening, opening))
                {
                    _opening = null;
                }
            }
        }
    }

    /// <summary>Appends at the next position. <see cref="MoveOn"/> follows where it was not fenced.</summary>
    public async Task<AppendResult> Append(ImmutableArray<LogAppend> messages)
    {
        try
        {
            return await (_writing = eventLog.AppendAsync(partition, messages, stop));
        }
        finally
        {
            _writing = null;
        }
    }

    /// <summary>So many messages were appended or known.</summary>
    public void MoveOn(int messages) => NextPosition += messages;

    /// <summary>
    /// Waits for the append that storage is busy with. Where it failed its callers are told by the append; whether it was stored,
    /// opening finds out.
    /// </summary>
    public async Task WhenWritten()
    {
        if (_writing is { } writing)
        {
            await Task.WhenAny(writing);
            IsOpen &= writing.IsCompletedSuccessfully;
        }
    }

    /// <summary>
    /// A writer whose place this one has taken may not know it yet, and append once more: then the fence stands between us
    /// and it at our next append only. Where none is due, what it stored would wait for that, acknowledged and in no
    /// profile. So an idle partition looks whether there is something behind what it knows.
    /// </summary>
    /// <param name="isIdle">False while an append is under way.</param>
    public async Task LookForOthers(Func<bool> isIdle)
    {
        if (!IsOpen || !isIdle())
        {
            return;
        }

        long next = NextPosition;
        try
        {
            ImmutableArray<LogRow> rows = await eventLog.ReadPartitionAsync(partition, next - 1, 1, stop);
            if (!rows.IsEmpty && IsOpen && isIdle() && next == NextPosition)
            {
                logger.Overtaken(partition, next);
                Close();
                await EnsureOpen();
            }
        }
        catch (Exception error) when (Outages.Is(error) || Outages.IsDamage(error))
        {
            // Asked again at the next tick.
        }
    }

    /// <summary>Learns where the partition stands and hands out what is not handed out yet, in order.</summary>
    private async Task Open()
    {
        await repeats.LearnFromOwner();
        // The one before it may have promised to follow more of the list than this node has read.
        await suppressions.Refresh(stop);
        PartitionHead head = await eventLog.OpenAsync(partition, stop);
        if (HandedOut == 0)
        {
            HandedOut = head.Checkpoint;
            begin(head.Checkpoint);
        }

        int recovered = 0;
        while (HandedOut < head.NextPosition - 1)
        {
            ImmutableArray<LogRow> rows = await eventLog.ReadPartitionAsync(partition, HandedOut, PageMessages, stop);
            foreach (LogRow row in rows)
            {
                HandedOut = row.Position;
                handOut(new StoredEnvelope(partition, row.Position, EnvelopeReader.FromJson(row.Payload)));
            }

            recovered += rows.Length;
            pageEnds();
            if (rows.Length < PageMessages)
            {
                break;
            }
        }

        NextPosition = head.NextPosition;
        HandedOut = Math.Max(HandedOut, head.NextPosition - 1);
        IsOpen = true;
        logger.Opened(partition, NextPosition, recovered);
    }
}
