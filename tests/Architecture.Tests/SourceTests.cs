namespace Customer360.Architecture.Tests;

/// <summary>Words that no source file may hold.</summary>
public sealed class SourceTests
{
    // The words are put together here, so that this file does not hold them itself.
    private static readonly string[] s_banned =
    [
        "TO" + "DO",
        "FIX" + "ME",
        "NotImplemented" + "Exception",
        "Thread" + ".Sleep",
    ];

    [Fact]
    public void Sources_WhenWritten_HoldNoUnfinishedWork() =>
        Assert.Empty(
            Find(
                ["src", "grains", "silo", "api", "tests"],
                line => Array.Exists(s_banned, word => line.Contains(word, StringComparison.Ordinal))
            )
        );

    [Fact]
    public void Sources_WhenWritten_AreOneText() =>
        // A source has one text. What differs between builds is in files that the projects choose.
        Assert.Empty(
            Find(
                ["src", "grains", "silo", "api", "tests"],
                line => line.TrimStart().StartsWith("#if", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void Scan_WhenRun_SeesTheSources() =>
        // A wrong root would make every scan pass.
        Assert.True(Repository.Sources("src", "grains").Count() > 100);

    /// <summary>Lines that match, as <c>file:line text</c>.</summary>
    internal static IEnumerable<string> Find(string[] folders, Func<string, bool> matches) =>
        Repository
            .Sources(folders)
            .SelectMany(file =>
                File.ReadLines(file)
                    .Select((text, index) => (Text: text, Number: index + 1))
                    .Where(line => matches(line.Text))
                    .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number} {line.Text.Trim()}")
            );
}
