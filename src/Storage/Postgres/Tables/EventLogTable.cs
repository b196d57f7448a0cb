using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>Reads of the log. Its writes are the steps in this folder.</summary>
internal static partial class EventLogTable
{
    public static NpgsqlBatchCommand ReadPartition(int partition, long afterPosition, int limit)
    {
        NpgsqlBatchCommand command = new(ReadPartitionSql);
        command.Parameters.AddInteger(partition);
        command.Parameters.AddBigint(afterPosition);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static NpgsqlBatchCommand ReadTimeline(TimelineQuery query)
    {
        NpgsqlBatchCommand command = new(query.Descending ? ReadTimelineDescendingSql : ReadTimelineSql);
        AddRange(command.Parameters, query);
        return command;
    }

    public static NpgsqlBatchCommand ReadTimes(TimelineQuery query)
    {
        NpgsqlBatchCommand command = new(ReadTimesSql);
        AddRange(command.Parameters, query);
        return command;
    }

    public static LogRow ReadRow(NpgsqlDataReader reader, int column = 0) =>
        new(
            reader.GetInt32(column),
            reader.GetInt64(column + 1),
            reader.GetString(column + 2),
            reader.GetString(column + 3),
            PostgresTime.Read(reader.GetDateTime(column + 4)),
            reader.GetFieldValue<byte[]>(column + 5)
        );

    private static void AddRange(NpgsqlParameterCollection parameters, TimelineQuery query)
    {
        DateTime outermost = DateTime.SpecifyKind(
            query.Descending ? DateTime.MaxValue : DateTime.MinValue,
            DateTimeKind.Utc
        );
        parameters.AddTexts([.. query.Anchors]);
        parameters.AddTime(PostgresTime.Bound(query.From));
        parameters.AddTime(PostgresTime.Bound(query.To));
        parameters.AddTime(query.After is { } after ? PostgresTime.Store(after.Timestamp) : outermost);
        parameters.AddInteger(query.After?.Partition ?? (query.Descending ? int.MaxValue : -1));
        parameters.AddBigint(query.After?.Position ?? (query.Descending ? long.MaxValue : -1));
        parameters.AddInteger(query.Limit);
    }

    /// <summary>Appends of different partitions.</summary>
    public sealed class AppendStep(List<AppendWork> works, RemovedHash hash) : PostgresStep(AppendSql)
    {
        // For each work it holds the messages to send; an id that is repeated within the append is there once.
        private readonly List<LogAppend>[] _sent = [.. works.Select(work => WithoutRepeats(work.Messages))];

        /// <summary>Appends that met messages which the log already holds; their positions are asked for afterwards.</summary>
        public List<AppendWork> WithDuplicates { get; } = [];

        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            Dictionary<int, int> storedByPartition = [];
            while (await reader.ReadAsync())
            {
                storedByPartition.Add(reader.GetInt32(0), reader.GetInt32(1));
            }

            WithDuplicates.Clear();
            foreach (AppendWork work in works)
            {
                bool passed = storedByPartition.TryGetValue(work.Partition, out int stored);
                work.Result = passed ? AppendWork.AllStored(work.Messages.Length) : AppendWork.FencedResult;
                if (passed && stored < work.Messages.Length)
                {
                    WithDuplicates.Add(work);
                }
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddIntegers([.. works.Select(work => work.Partition)]);
            parameters.AddBigints([.. works.Select(work => work.FirstPosition)]);
            parameters.AddBigints([.. works.Select(work => work.NextPosition)]);

            int count = _sent.Sum(messages => messages.Count);
            int[] partitions = new int[count];
            long[] positions = new long[count];
            string[] ids = new string[count];
            string[] anchors = new string[count];
            DateTime[] times = new DateTime[count];
            ReadOnlyMemory<byte>[] payloads = new ReadOnlyMemory<byte>[count];
            byte[][] hashes = new byte[count][];
            int index = 0;
            for (int work = 0; work < works.Count; work++)
            {
                foreach (LogAppend message in _sent[work])
                {
                    partitions[index] = works[work].Partition;
                    positions[index] = message.Position;
                    ids[index] = message.MessageId;
                    anchors[index] = message.Anchor;
                    times[index] = PostgresTime.Store(message.Timestamp);
                    payloads[index] = message.Payload;
                    hashes[index] = hash.Of(message.MessageId);
                    index++;
                }
            }

            parameters.AddIntegers(partitions);
            parameters.AddBigints(positions);
            parameters.AddTexts(ids);
            parameters.AddTexts(anchors);
            parameters.AddTimes(times);
            parameters.AddJsons(payloads);
            parameters.AddByteas(hashes);
        }

        private static List<LogAppend> WithoutRepeats(ImmutableArray<LogAppend> messages)
        {
            HashSet<string> ids = new(messages.Length, StringComparer.Ordinal);
            List<LogAppend> first = new(messages.Length);
            foreach (LogAppend message in messages)
            {
                if (ids.Add(message.MessageId))
                {
                    first.Add(message);
                }
            }

            return first;
        }
    }

    /// <summary>Asks where the messages of a committed append are stored: a message that is stored elsewhere is a duplicate.</summary>
    public sealed class PositionsStep(AppendWork work, RemovedHash hash) : PostgresStep(PositionsSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            Dictionary<string, long> positions = new(StringComparer.Ordinal);
            while (await reader.ReadAsync())
            {
                positions.Add(reader.GetString(0), reader.GetInt64(1));
            }

            ImmutableArray<long>.Builder duplicates = ImmutableArray.CreateBuilder<long>(work.Messages.Length);
            foreach (LogAppend message in work.Messages)
            {
                long stored = positions[message.MessageId];
                duplicates.Add(stored == message.Position ? 0 : stored);
            }

            work.Result = new AppendResult(Fenced: false, duplicates.MoveToImmutable());
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddInteger(work.Partition);
            string[] ids = [.. work.Messages.Select(message => message.MessageId).Distinct(StringComparer.Ordinal)];
            parameters.AddTexts(ids);
            parameters.AddByteas([.. ids.Select(hash.Of)]);
        }
    }

