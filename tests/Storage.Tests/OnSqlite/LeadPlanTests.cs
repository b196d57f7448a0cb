using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Sqlite.Tables;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>How SQLite looks for leads: whatever is asked for, a page is a walk along an index, and not along the table.</summary>
public sealed class LeadPlanTests(SqliteTestDatabase database) : IClassFixture<SqliteTestDatabase>
{
    private static readonly LeadCursor s_place = new(LogMessages.Noon, "l_1");

    [Fact]
    public void Read_ByAnyFilters_SearchesAnIndexInTheOrderOfTheList()
    {
        foreach (LeadQuery query in Queries())
        {
            List<string> plan = PlanOf(query);
            string[] walks = [.. plan.Where(step => step.Contains("lead", StringComparison.Ordinal))];
            Assert.Equal((query.IsOpen is null ? 2 : 1) * (query.After is null ? 1 : 2), walks.Length);
            Assert.All(
                walks,
                walk => Assert.StartsWith("SEARCH lead USING INDEX lead_by_", walk, StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData("lead_by_customer_id (customer_id=? AND is_open=?)", "customer", "owner", "queue", "stage", "due")]
    [InlineData("lead_by_owner_id (owner_id=? AND is_open=?)", "owner", "queue", "status", "due")]
    [InlineData("lead_by_queue (queue=? AND is_open=?)", "queue", "status", "stage")]
    [InlineData("lead_by_due_at (is_open=? AND due_at<?)", "due", "status", "stage")]
    [InlineData("lead_by_status (status=? AND is_open=?)", "status", "stage")]
    [InlineData("lead_by_stage (stage=? AND is_open=?)", "stage")]
    [InlineData("lead_by_created_at (is_open=?)")]
    public void Read_BySomeFilters_TakesTheIndexThatLeavesTheFewest(string index, params string[] filters)
    {
        LeadQuery query = new()
        {
            IsOpen = true,
            CustomerId = filters.Contains("customer") ? "c" : null,
            OwnerId = filters.Contains("owner") ? "p" : null,
            Queue = filters.Contains("queue") ? "q" : null,
            Status = filters.Contains("status") ? "new" : null,
            Stage = filters.Contains("stage") ? "sales" : null,
            DueBy = filters.Contains("due") ? LogMessages.Noon : null,
        };

        Assert.Contains($"SEARCH lead USING INDEX {index}", PlanOf(query));
    }

    private static IEnumerable<LeadQuery> Queries() =>
        from filters in Enumerable.Range(0, 256)
        from isOpen in (bool?[])[null, true, false]
        select new LeadQuery
        {
            Stage = (filters & 1) > 0 ? "sales" : null,
            Status = (filters & 2) > 0 ? "new" : null,
            OwnerId = (filters & 4) > 0 ? "p" : null,
            Queue = (filters & 8) > 0 ? "q" : null,
            CustomerId = (filters & 16) > 0 ? "c" : null,
            DueBy = (filters & 32) > 0 ? LogMessages.Noon : null,
            CreatedFrom = (filters & 64) > 0 ? LogMessages.Noon : null,
            After = (filters & 128) > 0 ? s_place : null,
            IsOpen = isOpen,
        };

    private List<string> PlanOf(LeadQuery query)
    {
        using SqliteConnection connection = SqliteConnection.Open(
            Path.Combine(database.Folder, "customer360.db"),
            readOnly: true
        );
        using SqliteStatement explain = connection.PrepareOnce($"explain query plan {LeadTable.ReadSql(query)}");
        List<string> steps = [];
        while (explain.Step())
        {
            steps.Add(explain.Text(3));
        }

        return steps;
    }
}
