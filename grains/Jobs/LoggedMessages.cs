using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Hands the whole log to a shadow graph, its partitions merged by the time of receipt, then partition and position. Streamed:
/// of each partition two pages are in memory.
/// </summary>
/// <remarks>
/// Each partition keeps its own order, which is that in which the grid decided; between partitions the order is exact as far
/// as times of receipt rise within each. They do, but for requests that are handled at the same moment: those may stand a few
/// milliseconds out of order, as they could have been decided in the grid.
/// </remarks>
internal sealed class LoggedMessages
{
    private const int RowsInMemory = 16_000;
    private const int PageMax = 1_000;
    private const int PageMin = 16;
    private const int PieceMessages = 1_000;

    private readonly JobTools _tools;
    private readonly IdentityRules _rules;
    private readonly ShadowGraph _shadow;
    private readonly JobPace _pace;
    private readonly CancellationToken _stop;
    private readonly Partition[] _partitions;
    private readonly PriorityQueue<int, (long Ticks, int Partition)> _next = new();
    private readonly int _page;

    public LoggedMessages(
        JobTools tools,
        IdentityRules rules,
        ShadowGraph shadow,
        ImmutableArray<long> heads,
        JobPace pace,
        CancellationToken stop
    )
    {
        _tools = tools;
        _rules = rules;
        _shadow = shadow;
        _pace = pace;
        _stop = stop;
        _page = Math.Clamp(RowsInMemory / heads.Length, PageMin, PageMax);
        _partitions = [.. heads.Select(head => new Partition(head))];
        Total = heads.Sum();
    }

    /// <summary>Messages read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Of them, those without an identifier under the rules.</summary>
    public long WithoutIdentifier { get; private set; }

    /// <summary>Positions up to the heads; a few of them are empty.</summary>
    public long Total { get; }

    /// <summary>Reads to the heads, or until there are too many identifiers (false).</summary>
    public async Task<bool> ReadAll(int identifiersMax, Func<Task> progress)
    {
        for (int partition = 0; partition < _partitions.Length; partition++)
        {
            await Advance(partition);
        }

        int piece = 0;
        while (_next.TryDequeue(out int partition, out _))
        {
            Take(partition);
            if (_partitions[partition].Index < _partitions[partition].Messages.Count)
            {
                Enqueue(partition);
            }
            else
            {
                await Advance(partition);
                await progress();
            }

            if (_shadow.HasSomeAtTheirDegree)
            {
                await FindReleased();
            }

            if (_shadow.IdentifierCount > identifiersMax)
            {
                return false;
            }

            if (++piece % PieceMessages == 0)
            {
                await _pace.Rest();
            }
        }

        return true;
    }

    private void Take(int number)
    {
        Partition partition = _partitions[number];
        Parsed message = partition.Messages[partition.Index++];
        Count++;
        if (message.Identifiers.Length == 0)
        {
            WithoutIdentifier++;
            return;
        }

        _shadow.Add(
            message.ReceivedAt,
            new LogPlace(number, message.Position),
            message.At,
            message.Identifiers,
            message.IsClaimed
        );
    }

    /// <summary>Whom a person released from quarantine is asked of the few that come to their degree.</summary>
    private async Task FindReleased()
    {
        foreach (Identifier identifier in _shadow.TakeThoseAtTheirDegree())
        {
            StoredState? state = await _pace.Storage(
                _tools.States.ReadAsync(GrainKeys.IdentifierState, identifier.ToString(), _stop)
            );
            if (state is not null && IdentifierStateCodec.Read(state.Json).IsReleased)
            {
                _shadow.Release(identifier);
            }
        }
    }

    private void Enqueue(int number)
    {
        Partition partition = _partitions[number];
        _next.Enqueue(number, (partition.Messages[partition.Index].ReceivedAt.UtcTicks, number));
    }

    /// <summary>Reads on in a partition; asks for the next page meanwhile where the job need not rest.</summary>
    private async Task Advance(int number)
    {
        Partition partition = _partitions[number];
        partition.Messages.Clear();
        partition.Index = 0;
        if (partition.ReadTo >= partition.Head)
        {
            return;
        }

        ImmutableArray<LogRow> rows = await _pace.Storage(partition.Reading ?? Read(number));
        partition.ReadTo = rows.Length < _page ? partition.Head : rows[^1].Position;
        partition.Reading = partition.ReadTo < partition.Head && _pace.IsUnlimited ? Read(number) : null;
        foreach (LogRow row in rows)
        {
            if (row.Position > partition.Head)
            {
                partition.ReadTo = partition.Head;
                break;
            }

            LoggedIdentity read = LoggedIdentifiers.Read(row.Payload.Span, _rules, _tools.Phones);
            if (read.IsHeld)
            {
                continue;
            }

            int[] identifiers = new int[read.Identifiers.Length];
            for (int index = 0; index < identifiers.Length; index++)
            {
                identifiers[index] = _shadow.NumberOf(read.Identifiers[index]);
            }

            partition.Messages.Add(
                new Parsed(
                    read.ReceivedAt,
                    read.Timestamp,
                    row.Position,
                    identifiers,
                    read.Trust == StatementTrust.Claimed
                )
            );
        }

        if (partition.Messages.Count > 0)
        {
            Enqueue(number);
        }

        await _pace.Rest();
    }

    private Task<ImmutableArray<LogRow>> Read(int number) =>
        _tools.Log.ReadPartitionAsync(number, _partitions[number].ReadTo, _page, _stop);

    private readonly record struct Parsed(
        DateTimeOffset ReceivedAt,
        DateTimeOffset At,
        long Position,
        int[] Identifiers,
        bool IsClaimed
    );

    private sealed class Partition(long head)
    {
        public long Head { get; } = head;

        public long ReadTo { get; set; }

        public Task<ImmutableArray<LogRow>>? Reading { get; set; }

        public List<Parsed> Messages { get; } = [];

        public int Index { get; set; }
    }
}
