using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>
/// Random writes and queries against a dictionary. It has a database for itself: it asks for all leads that there are. Each seed goes
/// on from the list that the one before has left.
/// </summary>
public abstract class LeadListModelTests(TestDatabase database)
{
    private const int Seeds = 30;
    private const int Writes = 40;
    private const int Queries = 40;
    private const int Leads = 60;

    private static readonly string[] s_kinds = ["lead", "customer"];

    private readonly Dictionary<string, LeadRow> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, string Id), long> _versions = [];
    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal);

    [DatabaseFact]
    public async Task List_AfterAnyWrites_AnswersAsTheModelDoes()
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            for (int write = 0; write < Writes; write++)
            {
                await WriteAsync(random);
            }

            for (int query = 0; query < Queries; query++)
            {
                await CompareAsync(seed, QueryOf(random));
            }
        }

        Assert.NotEmpty(_rows);
    }

    /// <summary>Any write of any version, of which only the right one may change anything; or a removal.</summary>
    private async Task WriteAsync(Random random)
    {
        string kind = s_kinds[random.Next(s_kinds.Length)];
        string id = $"l_{random.Next(Leads):00}";
        long stored = _versions.GetValueOrDefault((kind, id));
        long expected = random.Next(5) == 0 ? stored + random.Next(1, 3) : stored;
        if (random.Next(6) == 0)
        {
            bool cleared = await database.Storage.States.ClearAsync(kind, id, expected, CancellationToken.None);
            Assert.Equal(expected == stored && stored > 0, cleared);
            if (cleared)
            {
                _versions.Remove((kind, id));
                Unlist(kind, id);
            }

            return;
        }

        LeadListing? listing = random.Next(5) switch
        {
            0 => null,
            1 => new LeadListing(null),
            _ => new LeadListing(RowOf(random, id)),
        };
        long? version = await database.Storage.States.WriteAsync(
            kind,
            id,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Listings = listing is null ? [] : [listing] },
            CancellationToken.None
        );
        Assert.Equal(expected == stored ? stored + 1 : null, version);
        if (version is null)
        {
            return;
        }

        _versions[(kind, id)] = version.Value;
        if (listing is { Row: { } row })
        {
            _rows[id] = row;
            _kinds[id] = kind;
        }
        else if (listing is not null)
        {
            Unlist(kind, id);
        }
    }

    private void Unlist(string kind, string id)
    {
        if (_kinds.GetValueOrDefault(id) == kind)
        {
            _rows.Remove(id);
            _kinds.Remove(id);
        }
    }

    private async Task CompareAsync(int seed, LeadQuery query)
    {
        LeadRow[] expected =
        [
            .. _rows
                .Values.Where(row => IsMeant(row, query))
                .OrderByDescending(row => row.CreatedAt)
                .ThenBy(row => row.LeadId, StringComparer.Ordinal)
                .Take(query.Limit),
        ];

        ImmutableArray<LeadRow> read = await database.Storage.Leads.ReadAsync(query, CancellationToken.None);

        Assert.True(
            expected.AsSpan().SequenceEqual(read.AsSpan()),
            $"Seed {seed}, {query}: expected {string.Join(' ', expected.Select(row => row.LeadId))}, "
                + $"read {string.Join(' ', read.Select(row => row.LeadId))}."
        );
    }

    private static bool IsMeant(LeadRow row, LeadQuery query)
    {
        bool[] conditions =
        [
            query.Stage is null || query.Stage == row.Stage,
            query.Status is null || query.Status == row.Status,
            query.OwnerId is null || query.OwnerId == row.OwnerId,
            query.Queue is null || query.Queue == row.Queue,
            query.CustomerId is null || query.CustomerId == row.CustomerId,
            query.DueBy is null || row.DueAt <= query.DueBy,
            query.CreatedFrom is null || row.CreatedAt >= query.CreatedFrom,
            query.IsOpen is null || query.IsOpen == row.IsOpen,
            query.After is null || IsBehind(row, query.After),
        ];
        return Array.TrueForAll(conditions, met => met);
    }

    private static bool IsBehind(LeadRow row, LeadCursor after) =>
        row.CreatedAt == after.CreatedAt
            ? string.CompareOrdinal(row.LeadId, after.LeadId) > 0
            : row.CreatedAt < after.CreatedAt;

    private static LeadRow RowOf(Random random, string id) =>
        new(
            id,
            Value(random, "c"),
            Value(random, "stage"),
            Value(random, "status"),
            random.Next(3) == 0 ? null : Value(random, "p"),
            random.Next(3) == 0 ? null : Value(random, "q"),
            TimeOf(random),
            random.Next(3) == 0 ? null : TimeOf(random),
            random.Next(2) == 0
        );

    private static LeadQuery QueryOf(Random random)
    {
        // Of few values and times, so that most questions have an answer and many leads share a time.
        return new LeadQuery
        {
            Stage = IsAsked() ? Value(random, "stage") : null,
            Status = IsAsked() ? Value(random, "status") : null,
            OwnerId = IsAsked() ? Value(random, "p") : null,
            Queue = IsAsked() ? Value(random, "q") : null,
            CustomerId = IsAsked() ? Value(random, "c") : null,
            DueBy = IsAsked() ? TimeOf(random) : null,
            CreatedFrom = IsAsked() ? TimeOf(random) : null,
            IsOpen = IsAsked() ? random.Next(2) == 0 : null,
            After = IsAsked() ? new LeadCursor(TimeOf(random), $"l_{random.Next(Leads):00}") : null,
            Limit = random.Next(1, 12),
        };

        bool IsAsked() => random.Next(4) == 0;
    }

    private static string Value(Random random, string prefix) => $"{prefix}_{random.Next(3)}";

    private static DateTimeOffset TimeOf(Random random) => Noon.AddMinutes(random.Next(6));
}
