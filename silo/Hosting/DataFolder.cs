using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>Where a process keeps its files: <c>Customer360:Data</c>. Default: <c>./data</c>.</summary>
public static class DataFolder
{
    /// <summary>The setting as an operator gives it.</summary>
    public const string Setting = "CUSTOMER360__DATA";

    /// <summary>The folder as an absolute path; it need not exist.</summary>
    public static string Of(IConfiguration configuration) =>
        Path.GetFullPath(configuration["Customer360:Data"] is { Length: > 0 } folder ? folder : "data");
}
