using Customer360.Rules.Ports;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The steps over the tables of grain state. The keys of one step differ from each other.</summary>
internal static partial class StateTable
{
    /// <summary>States of a kind, by key.</summary>
    public static NpgsqlBatchCommand ReadPage(string kind, string afterKey, int limit)
    {
        NpgsqlBatchCommand command = new(s_ownTables.ContainsKey(kind) ? PageSql(kind) : PageAnyKindSql);
        command.Parameters.AddText(afterKey);
        command.Parameters.AddInteger(limit);
        AddKindIfAny(command.Parameters, kind);
        return command;
    }

    public static ScannedState ReadRow(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetFieldValue<byte[]>(1));

    private static Statements Of(string kind) => s_ownTables.GetValueOrDefault(kind, s_anyKind);

    private static void AddKindIfAny(NpgsqlParameterCollection parameters, string kind)
    {
        if (!s_ownTables.ContainsKey(kind))
        {
            parameters.AddText(kind);
        }
    }

    private static async Task<HashSet<string>> ReadKeysAsync(NpgsqlDataReader reader)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    /// <summary>First writes of states.</summary>
    public sealed class InsertStep(string kind, List<StateWriteWork> works) : PostgresStep(Of(kind).Insert)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            HashSet<string> written = await ReadKeysAsync(reader);
            foreach (StateWriteWork work in works)
            {
                work.Result = written.Contains(work.Key) ? 1 : null;
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. works.Select(work => work.Key)]);
            parameters.AddJsons([.. works.Select(work => work.Json)]);
            AddKindIfAny(parameters, kind);
        }
    }

    /// <summary>Later writes of states.</summary>
    public sealed class UpdateStep(string kind, List<StateWriteWork> works) : PostgresStep(Of(kind).Update)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            HashSet<string> written = await ReadKeysAsync(reader);
            foreach (StateWriteWork work in works)
            {
                work.Result = written.Contains(work.Key) ? work.ExpectedVersion + 1 : null;
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. works.Select(work => work.Key)]);
            parameters.AddJsons([.. works.Select(work => work.Json)]);
            parameters.AddBigints([.. works.Select(work => work.ExpectedVersion)]);
            AddKindIfAny(parameters, kind);
        }
    }

    /// <summary>One write, with its audit records, its row in the list of leads, and its rows of the outbox.</summary>
    public sealed class WriteTogetherStep(StateWriteWork work) : PostgresStep(Of(work.Kind).Together(work))
    {
        public override async Task ReadAsync(NpgsqlDataReader reader) =>
            work.Result = await reader.ReadAsync() ? work.ExpectedVersion + 1 : null;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([work.Key]);
            parameters.AddJsons([work.Json]);
            if (work.ExpectedVersion != 0)
            {
                parameters.AddBigints([work.ExpectedVersion]);
            }

            AddKindIfAny(parameters, work.Kind);
            if (!work.Audit.IsEmpty)
            {
                AuditTable.AddRecords(parameters, work.Audit);
            }

            foreach (StateListing listing in work.Listings)
            {
                switch (listing)
                {
                    case LeadListing { Row: { } row }:
                        LeadTable.AddRow(parameters, work.Kind, row);
                        break;
                    case LeadListing:
                        parameters.AddText(work.Kind);
                        break;
                    case AudienceListing members:
                        AudienceTable.AddRows(parameters, members);
                        break;
                    case NameListing names:
                        NameTable.AddRows(parameters, names);
                        break;
                    default:
                        break;
                }
            }

            if (!work.Outbox.IsEmpty)
            {
                OutboxTable.AddRows(parameters, work.Outbox);
            }
        }
    }

    public sealed class DeleteStep(string kind, List<StateClearWork> works) : PostgresStep(Of(kind).Delete)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            HashSet<string> removed = await ReadKeysAsync(reader);
            foreach (StateClearWork work in works)
            {
                work.Result = removed.Contains(work.Key);
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. works.Select(work => work.Key)]);
            parameters.AddBigints([.. works.Select(work => work.ExpectedVersion)]);
            AddKindIfAny(parameters, kind);
        }
    }

    public sealed class ReadStep(string kind, List<StateReadWork> works) : PostgresStep(Of(kind).Read)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            Dictionary<string, StoredState> states = new(works.Count, StringComparer.Ordinal);
            while (await reader.ReadAsync())
            {
                states.Add(reader.GetString(0), new StoredState(reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)));
            }

            foreach (StateReadWork work in works)
            {
                work.Result = states.GetValueOrDefault(work.Key);
            }
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. works.Select(work => work.Key)]);
            AddKindIfAny(parameters, kind);
        }
    }
}
