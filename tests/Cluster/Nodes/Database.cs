using Npgsql;

namespace Customer360.ClusterRuns.Nodes;

/// <summary>Questions to the grid's database, past the grid.</summary>
internal static class Database
{
    // The connection is not pooled, because a pooled one may lead to a server that has died since.
    private const string Alone = ";Pooling=false";

    public static async Task<long> CountAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + Alone);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<List<string>> ReadAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + Alone);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> values = [];
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }
}
