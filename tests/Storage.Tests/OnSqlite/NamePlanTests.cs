using Customer360.Storage.Sqlite;
using Customer360.Storage.Sqlite.Tables;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>How SQLite looks for names: along the words, and never through the table.</summary>
public sealed class NamePlanTests(SqliteTestDatabase database) : IClassFixture<SqliteTestDatabase>
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Look_ForAnyWords_WalksTheKey_AndAsksTheCustomersWords(int others)
    {
        using SqliteConnection connection = SqliteConnection.Open(
            Path.Combine(database.Folder, "customer360.db"),
            readOnly: true
        );
        using SqliteStatement explain = connection.PrepareOnce($"explain query plan {NameTable.LookSql(others)}");
        List<string> plan = [];
        while (explain.Step())
        {
            plan.Add(explain.Text(3));
        }

        Assert.DoesNotContain(plan, step => step.Contains("SCAN", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.Contains(
            plan,
            step => step.StartsWith("SEARCH n USING PRIMARY KEY ((word,customer_id)>(?,?)", StringComparison.Ordinal)
        );
        Assert.Equal(
            others + 1,
            plan.Count(step =>
                step.Contains("INDEX customer_name_by_customer (customer_id=? AND word>", StringComparison.Ordinal)
            )
        );
    }
}
