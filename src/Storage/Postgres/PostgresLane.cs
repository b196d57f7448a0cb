using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>
/// A connection that one pipeline lane keeps. It is dropped at the first error: a broken one never comes back.
/// </summary>
internal sealed class PostgresLane(NpgsqlDataSource source) : IAsyncDisposable
{
    private NpgsqlConnection? connection;

    /// <summary>True: the connection was used before, and the server may have closed it meanwhile.</summary>
    public bool IsUsed => connection is not null;

    /// <summary>
    /// Runs the steps in one round trip, and so in one transaction: PostgreSQL takes what is sent up to one Sync as one.
    /// </summary>
    public async Task RunAsync(List<PostgresStep> steps)
    {
        try
        {
            connection ??= await source.OpenConnectionAsync();
            await using NpgsqlBatch batch = new(connection);
            foreach (PostgresStep step in steps)
            {
                batch.BatchCommands.Add(step.ToCommand());
            }

            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            foreach (PostgresStep step in steps)
            {
                await step.ReadAsync(reader);
                await reader.NextResultAsync();
            }
        }
        catch
        {
            await DropAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task DropAsync()
    {
        if (connection is { } broken)
        {
            connection = null;
            await broken.DisposeAsync();
        }
    }
}
