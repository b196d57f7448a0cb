using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;
using Customer360.Silo.Yaml;

namespace Customer360.Grains.Tests.PolicyTests;

/// <summary>What every policy file may hold, whatever its kind: owners, examples, overrides.</summary>
public sealed class PolicyFileTests
{
    private const string Good = """
        owner: {team: growth, contact: "#growth"}
        days: 30
        limits: {perDay: 2, perWeek: 7}
        overrides:
          eu: {limits: {perDay: 1}}
        examples:
          - {input: {sent: 2}, expect: {allowed: no}}
          - {region: eu, input: {sent: 1}, expect: {allowed: no}}
          - {region: us, input: {sent: 1}, expect: {allowed: yes}}
        """;

    [Fact]
    public void Read_WhenARegionOverrides_ChangesThatAlone()
    {
        PolicyReading<Quota> reading = Read(Good);

        Assert.Empty(reading.Faults);
        Assert.Equal(new Quota(30, 2, 7), reading.Body!.Base);
        var inForce = new PolicyInForce<Quota>(1, 0, reading.Body);
        Assert.Equal(new PolicyApplied<Quota>(new Quota(30, 1, 7), reading.Version!, "eu"), inForce.For("eu"));
        Assert.Equal(new PolicyApplied<Quota>(new Quota(30, 2, 7), reading.Version!, null), inForce.For("us"));
        Assert.Equal(new PolicyOwner("growth", "#growth"), reading.Body.Owner);
    }

    /// <summary>The version is of what decides: overrides do, comments, owners and examples do not.</summary>
    [Fact]
    public void Version_WhenWhatDecidesIsTheSame_IsTheSame()
    {
        string version = Read(Good).Version!;

        Assert.Equal(version, Read($"# a comment\n{Good}").Version);
        Assert.Equal(version, Read(Good.Replace("growth", "sales", StringComparison.Ordinal)).Version);
        Assert.Equal(version, Read(Good[..Good.IndexOf("examples", StringComparison.Ordinal)]).Version);
        Assert.NotEqual(version, Read(Good.Replace("{perDay: 1}", "{perDay: 0}", StringComparison.Ordinal)).Version);
        Assert.NotEqual(version, Read(Good.Replace("days: 30", "days: 31", StringComparison.Ordinal)).Version);
    }

    [Theory]
    [InlineData(
        "owner: {team: growth, contact: \"#growth\"}",
        "",
        "line 1, owner: It decides by itself, so it must name its owner: team and contact."
    )]
    [InlineData(", contact: \"#growth\"", "", "line 1, owner.contact: It is missing.")]
    [InlineData(
        "eu: {limits: {perDay: 1}}",
        "eu: {days: 1}",
        "line 5, overrides.eu.days: A region can't override it. What it can: limits.perDay."
    )]
    [InlineData(
        "eu: {limits: {perDay: 1}}",
        "eu: {limits: {perWeek: 1}}",
        "line 5, overrides.eu.limits.perWeek: A region can't override it. What it can: limits.perDay."
    )]
    [InlineData(
        "eu: {limits: {perDay: 1}}",
        "eu: {limits: {perDay: x}}",
        "line 5, overrides.eu.limits.perDay: It must be a whole number from 0 to 100."
    )]
    [InlineData(
        "eu: {limits: {perDay: 1}}",
        "eu: {limits: {perDay: 1, perDay: 0}}",
        "line 5, overrides.eu.limits.perDay: It is there twice; first in line 3."
    )]
    [InlineData(
        "eu: {limits: {perDay: 1}}",
        "EU: {limits: {perDay: 1}}",
        "line 5, overrides: A region is 1 to 16 lower-case letters, digits and hyphens, a letter first."
    )]
    [InlineData("eu: {limits: {perDay: 1}}", "eu: 1", "line 5, overrides.eu: It must hold names with values.")]
    [InlineData("days: 30", "days: 30\ndayz: 3", "line 3, dayz: There is no such rule here. Known: days, limits.")]
    [InlineData(
        "{input: {sent: 2}, expect: {allowed: no}}",
        "{input: {sent: 2}, expect: {allowed: yes}}",
        "line 7, examples[0].expect.allowed: The example fails: the policy comes to 'no'."
    )]
    [InlineData(
        "{input: {sent: 2}, expect: {allowed: no}}",
        "{input: {sent: x}, expect: {allowed: no}}",
        "line 7, examples[0].input.sent: It must be a whole number from 0 to 100."
    )]
    [InlineData(
        "{input: {sent: 2}, expect: {allowed: no}}",
        "{input: {sent: 2}, expect: {allowd: no}}",
        "line 7, examples[0].expect.allowd: There is no such outcome. Known: allowed."
    )]
    [InlineData(
        "{input: {sent: 2}, expect: {allowed: no}}",
        "{input: {sent: 2}}",
        "line 7, examples[0].expect: It must say what the policy comes to: allowed."
    )]
    [InlineData(
        "{input: {sent: 2}, expect: {allowed: no}}",
        "{inputs: {sent: 2}, expect: {allowed: no}}",
        "line 7, examples[0].inputs: There is no such rule here. Known: name, region, input, expect."
    )]
    public void Read_WhenSomethingIsWrong_NamesLineAndRule(string before, string after, string expected)
    {
        PolicyReading<Quota> reading = Read(Good.Replace(before, after, StringComparison.Ordinal));

        Assert.Contains(expected, reading.Faults.Select(fault => fault.ToString()));
    }

