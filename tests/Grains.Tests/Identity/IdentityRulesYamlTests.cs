using System.Diagnostics;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;

namespace Customer360.Grains.Tests.Identity;

/// <summary><c>identity.yaml</c>: what it may say, and what is refused with line and rule.</summary>
public sealed class IdentityRulesYamlTests
{
    private const string Small = """
        defaultRegion: DE
        identifiers:
          user_id: { priority: 1, limit: 1 }
          email:
            priority: 2
            limit: 3
            window: monthly
            normalisation: email
            trust: verified
            kind: person
            crossRegion: true
            blocked:
              exact: [test@test.com]
              regex: ['@example\.com$']
        blocked:
          anyCase: [Tester]
          exact: ['A/B']
          regex: ['^test-\d+$']
        containment:
          quarantineDegree: { email: 7 }
          profile: { identifiersMax: 20 }
        """;

    [Fact]
    public void BuiltInFile_WhenRead_IsTheDefault()
    {
        IdentityRules rules = Accept(Policies.BuiltInRules);

        Assert.Equal(IdentityRulesText(IdentityRules.Default), IdentityRulesText(rules));
        Assert.Equal(IdentityRules.Default.Version, rules.Version);
    }

    [Fact]
    public void Read_WhenAllIsSaid_HasIt()
    {
        IdentityRules rules = Accept(Small);

        Assert.Equal("DE", rules.DefaultRegion);
        Assert.Equal(20, rules.ProfileIdentifiersMax);
        IdentifierRule email = rules.Find("email")!;
        Assert.Equal((2, 3), (email.Priority, email.Limit));
        Assert.Equal((LimitWindow.Monthly, Normalisation.Email), (email.Window, email.Normalisation));
        Assert.Equal((IdentifierTrust.Verified, IdentifierKind.Person), (email.Trust, email.Kind));
        Assert.True(email.CrossRegion);
        Assert.Equal(7, email.QuarantineDegree);
        IdentifierRule user = rules.Find("user_id")!;
        Assert.Equal(LimitWindow.Ever, user.Window);
        Assert.Null(user.QuarantineDegree);
        Assert.False(user.CrossRegion);
    }

    [Theory]
    [InlineData("email", "Test@Test.com", null)]
    [InlineData("email", "jane@example.com", null)]
    [InlineData("email", "jane@example.org", "jane@example.org")]
    [InlineData("user_id", "test@test.com", "test@test.com")]
    [InlineData("user_id", "test-12", null)]
    [InlineData("user_id", "test-x", "test-x")]
    [InlineData("user_id", "TESTER", null)]
    [InlineData("user_id", "A/B", null)]
    [InlineData("user_id", "a/b", "a/b")]
    [InlineData("user_id", "anonymous", null)]
    [InlineData("user_id", "0000", null)]
    [InlineData("phone", "+14155550132", null)]
    public void Normalize_WhenValuesAreBlocked_FollowsTheFile(string type, string value, string? expected) =>
        Assert.Equal(expected, new EnvelopeReader(Accept(Small), new LibPhoneNumbers()).Normalize(type, value)?.Value);

    [Fact]
    public void Version_WhenOnlyTheLayoutDiffers_IsTheSame()
    {
        const string Other = """
            # The same rules, otherwise laid out.
            containment: { profile: { identifiersMax: 20 }, quarantineDegree: { user_id: none, email: 7 } }
            blocked: { regex: ["^test-\\d+$"], exact: ["A/B"], anyCase: [tester] }
            identifiers:
              email: { limit: 3, priority: 2, window: monthly, normalisation: email, trust: verified,
                       crossRegion: true, blocked: { exact: ["test@test.com"], regex: ['@example\.com$'] } }
              user_id: { priority: 1, limit: 1, window: ever }
            defaultRegion: 'DE'
            """;

        Assert.Equal(Accept(Small).Version, Accept(Other).Version);
    }

    [Theory]
    [InlineData("defaultRegion: DE", "defaultRegion: US")]
    [InlineData("limit: 3", "limit: 4")]
    [InlineData("window: monthly", "window: weekly")]
    [InlineData("trust: verified", "trust: claimed")]
    [InlineData("kind: person", "kind: account")]
    [InlineData("crossRegion: true", "crossRegion: false")]
    [InlineData("exact: [test@test.com]", "exact: []")]
    [InlineData(@"@example\.com$", @"@example\.org$")]
    [InlineData("anyCase: [Tester]", "anyCase: [Somebody]")]
    [InlineData("'A/B'", "'A/C'")]
    [InlineData(@"^test-\d+$", @"^test-\d$")]
    [InlineData("email: 7", "email: none")]
    [InlineData("identifiersMax: 20", "identifiersMax: 21")]
    [InlineData("defaultRegion: DE", "defaultRegion: DE\nregions: { default: eu, names: [eu, us] }")]
    public void Version_WhenARuleDiffers_Differs(string before, string after)
    {
        Assert.Contains(before, Small, StringComparison.Ordinal);

        Assert.NotEqual(Accept(Small).Version, Accept(Small.Replace(before, after, StringComparison.Ordinal)).Version);
    }

