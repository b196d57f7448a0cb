using System.Text;
using SQLitePCL;

namespace Customer360.Storage.Sqlite;

/// <summary>A prepared statement: bind, step through the rows, reset. Parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytesMax = 512;

    public SqliteStatement Bind(int parameter, long value)
    {
        SqliteConnection.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            SqliteConnection.Check(raw.sqlite3_bind_null(handle, parameter));
            return this;
        }

        Span<byte> buffer = stackalloc byte[StackBytesMax];
        return Encoding.UTF8.TryGetBytes(value, buffer, out int length)
            ? BindText(parameter, buffer[..length])
            : BindText(parameter, Encoding.UTF8.GetBytes(value));
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        SqliteConnection.Check(raw.sqlite3_bind_text(handle, parameter, utf8));
        return this;
    }

    public SqliteStatement BindBlob(int parameter, ReadOnlySpan<byte> bytes)
    {
        SqliteConnection.Check(raw.sqlite3_bind_blob(handle, parameter, bytes));
        return this;
    }

    /// <summary>True where there is a row to read; false where the statement is done.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        SqliteConnection.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that answers no row, and readies it for the next time.</summary>
    /// <returns>The rows that it changed.</returns>
    public int Run()
    {
        int code = raw.sqlite3_step(handle);
        raw.sqlite3_reset(handle);
        SqliteConnection.Check(code);
        return connection.Changes;
    }

    /// <summary>Lets go of the copies of bound values, which otherwise live until others are bound.</summary>
    public void ClearBindings() => raw.sqlite3_clear_bindings(handle);

    // The step has already thrown the error that reset repeats.
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>The bytes of a text or blob; valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();
}
