using Customer360.Grains.Tests.Support;
using Customer360.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Grains.Tests.Reminders;

/// <summary>Our table on SQLite, which a grid of one process has.</summary>
public sealed class OurReminderTableTests : ReminderTableSuite
{
    private TestGrid? _grid;

    public override async Task DisposeAsync() => await _grid!.DisposeAsync();

    protected override async Task<IReminderTable> OpenAsync()
    {
        _grid = await TestGrid.StartAsync();
        return _grid.Services.GetRequiredService<IReminderTable>();
    }
}

/// <summary>Orleans' table on PostgreSQL, which a cluster has.</summary>
[NeedsPostgres]
public sealed class OrleansReminderTableTests : ReminderTableSuite
{
    private PostgresSilo? _silo;

    public override async Task DisposeAsync() => await _silo!.DisposeAsync();

    protected override async Task<IReminderTable> OpenAsync()
    {
        _silo = new PostgresSilo(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        await _silo.StartAsync();
        return _silo.Reminders;
    }
}
