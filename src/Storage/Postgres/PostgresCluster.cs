using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>What a process has to know of a cluster before it joins it, read from the cluster's database.</summary>
/// <remarks>Each question takes a connection of its own: they are asked at a start, and again only while it takes long.</remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const int ClockLooks = 3;

    // Status 6 means declared dead. clock_timestamp is this moment; now() would be the beginning of the transaction.
    private const string MembersSql = """
        select deploymentid, address, port, generation, siloname, status, iamalivetime, clock_timestamp() - iamalivetime
        from orleansmembershiptable where status <> 6
        """;

    private const string HasTablesSql =
        "select to_regclass('grain_state') is not null and to_regclass('orleansquery') is not null";

    private const string StateSql = "select state::text from grain_state where kind = $1 and key = $2";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresOpening _opening;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PostgresCluster(PostgresStorageOptions options)
    {
        options.Validate();
        _source = options.CreateDataSource(pooled: false);
        _opening = new PostgresOpening(options);
    }

    /// <summary>True where the silos' tables are there; the first silo makes them.</summary>
    /// <exception cref="StorageRefusedException">The database can't be used, and waiting would not help.</exception>
    /// <exception cref="StorageUnavailableException">It does not answer; the message says why.</exception>
    public Task<bool> HasTablesAsync(CancellationToken cancellationToken) =>
        AskAsync(
            HasTablesSql,
            [],
            async reader => await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0),
            cancellationToken
        );

    /// <summary>The stored state of a grain as JSON, or null.</summary>
    /// <inheritdoc cref="HasTablesAsync"/>
    public Task<ReadOnlyMemory<byte>?> ReadStateAsync(string kind, string key, CancellationToken cancellationToken) =>
        AskAsync<ReadOnlyMemory<byte>?>(
            StateSql,
            [kind, key],
            async reader =>
                // A bare null would be taken for the whole array, and an absent array for an empty text.
                await reader.ReadAsync(cancellationToken)
                    ? Encoding.UTF8.GetBytes(reader.GetString(0))
                    : (ReadOnlyMemory<byte>?)null,
            cancellationToken
        );

    /// <summary>All silos of all clusters that were not declared dead.</summary>
    /// <inheritdoc cref="HasTablesAsync"/>
    public Task<ImmutableArray<MemberRow>> ReadMembersAsync(CancellationToken cancellationToken) =>
        AskAsync(
            MembersSql,
            [],
            async reader =>
            {
                ImmutableArray<MemberRow>.Builder members = ImmutableArray.CreateBuilder<MemberRow>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    members.Add(
                        new MemberRow(
                            reader.GetString(0),
                            reader.GetString(1),
                            reader.GetInt32(2),
                            reader.GetInt32(3),
                            reader.GetString(4),
                            IsActive: reader.GetInt32(5) == 3,
                            reader.GetDateTime(6),
                            reader.GetTimeSpan(7)
                        )
                    );
                }

                return members.DrainToImmutable();
            },
            cancellationToken
        );

    /// <summary>
    /// How far this machine's clock is ahead of the database's; negative where it is behind. It is asked a few times, and the
    /// quickest answer counts, because an answer can be wrong by half of the time that it took.
    /// </summary>
    /// <inheritdoc cref="HasTablesAsync"/>
    public Task<TimeSpan> CompareClocksAsync(TimeProvider time, CancellationToken cancellationToken) =>
        UseAsync(
            async connection =>
            {
                await using NpgsqlCommand command = new("select clock_timestamp()", connection);
                TimeSpan skew = TimeSpan.Zero;
                TimeSpan quickest = TimeSpan.MaxValue;
                for (int look = 0; look < ClockLooks; look++)
                {
                    DateTimeOffset asked = time.GetUtcNow();
                    var answer = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
                    DateTimeOffset answered = time.GetUtcNow();
                    TimeSpan took = answered - asked;
                    if (took < quickest)
                    {
                        quickest = took;
                        skew = asked + (took / 2) - new DateTimeOffset(answer);
                    }
                }

                return skew;
            },
            cancellationToken
        );

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private Task<T> AskAsync<T>(
        string sql,
        string[] parameters,
        Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellationToken
    ) =>
        UseAsync(
            async connection =>
            {
                // The statement is one of the constants above.
#pragma warning disable CA2100
                await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
                foreach (string parameter in parameters)
                {
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
                }

                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
                return await read(reader);
            },
            cancellationToken
        );

    private async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
        catch (Exception exception) when (_opening.Explain(exception) is { } failure)
        {
            throw failure.Passes
                ? new StorageUnavailableException(failure.Sentence, exception)
                : new StorageRefusedException(failure.Sentence, exception);
        }
    }
}