    /// <summary>Takes messages out; a hash of their ids is left.</summary>
    public sealed class RemoveStep(LogErasureWork work) : PostgresStep(RemoveSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddInteger(work.Partition);
            parameters.AddBigints([.. work.Removed.Select(one => one.Position)]);
            parameters.AddByteas([.. work.Removed.Select(one => one.Hash)]);
        }
    }

    /// <summary>Gives messages another payload.</summary>
    public sealed class ReplaceStep(LogErasureWork work) : PostgresStep(ReplaceSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddInteger(work.Partition);
            parameters.AddBigints([.. work.Replaced.Select(one => one.Position)]);
            parameters.AddJsons([.. work.Replaced.Select(one => one.Payload)]);
        }
    }

    public sealed class OpenPartitionStep(OpenPartitionWork work) : PostgresStep(OpenPartitionSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            await reader.ReadAsync();
            work.Result = new PartitionHead(work.Partition, reader.GetInt64(0), reader.GetInt64(1));
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters) =>
            parameters.AddInteger(work.Partition);
    }

    public sealed class CheckpointStep(List<CheckpointWork> works) : PostgresStep(CheckpointSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            // An update applies one of several rows for the same partition, and does not say which.
            CheckpointWork[] furthest =
            [
                .. works.GroupBy(work => work.Partition).Select(group => group.MaxBy(work => work.Position)!),
            ];
            parameters.AddIntegers([.. furthest.Select(work => work.Partition)]);
            parameters.AddBigints([.. furthest.Select(work => work.Position)]);
        }
    }

    /// <summary>Messages of anchors, many requests at once.</summary>
    public sealed class AnchorsStep(List<AnchorReadWork> works) : PostgresStep(ReadAnchorsSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            ImmutableArray<LogRow>.Builder?[] answers = new ImmutableArray<LogRow>.Builder?[works.Count];
            while (await reader.ReadAsync())
            {
                int index = (int)reader.GetInt64(0) - 1;
                (answers[index] ??= ImmutableArray.CreateBuilder<LogRow>()).Add(ReadRow(reader, column: 1));
            }

            for (int index = 0; index < works.Count; index++)
            {
                works[index].Result = answers[index]?.DrainToImmutable() ?? [];
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. works.Select(work => work.Anchor)]);
            parameters.AddBigints([.. works.Select(work => work.AfterPosition)]);
            parameters.AddIntegers([.. works.Select(work => work.Limit)]);
        }
    }

    /// <summary>Messages of ids, many requests at once.</summary>
    public sealed class MessagesStep(List<MessageReadWork> works) : PostgresStep(FindMessagesSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            ImmutableArray<LogRow>.Builder?[] answers = new ImmutableArray<LogRow>.Builder?[works.Count];
            while (await reader.ReadAsync())
            {
                int index = (int)reader.GetInt64(0) - 1;
                (answers[index] ??= ImmutableArray.CreateBuilder<LogRow>()).Add(ReadRow(reader, column: 1));
            }

            for (int index = 0; index < works.Count; index++)
            {
                works[index].Result = answers[index]?.DrainToImmutable() ?? [];
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters) =>
            parameters.AddTexts([.. works.Select(work => work.MessageId)]);
    }
}
