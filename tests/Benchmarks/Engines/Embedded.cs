using Customer360.Benchmarks.Engine;

namespace Customer360.Benchmarks.Engines;

/// <summary>The engine's own figures, where it is the embedded one.</summary>
internal static class EngineCommand
{
    public static async Task<int> RunAsync()
    {
        await EngineBenchmarks.RunAsync(Console.Out);
        return 0;
    }
}