    /// <summary>One look finds them all: of the kind, of the owner, of the examples.</summary>
    [Fact]
    public void Read_WhenMuchIsWrong_TellsAllOfIt() =>
        Assert.Equal([1, 2, 3], Read("owner: {team: growth}\ndays: x\nlimits: 7\n").Faults.Select(fault => fault.Line));

    [Fact]
    public void Read_WhenItIsTooLarge_IsRefused() =>
        Assert.Equal("file", Assert.Single(Read(new string('#', 64 * 1024 + 1)).Faults).Rule);

    /// <summary>What is in force is followed though it could not be put in force any more.</summary>
    [Fact]
    public void Read_WhenAnExampleFails_IsReadableButNotValid()
    {
        PolicyReading<Quota> reading = Read(Good.Replace("perDay: 2", "perDay: 9", StringComparison.Ordinal));

        Assert.True(reading.IsReadable);
        Assert.False(reading.IsValid);
    }

    [Fact]
    public void Between_WhenTwoVersionsDiffer_NamesThePlaces()
    {
        ReadOnlyMemory<byte> before = Encoding.UTF8.GetBytes(
            """{"a":1,"list":[{"type":"x","n":1},{"type":"y","n":2}],"gone":true,"same":[1,2]}"""
        );
        ReadOnlyMemory<byte> after = Encoding.UTF8.GetBytes(
            """{"a":2,"list":[{"type":"y","n":3},{"type":"z","n":1}],"new":{},"same":[1,2]}"""
        );

        Assert.Equal(
            [
                new PolicyChange("a", "1", "2"),
                new PolicyChange("list[x]", """{"type":"x","n":1}""", null),
                new PolicyChange("list[y].n", "2", "3"),
                new PolicyChange("list[z]", null, """{"type":"z","n":1}"""),
                new PolicyChange("gone", "true", null),
                new PolicyChange("new", null, "{}"),
            ],
            PolicyChanges.Between(before, after).AsEnumerable()
        );
        Assert.Empty(PolicyChanges.Between(before, before));
    }

    [Theory]
    [InlineData(
        """
            examples:
              - input: {user_id: u-1, email: "Jane@Example.com"}
                expect: {anchor: "user_id:u-1", identifiers: ["user_id:u-1", "email:jane@example.com"]}
              - input: {email: [a@x.com, none]}
                expect: {anchor: "email:a@x.com"}
              - input: {user_id: undefined}
                expect: {anchor: }
            """,
        0
    )]
    [InlineData("examples: [{input: {user_id: u-1}, expect: {anchor: \"email:u-1\"}}]", 1)]
    [InlineData("examples: [{input: {userid: u-1}, expect: {anchor: \"\"}}]", 1)]
    public void IdentityExamples_WhenTheyAreRun_HoldOrNot(string examples, int faults) =>
        Assert.Equal(faults, Policies.ReadRules($"{Policies.BuiltInRules}\n{examples}\n").Faults.Length);

    private static PolicyReading<Quota> Read(string text) => new QuotaKind().ReadFile(text, new YamlFormat());

    private sealed record Quota(int Days, int PerDay, int PerWeek);

    private sealed class QuotaKind() : PolicyKind<Quota>("quota", "days: 1\nlimits: {perDay: 1, perWeek: 1}\n")
    {
        public override bool NeedsOwner => true;

        public override ImmutableArray<string> Overridable => ["limits.perDay"];

        protected override Quota? Read(PolicyFile file)
        {
            ConfigSection root = file.Section("days", "limits");
            var limits = new ConfigSection("limits", root.Find("limits"), file.Faults, "perDay", "perWeek");
            int? days = root.Whole("days", null, 0, 100);
            int? perDay = limits.Whole("perDay", 1, 0, 100);
            return days is null
                ? null
                : new Quota(days.Value, perDay!.Value, limits.Whole("perWeek", 1, 0, 100)!.Value);
        }

        protected override void Write(Utf8JsonWriter writer, Quota policy) =>
            writer.WriteRawValue(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"days":{{policy.Days}},"perDay":{{policy.PerDay}},"perWeek":{{policy.PerWeek}}}"""
                )
            );

        protected override IReadOnlyDictionary<string, string> Decide(Quota policy, PolicyExample example) =>
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["allowed"] = example.Section("sent").Whole("sent", null, 0, 100) < policy.PerDay ? "yes" : "no",
            };
    }
}
