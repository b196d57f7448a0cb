using System.Collections.Immutable;

namespace Customer360.Api.Demo;

/// <summary>The policies that the demo needs, as files in this folder.</summary>
internal static class DemoPolicies
{
    private static readonly string[] s_kinds =
    [
        "lifecycle",
        "scoring",
        "sales-team",
        "routing",
        "sources",
        "audiences",
        "destinations",
    ];

    /// <summary>Those that others rest on first.</summary>
    public static ImmutableArray<(string Kind, string Yaml)> All { get; } =
    [.. s_kinds.Select(kind => (kind, Read(kind)))];

    private static string Read(string kind)
    {
        using Stream stream = typeof(DemoPolicies).Assembly.GetManifestResourceStream($"demo.{kind}.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
