using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Start;

/// <summary>Where a node keeps its files: <c>Customer360:Data</c>. Default: <c>./data</c>.</summary>
internal static class NodeFolder
{
    public static string Of(IConfiguration configuration) =>
        configuration["Customer360:Data"] is { Length: > 0 } folder ? folder : "./data";
}
