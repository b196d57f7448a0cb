using Customer360.Storage.Tests.OnSqlite;

namespace Customer360.Storage.Tests;

/// <summary>The test runner does not come in here; the crash tests do, for a process of their own.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [CrashingWriter.Command, string folder])
        {
            return 2;
        }

        await CrashingWriter.RunAsync(folder);
        return 0;
    }
}
