namespace Customer360.Api.Console;

/// <summary>
/// The first words of the console's addresses, each of which is answered with its one page. They are named one by one, so that every other
/// path goes on to be answered by the API, also where there is nothing at it. <c>App/src/frame/pages.ts</c> has the same words.
/// </summary>
internal static class ConsolePages
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "start",
        "find",
        "customers",
        "identity",
        "compare",
        "leads",
        "audiences",
        "destinations",
        "policies",
        "privacy",
        "accounts",
        "sources",
        "cluster",
    ];
}
