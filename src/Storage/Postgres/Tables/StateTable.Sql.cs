using System.Collections.Concurrent;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Work;

namespace Customer360.Storage.Postgres.Tables;

internal static partial class StateTable
{
    private static readonly Statements s_anyKind = new(
        "select key, state, version from grain_state where key = any($1) and kind = $2",
        """
        insert into grain_state (kind, key, state, version)
        select $3, i.key, i.state, 1 from unnest($1, $2) as i (key, state)
        on conflict (kind, key) do nothing
        returning key
        """,
        """
        update grain_state as s set state = i.state, version = s.version + 1
        from unnest($1, $2, $3) as i (key, state, version)
        where s.kind = $4 and s.key = i.key and s.version = i.version
        returning s.key
        """,
        $"""
        with removed as (
            delete from grain_state as s using unnest($1, $2) as i (key, version)
            where s.kind = $3 and s.key = i.key and s.version = i.version
            returning s.key
        ),
        {LeadTable.UnlistedSql("removed", "$3")}
        select key from removed
        """
    );

    /// <summary>Kinds with a table of their own; every other kind is a row of <c>grain_state</c>.</summary>
    private static readonly Dictionary<string, Statements> s_ownTables = new string[]
    {
        "customer",
        "identifier",
        "account",
        "intake",
    }.ToDictionary(table => table, StatementsOf, StringComparer.Ordinal);

    private const string PageAnyKindSql =
        "select key, state from grain_state where kind = $3 and key > $1 order by key limit $2";

    private static string PageSql(string table) =>
        $"select key, state from {table} where key > $1 order by key limit $2";

    private static Statements StatementsOf(string table) =>
        new(
            $"select key, state, version from {table} where key = any($1)",
            $"""
            insert into {table} (key, state, version)
            select i.key, i.state, 1 from unnest($1, $2) as i (key, state)
            on conflict (key) do nothing
            returning key
            """,
            $"""
            update {table} as s set state = i.state, version = s.version + 1
            from unnest($1, $2, $3) as i (key, state, version)
            where s.key = i.key and s.version = i.version
            returning s.key
            """,
            $"""
            with removed as (
                delete from {table} as s using unnest($1, $2) as i (key, version)
                where s.key = i.key and s.version = i.version
                returning s.key
            ),
            {LeadTable.UnlistedSql("removed", $"'{table}'")}
            select key from removed
            """
        );

    private sealed record Statements(string Read, string Insert, string Update, string Delete)
    {
        private readonly ConcurrentDictionary<
            (bool IsFirst, int Audit, Lists Lists, bool HasEffects),
            string
        > _together = [];

        /// <summary>A write of one state, and what goes with it if it goes through.</summary>
        public string Together(StateWriteWork work) =>
            _together.GetOrAdd(
                (
                    work.ExpectedVersion == 0,
                    work.Audit.IsEmpty ? 0 : AuditTable.RecordParameters,
                    new Lists(ListAt(work, 0), ListAt(work, 1)),
                    !work.Outbox.IsEmpty
                ),
                Together
            );

        private string Together((bool IsFirst, int Audit, Lists Lists, bool HasEffects) what)
        {
            // The kind of a row of grain_state is one parameter more.
            int first = (what.IsFirst ? 3 : 4) + (ReferenceEquals(this, s_anyKind) ? 1 : 0);
            int one = first + what.Audit;
            int other = one + ParametersOf(what.Lists.One);
            string[] others =
            [
                .. what.Audit > 0
                    ? [AuditTable.ChainedSql(first, $"exists (select from written) and {AuditTable.IsNewSql}")]
                    : Array.Empty<string>(),
                .. ListedSql(what.Lists.One, one),
                .. ListedSql(what.Lists.Other, other),
                .. what.HasEffects
                    ? [OutboxTable.WrittenSql(other + ParametersOf(what.Lists.Other))]
                    : Array.Empty<string>(),
            ];
            return $"""
                with written as (
                    {(what.IsFirst ? Insert : Update)}
                ),
                {string.Join(",\n", others)}
                select key from written
                """;
        }

        private static Listed ListAt(StateWriteWork work, int place) =>
            work.Listings.ElementAtOrDefault(place) switch
            {
                LeadListing { Row: not null } => Listed.Lead,
                LeadListing => Listed.NoLead,
                AudienceListing => Listed.Members,
                NameListing => Listed.Names,
                _ => Listed.Nowhere,
            };

        private static int ParametersOf(Listed list) =>
            list switch
            {
                Listed.Lead => LeadTable.RowParameters,
                Listed.NoLead => 1,
                Listed.Members => AudienceTable.RowParameters,
                Listed.Names => NameTable.RowParameters,
                _ => 0,
            };

        private static string[] ListedSql(Listed list, int first) =>
            list switch
            {
                Listed.Lead => [LeadTable.ListedSql(first)],
                Listed.NoLead => [LeadTable.UnlistedSql("written", Parameter(first))],
                Listed.Members => [AudienceTable.ReplacedSql(first)],
                Listed.Names => [NameTable.ReplacedSql(first)],
                _ => [],
            };

        /// <summary>The lists that a write says something to: two at most, as no state is in more.</summary>
        private readonly record struct Lists(Listed One, Listed Other);

        private enum Listed
        {
            Nowhere = 0,
            Lead = 1,
            NoLead = 2,
            Members = 3,
            Names = 4,
        }

        private static string Parameter(int number) => string.Create(CultureInfo.InvariantCulture, $"${number}");
    }
}
