using Npgsql;
using NpgsqlTypes;

namespace Customer360.Storage.Postgres;

/// <summary>Adds positional parameters of the types that the tables use.</summary>
internal static class PostgresParameters
{
    public static void AddInteger(this NpgsqlParameterCollection parameters, int value) =>
        parameters.Add(new NpgsqlParameter<int> { TypedValue = value });

    public static void AddBigint(this NpgsqlParameterCollection parameters, long value) =>
        parameters.Add(new NpgsqlParameter<long> { TypedValue = value });

    public static void AddText(this NpgsqlParameterCollection parameters, string value) =>
        parameters.Add(new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text });

    public static void AddTime(this NpgsqlParameterCollection parameters, DateTime value) =>
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.TimestampTz });

    public static void AddBoolean(this NpgsqlParameterCollection parameters, bool value) =>
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = value });

    /// <summary>A text, or null.</summary>
    public static void AddTextIfAny(this NpgsqlParameterCollection parameters, string? value) =>
        parameters.Add(
            new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
        );

    /// <summary>A time, or null.</summary>
    public static void AddTimeIfAny(this NpgsqlParameterCollection parameters, DateTime? value) =>
        parameters.Add(
            new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }
        );

    public static void AddIntegers(this NpgsqlParameterCollection parameters, int[] values) =>
        parameters.AddArray(values, NpgsqlDbType.Integer);

    public static void AddBigints(this NpgsqlParameterCollection parameters, long[] values) =>
        parameters.AddArray(values, NpgsqlDbType.Bigint);

    public static void AddBooleans(this NpgsqlParameterCollection parameters, bool[] values) =>
        parameters.AddArray(values, NpgsqlDbType.Boolean);

    public static void AddTexts(this NpgsqlParameterCollection parameters, string?[] values) =>
        parameters.AddArray(values, NpgsqlDbType.Text);

    public static void AddTimes(this NpgsqlParameterCollection parameters, DateTime[] values) =>
        parameters.AddArray(values, NpgsqlDbType.TimestampTz);

    /// <summary>JSON as the bytes that it is, without a copy into strings.</summary>
    public static void AddJsons(this NpgsqlParameterCollection parameters, ReadOnlyMemory<byte>[] values) =>
        parameters.AddArray(values, NpgsqlDbType.Json);

    public static void AddByteas(this NpgsqlParameterCollection parameters, byte[][] values) =>
        parameters.AddArray(values, NpgsqlDbType.Bytea);

    private static void AddArray<TValue>(
        this NpgsqlParameterCollection parameters,
        TValue[] values,
        NpgsqlDbType type
    ) =>
        parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
