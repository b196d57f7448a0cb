using Customer360.Rules.Quality;

namespace Customer360.Architecture.Tests;

/// <summary>An alert leads to a page that says what to do.</summary>
public sealed class RunbookTests
{
    [Fact]
    public void Kinds_OfChecks_HaveAPageEach() =>
        Assert.Equal(
            QualityKinds.All.Select(QualityKinds.PageOf).Order(StringComparer.Ordinal),
            Directory
                .GetFiles(Path.Combine(Repository.Root, "docs", "runbooks"))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
}
