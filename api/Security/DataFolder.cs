namespace Customer360.Api.Security;

/// <summary>Where the process keeps its files: <c>CUSTOMER360__DATA</c>. Default: <c>./data</c>.</summary>
public static class DataFolder
{
    /// <summary>The folder as an absolute path; it need not exist.</summary>
    public static string Of(IConfiguration configuration) =>
        Path.GetFullPath(configuration["Customer360:Data"] is { Length: > 0 } folder ? folder : "data");
}
