using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>
/// One statement of a shared transaction, for one or many requests. Each answers exactly one result set, so that the
/// results of a batch can be told apart.
/// </summary>
internal abstract class PostgresStep(string sql)
{
    public NpgsqlBatchCommand ToCommand()
    {
        NpgsqlBatchCommand command = new(sql);
        AddParameters(command.Parameters);
        return command;
    }

    /// <summary>Sets the requests' results from this statement's result set.</summary>
    public abstract Task ReadAsync(NpgsqlDataReader reader);

    protected abstract void AddParameters(NpgsqlParameterCollection parameters);
}
