using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>
/// A connection that one pipeline lane keeps. It is closed at the first error, never pooled: a broken one must not come
/// back, and Npgsql's automatic preparation is confused after an error in a batch.
/// </summary>
internal sealed class PostgresLane(NpgsqlDataSource source) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>True: the connection was used before, and the server may have closed it meanwhile.</summary>
    public bool IsUsed => _connection is not null;

    /// <summary>
    /// Runs the steps in one round trip, and so in one transaction: PostgreSQL takes what is sent up to one Sync as one.
    /// </summary>
    public async Task RunAsync(List<PostgresStep> steps)
    {
        List<NpgsqlBatchCommand> commands = steps.ConvertAll(step => step.ToCommand());
        try
        {
            _connection ??= await source.OpenConnectionAsync();
            await using NpgsqlBatch batch = new(_connection);
            foreach (NpgsqlBatchCommand command in commands)
            {
                batch.BatchCommands.Add(command);
            }

            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            foreach (PostgresStep step in steps)
            {
                await step.ReadAsync(reader);
                await reader.NextResultAsync();
            }
        }
        catch (Exception exception)
        {
            await DropAsync();
            if (exception is NpgsqlException)
            {
                throw;
            }

            // Only an error that the server itself reports says for sure that nothing was stored.
            throw new UnknownOutcomeException();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task DropAsync()
    {
        if (_connection is { } broken)
        {
            _connection = null;
            await broken.DisposeAsync();
        }
    }
}
