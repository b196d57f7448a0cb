using System.Text.RegularExpressions;
using Customer360.Tests.Support;

namespace Customer360.Browser.Tests;

/// <summary>
/// The pictures of the documentation are those that these tests take, so none shows a page that is no longer there. To take them anew:
/// <c>CUSTOMER360_WRITE_TOURS=1 dotnet test tests/Browser.Tests --filter Page_InEvery</c>, and look at each.
/// </summary>
public sealed partial class TourTests
{
    private const int BytesMax = 200 * 1024;

    private static readonly string[] s_kinds = ["light", "dark", "phone"];

    [Fact]
    public void Pictures_OfTheDocumentation_AreTakenByTheseTests_AndNoneIsLeftOver()
    {
        HashSet<string> taken = [.. PagesTests.All.SelectMany(page => s_kinds.Select(kind => $"{page[0]}-{kind}.png"))];
        string[] pages =
        [
            Repository.Path("README.md"),
            .. Directory.GetFiles(Repository.Path("docs", "tours"), "*.md", SearchOption.AllDirectories),
        ];
        string[] linked = [.. pages.SelectMany(LinkedIn).Distinct(StringComparer.Ordinal)];

        Assert.NotEmpty(linked);
        Assert.DoesNotContain(linked, name => !taken.Contains(name));
        Assert.Equal(
            linked.Order(StringComparer.Ordinal),
            Directory
                .GetFiles(Visitor.TourPictures)
                .Select(file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Pictures_OfTheDocumentation_AreSmall() =>
        Assert.DoesNotContain(
            Directory.GetFiles(Visitor.TourPictures),
            file => new FileInfo(file).Length is 0 or > BytesMax
        );

    private static IEnumerable<string> LinkedIn(string page) =>
        Link().Matches(File.ReadAllText(page)).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"!\[[^\]]+\]\((docs/tours/)?pictures/(?<name>[^)]+)\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link();
}
