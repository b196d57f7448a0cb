namespace Customer360.Benchmarks.Engines;

/// <summary>The figures of <c>engine</c> are the embedded engine's: a build on Orleans has none of its own.</summary>
internal static class EngineCommand
{
    public static async Task<int> RunAsync()
    {
        await Console.Error.WriteLineAsync(
            "This build runs on Orleans; the engine's figures are those of GridEngine=Embedded."
        );
        return 2;
    }
}
