using System.Globalization;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>The storage in a PostgreSQL database (14 or newer), which several processes may share.</summary>
public sealed class PostgresStorageOptions : StorageOptions
{
    /// <summary>Npgsql's connection string. No default.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long one statement or transaction may take before it counts as an outage. Default: 15 seconds.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may take to be made. Default: 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Transactions that one process writes with side by side. Each keeps a connection, and a busy one a core of the
    /// server. Default: 2.
    /// </summary>
    public int CommitLanes { get; set; } = 2;

    /// <summary>Connections for longer reads (timelines, partitions). Default: 8.</summary>
    public int ScanConnectionsMax { get; set; } = 8;

    /// <inheritdoc/>
    public override string Setting { get; set; } = nameof(ConnectionString);

    /// <summary>For example <c>database grid on db.example:5432</c>: for messages, without user and password.</summary>
    public string Place
    {
        get
        {
            NpgsqlConnectionStringBuilder parts = new(ConnectionString);
            string host = string.Create(CultureInfo.InvariantCulture, $"{parts.Host}:{parts.Port}");
            return $"database {parts.Database ?? parts.Username} on {host}";
        }
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireNoProblem(Problem(), nameof(ConnectionString));
        RequirePositive((long)CommandTimeout.TotalSeconds, nameof(CommandTimeout));
        RequirePositive((long)ConnectTimeout.TotalSeconds, nameof(ConnectTimeout));
        RequirePositive(CommitLanes, nameof(CommitLanes));
        RequirePositive(ScanConnectionsMax, nameof(ScanConnectionsMax));
    }

    /// <summary>
    /// Says what is wrong with <see cref="ConnectionString"/>, or null. Its parts are not repeated: where one is misplaced, it
    /// may belong to the password.
    /// </summary>
    public string? Problem()
    {
        const string Example = "It looks like Host=localhost;Database=customer360;Username=customer360;Password=…";
        try
        {
            return new NpgsqlConnectionStringBuilder(ConnectionString).Host is { Length: > 0 }
                ? null
                : $"{Setting} names no Host. {Example}.";
        }
        catch (Exception error)
            when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return $"{Setting} is not a connection string of PostgreSQL: a name in it is not known, or a value does not fit. "
                + $"{Example}; a value with a semicolon stands in quotes.";
        }
    }

    /// <summary>Makes the source of connections: pooled ones are opened for each read, others are kept by a lane.</summary>
    internal NpgsqlDataSource CreateDataSource(bool pooled)
    {
        NpgsqlConnectionStringBuilder builder = new(ConnectionString)
        {
            // Details hold the values of the row that failed.
            IncludeErrorDetail = false,
            CommandTimeout = (int)CommandTimeout.TotalSeconds,
            Timeout = (int)ConnectTimeout.TotalSeconds,
            Pooling = pooled,
            MaxPoolSize = ScanConnectionsMax,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            ApplicationName = "customer360",
        };

        // Every statement looks rows up by key. A plan made while a table was small must not scan it once it is large,
        // and compiling plans costs more than running them.
        builder.Options =
            $"{builder.Options} -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off "
            + "-c plan_cache_mode=force_generic_plan";
        return NpgsqlDataSource.Create(builder);
    }
}
