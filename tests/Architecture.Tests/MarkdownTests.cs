namespace Customer360.Architecture.Tests;

/// <summary>A README is a door sign: short, in lines that a terminal shows, and no link of any page leads nowhere.</summary>
public sealed class MarkdownTests
{
    private const int ReadmeWordsMax = 800;
    private const int LineLengthMax = 160;

    [Fact]
    public void Readmes_WhenCounted_AreShort() =>
        Assert.Empty(
            MarkdownPage
                .All()
                .Where(page => page.IsReadme && page.WordCount() > ReadmeWordsMax)
                .Select(page => $"{page.Name} has {page.WordCount()} words")
        );

    [Fact]
    public void Pages_WhenWritten_HaveLinesThatCanBeRead() =>
        Assert.Empty(
            MarkdownPage.All().SelectMany(page => page.LinesOver(LineLengthMax).Select(line => $"{page.Name}:{line}"))
        );

    [Fact]
    public void Links_WhenFollowed_LeadToAFileAndAHeading() =>
        Assert.Empty(MarkdownPage.All().SelectMany(page => page.BrokenLinks()));

    [Fact]
    public void Scan_WhenRun_SeesThePages() =>
        // A wrong root would make every scan pass.
        Assert.True(MarkdownPage.All().Count(page => page.IsReadme) > 10);

    [Fact]
    public void Page_WhenItHasFaults_IsFoundOut()
    {
        string wide = new('x', LineLengthMax + 1);
        var page = MarkdownPage.Of(
            "docs/sample.md",
            $"""
            # Why, and how?

            [there](../README.md) [here](#why-and-how) [elsewhere](https://example.com/x) `[code](nowhere.md)`
            [no file](nowhere.md) [no heading](#because) [no heading there](../README.md#no-such-heading)
            {wide}
            | {wide} |
            ```
            {wide} [in code](nowhere.md)
            ```
            """
        );

        Assert.Equal([5], page.LinesOver(LineLengthMax));
        Assert.Equal(
            [
                "docs/sample.md:4 nowhere.md",
                "docs/sample.md:4 #because",
                "docs/sample.md:4 ../README.md#no-such-heading",
            ],
            page.BrokenLinks()
        );
        Assert.Equal(24, page.WordCount());
    }
}
