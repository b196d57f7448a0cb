namespace Customer360.Benchmarks.Grid;

/// <summary>What 100,000 warm customers with 20 traits and 300,000 identifiers take.</summary>
internal static class MemoryBenchmark
{
    private const int Customers = 100_000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        double before = grid.ResidentBytes / 1e6;
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 20);
        double filled = grid.ResidentBytes / 1e6;
        // Reads render and keep each profile's document, which is the most expensive state that a customer can be in.
        await Http.HttpLoad.RunAsync(
            grid.Port,
            16,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan,
            (connection, number) =>
                connection + (number * 16) is var user && user < Customers
                    ? System.Text.Encoding.ASCII.GetBytes(
                        $"GET /v1/profiles/user_id:user-{user} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {GridServer.ReaderKey}\r\n\r\n"
                    )
                    : (ReadOnlyMemory<byte>?)null
        );
        double read = grid.ResidentBytes / 1e6;
        Report.Line(
            "memory, 100,000 warm customers",
            $"{read:N0} MB resident",
            $"{before:N0} MB empty, {filled:N0} MB before the reads",
            $"{(read - before) * 1e6 / Customers:N0} B a customer",
            "1,200 MB"
        );
    }
}
