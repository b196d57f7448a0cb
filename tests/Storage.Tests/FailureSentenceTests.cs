using Customer360.Storage.Pipelines;
using Customer360.Storage.Postgres;
using Customer360.Storage.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Customer360.Storage.Tests;

/// <summary>A failure of a database is told by what is wrong and what to do, not by a code alone.</summary>
public sealed class FailureSentenceTests
{
    [Theory]
    [InlineData("53100", nameof(FailureKind.Outage), "The disk of PostgreSQL is full")]
    [InlineData("53300", nameof(FailureKind.Outage), "PostgreSQL has no connection left")]
    [InlineData("57P01", nameof(FailureKind.Outage), "PostgreSQL is being stopped or started.")]
    [InlineData("57P03", nameof(FailureKind.Outage), "PostgreSQL is being stopped or started.")]
    [InlineData("25006", nameof(FailureKind.Outage), "PostgreSQL only reads")]
    [InlineData("28P01", nameof(FailureKind.Outage), "PostgreSQL does not let the program in any more")]
    [InlineData("3D000", nameof(FailureKind.Outage), "The database of the connection string is not there any more.")]
    [InlineData("58030", nameof(FailureKind.Outage), "PostgreSQL can't read or write its files")]
    [InlineData("XX001", nameof(FailureKind.Damage), "A part of the PostgreSQL database is damaged.")]
    [InlineData("XX002", nameof(FailureKind.Damage), "A part of the PostgreSQL database is damaged.")]
    [InlineData("40001", nameof(FailureKind.Conflict), "Other transactions of PostgreSQL were in the way.")]
    public void Postgres_WhenItFails_SaysWhatIsWrong(string state, string kind, string sentence) =>
        AssertTold(
            PostgresFailures.Classify(new PostgresException("secret", "ERROR", "ERROR", state)),
            kind,
            sentence,
            $"(SQLSTATE {state})"
        );

    [Theory]
    [InlineData(raw.SQLITE_FULL, nameof(FailureKind.Outage), "The disk of the database is full")]
    [InlineData(raw.SQLITE_READONLY, nameof(FailureKind.Outage), "The database can't be written")]
    [InlineData(raw.SQLITE_CANTOPEN, nameof(FailureKind.Outage), "The database file can't be opened")]
    [InlineData(raw.SQLITE_BUSY, nameof(FailureKind.Outage), "Another program holds the database")]
    [InlineData(raw.SQLITE_IOERR, nameof(FailureKind.Outage), "The disk of the database can't be read or written")]
    [InlineData(raw.SQLITE_CORRUPT, nameof(FailureKind.Damage), "A part of the database is damaged.")]
    [InlineData(raw.SQLITE_NOTADB, nameof(FailureKind.Damage), "A part of the database is damaged.")]
    // Extended codes: read-only since the file is gone, and a file system that has found itself damaged.
    [InlineData(1032, nameof(FailureKind.Damage), "The database file was moved or removed")]
    [InlineData(8458, nameof(FailureKind.Damage), "A part of the database is damaged.")]
    public void Sqlite_WhenItFails_SaysWhatIsWrong(int code, string kind, string sentence) =>
        AssertTold(new SqliteFailureException(code).Classified, kind, sentence, $"(SQLite {code})");

    private static void AssertTold(StorageFailure failure, string kind, string sentence, string code)
    {
        Assert.Equal(kind, failure.Kind.ToString());
        Assert.StartsWith(sentence, failure.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(code, failure.Sentence, StringComparison.Ordinal);
        Assert.Equal(failure.Sentence, failure.ToException().Message);
        Assert.DoesNotContain("secret", failure.Sentence, StringComparison.Ordinal);
    }
}
