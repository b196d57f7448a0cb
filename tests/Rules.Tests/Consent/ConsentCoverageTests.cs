using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Tests.Consent;

/// <summary>How many people say what, by purpose and region.</summary>
public sealed class ConsentCoverageTests
{
    private static readonly ConsentPolicy s_policy = new(
        [
            new ConsentPurpose("ads")
            {
                Choice = ConsentChoice.OptIn,
                Regions = ImmutableSortedDictionary<string, ConsentChoice>.Empty.Add("us", ConsentChoice.OptOut),
            },
        ],
        [],
        ImmutableSortedDictionary<string, ImmutableArray<ConsentPlace>>.Empty
    );

    private static readonly Regions s_regions = new("eu", ["eu", "us"], new Dictionary<string, string>());

    [Fact]
    public void Report_CountsEachCustomerOnceForEachPurpose_ByWhatCountsNow()
    {
        var coverage = new ConsentCoverage(s_policy, regions: null, Ledgers.At(10));
        coverage.Add(Of(new Word(0, [], "ads", Grants: true, "web", 1)));
        coverage.Add(Of(new Word(0, [], "ads", Grants: true, "web", 1) { UntilMinute = 5 }));
        coverage.Add(Of(new Word(0, [], "ads", Grants: false, "web", 1)));
        coverage.Add(Of());
        coverage.Add(
            Of(new Word(0, [], "ads", Grants: true, "web", 1)).Restrict(new Restriction("p_1", Ledgers.At(2)))
        );

        Assert.Equal(
            """{"customers":5,"restricted":1,"purposes":[{"purpose":"ads","region":null,"granted":2,"denied":1,"unknown":2,"allowed":1}]}""",
            Text(coverage)
        );
    }

    [Fact]
    public void Report_ByRegion_ReadsTheRegionOfIdentifiers_AndOfSeveralTheStrictestCounts()
    {
        var coverage = new ConsentCoverage(s_policy, s_regions, Ledgers.At(10));
        coverage.Add(In("user_id"));
        coverage.Add(In("user_id@us"));
        coverage.Add(In("user_id@us", "email@us"));
        coverage.Add(In("user_id", "email@us"));

        using var report = JsonDocument.Parse(coverage.Report());
        Assert.Equal(
            ["* 1 0", "eu 1 0", "us 2 2"],
            report
                .RootElement.GetProperty("purposes")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("region")} {one.GetProperty("unknown")} {one.GetProperty("allowed")}")
        );
    }

    private static ProfileMap Of(params Word[] words) => Ledgers.MapOf([0], words);

    private static ProfileMap In(params string[] types) =>
        ProfileMap.Of(
            Ledgers
                .MapOf([0], [])
                .Entries.SelectMany(entry =>
                    types.Select(type => entry with { Identifier = Identifier.Create(type, "x") })
                )
        );

    private static string Text(ConsentCoverage coverage) => Encoding.UTF8.GetString(coverage.Report().Span);
}