    [Theory]
    [InlineData("priority: 2", "priority: 1", 5, "identifiers.email.priority")]
    [InlineData("priority: 2", "priority: 0", 5, "identifiers.email.priority")]
    [InlineData("priority: 2", "priority: '2'", 5, "identifiers.email.priority")]
    [InlineData("limit: 3", "limit: 0", 6, "identifiers.email.limit")]
    [InlineData("limit: 3", "limit: 21", 6, "identifiers.email.limit")]
    [InlineData("limit: 3", "limti: 3", 6, "identifiers.email.limti")]
    [InlineData("limit: 3", "priority: 3", 6, "identifiers.email.priority")]
    [InlineData("window: monthly", "window: daily", 7, "identifiers.email.window")]
    [InlineData("normalisation: email", "normalisation: mail", 8, "identifiers.email.normalisation")]
    [InlineData("trust: verified", "trust: yes", 9, "identifiers.email.trust")]
    [InlineData("kind: person", "kind: device", 10, "identifiers.email.kind")]
    [InlineData("crossRegion: true", "crossRegion: on", 11, "identifiers.email.crossRegion")]
    [InlineData("[test@test.com]", "[Test@test.com]", 13, "identifiers.email.blocked.exact")]
    [InlineData("[test@test.com]", "[null]", 13, "identifiers.email.blocked.exact")]
    [InlineData("[test@test.com]", "test@test.com", 13, "identifiers.email.blocked.exact")]
    [InlineData(@"'@example\.com$'", "'('", 14, "identifiers.email.blocked.regex")]
    [InlineData(@"'@example\.com$'", "'@'", 14, "identifiers.email.blocked.regex")]
    [InlineData(@"'@example\.com$'", "'(?=a)b'", 14, "identifiers.email.blocked.regex")]
    [InlineData(@"'@example\.com$'", "'((a{1000}){1000}){1000}'", 14, "identifiers.email.blocked.regex")]
    [InlineData("anyCase: [Tester]", "anyCase: [a, a]", 16, "blocked.anyCase")]
    [InlineData(@"'^test-\d+$'", "'.*'", 18, "blocked.regex")]
    [InlineData(@"'^test-\d+$'", @"'^\+\d+$'", 18, "blocked.regex")]
    [InlineData("{ email: 7 }", "{ email: 1 }", 20, "containment.quarantineDegree.email")]
    [InlineData("{ email: 7 }", "{ phone: 7 }", 20, "containment.quarantineDegree")]
    [InlineData("identifiersMax: 20", "identifiersMax: many", 21, "containment.profile.identifiersMax")]
    [InlineData("defaultRegion: DE", "defaultRegion: de", 1, "defaultRegion")]
    [InlineData("defaultRegion: DE", "defaultRegion: [DE]", 1, "defaultRegion")]
    [InlineData("  email:\n", "  customer:\n", 4, "identifiers")]
    [InlineData("  email:\n", "  E-Mail:\n", 4, "identifiers")]
    [InlineData("  email:\n", "  user_id:\n", 4, "identifiers.user_id")]
    [InlineData("blocked:\n  anyCase", "blokced:\n  anyCase", 15, "blokced")]
    [InlineData("[Tester]", "[Tester", 16, "file")]
    [InlineData("{ priority: 1, limit: 1 }", "&a { priority: 1, limit: 1 }", 3, "file")]
    [InlineData("{ priority: 1, limit: 1 }", "!thing { priority: 1, limit: 1 }", 3, "file")]
    [InlineData("{ priority: 1, limit: 1 }", "{ priority: 1 }", 3, "identifiers.user_id.limit")]
    [InlineData("{ priority: 1, limit: 1 }", "1", 3, "identifiers.user_id")]
    public void Read_WhenARuleIsWrong_NamesLineAndRule(string before, string after, int line, string rule)
    {
        Assert.Contains(before, Small, StringComparison.Ordinal);

        PolicyReading<IdentityRules> reading = Policies.ReadRules(
            Small.Replace(before, after, StringComparison.Ordinal)
        );

        Assert.Null(reading.Body);
        Assert.Contains(reading.Faults, fault => fault.Line == line && fault.Rule == rule);
        Assert.All(reading.Faults, fault => Assert.EndsWith(".", fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("default: us, names: [us, eu], sources: { web: eu }", null)]
    [InlineData("default: us, names: [us]", "regions.names")]
    [InlineData("default: us, names: [us, EU]", "regions.names")]
    [InlineData("default: jp, names: [us, eu]", "regions.default")]
    [InlineData("names: [us, eu]", "regions.default")]
    [InlineData("default: us, names: [us, eu], sources: { web: jp }", "regions.sources.web")]
    [InlineData("default: us, names: [us, eu], source: { web: eu }", "regions.source")]
    public void Read_WhenItHasRegions_TakesThemOrNamesTheRule(string regions, string? rule)
    {
        PolicyReading<IdentityRules> reading = Policies.ReadRules($"regions: {{ {regions} }}\n{Small}");

        Assert.Equal(rule is null, reading.Body is not null);
        if (rule is null)
        {
            Assert.Equal(["eu", "us"], reading.Body!.Base.Regions!.Names.AsEnumerable());
            Assert.Equal("eu", reading.Body.Base.Regions.OfSource("web"));
        }
        else
        {
            Assert.Contains(reading.Faults, fault => fault.Line == 1 && fault.Rule == rule);
        }
    }

    [Fact]
    public void Read_WhenAnAccountsTypeComesBeforeAPersons_IsRefused()
    {
        PolicyReading<IdentityRules> reading = Policies.ReadRules(
            Small.Replace(
                "user_id: { priority: 1, limit: 1 }",
                "user_id: { priority: 1, limit: 1, kind: account }",
                StringComparison.Ordinal
            )
        );

        ConfigFault fault = Assert.Single(reading.Faults);
        Assert.Equal((3, "identifiers.user_id"), (fault.Line, fault.Rule));
    }

    [Fact]
    public void Read_WhenSeveralRulesAreWrong_NamesAllByLine()
    {
        PolicyReading<IdentityRules> reading = Policies.ReadRules(
            Small
                .Replace("limit: 3", "limit: 0", StringComparison.Ordinal)
                .Replace("defaultRegion: DE", "defaultRegion: XX", StringComparison.Ordinal)
                .Replace("'A/B'", "null", StringComparison.Ordinal)
        );

        Assert.Equal([1, 6, 17], reading.Faults.Select(fault => fault.Line));
    }

    [Fact]
    public void Read_WhenAFaultIsAboutABlockedValue_DoesNotRepeatIt()
    {
        PolicyReading<IdentityRules> reading = Policies.ReadRules(
            Small.Replace("[test@test.com]", "[Jane@Private.example]", StringComparison.Ordinal)
        );

        ConfigFault fault = Assert.Single(reading.Faults);
        Assert.DoesNotContain("Private", fault.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("identifiers")]
    [InlineData("[]")]
    [InlineData("defaultRegion: US\n")]
    [InlineData("defaultRegion: US\nidentifiers: {}\n")]
    [InlineData("defaultRegion: US\n---\ndefaultRegion: US\n")]
    [InlineData("{\"defaultRegion\":")]
    [InlineData("\t- a")]
    public void Read_WhenItIsNoRulesFile_IsRefused(string yaml)
    {
        PolicyReading<IdentityRules> reading = Policies.ReadRules(yaml);

        Assert.Null(reading.Body);
        Assert.NotEmpty(reading.Faults);
    }

    [Fact]
    public void Read_WhenNestedWithoutEnd_IsRefused() =>
        Assert.NotEmpty(Policies.ReadRules(new string('[', 60_000)).Faults);

    [Fact]
    public void Match_WhenAPatternWouldBacktrack_TakesTimeLinearInTheValue()
    {
        IdentityRules rules = Accept(Small.Replace(@"^test-\d+$", "^(a+)+$", StringComparison.Ordinal));
        var watch = Stopwatch.StartNew();

        Assert.NotNull(
            new EnvelopeReader(rules, new LibPhoneNumbers()).Normalize("user_id", new string('a', 400) + "!")
        );

        // A backtracking engine would need 2^400 steps; the time is only there to end the test.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
    }

    private static IdentityRules Accept(string yaml)
    {
        PolicyReading<IdentityRules> reading = Policies.ReadRules(yaml);
        Assert.True(reading.Body is not null, string.Join('\n', reading.Faults));
        return reading.Body.Base;
    }

    private static string IdentityRulesText(IdentityRules rules) =>
        System.Text.Encoding.UTF8.GetString(IdentityRulesJson.Write(rules));
}
