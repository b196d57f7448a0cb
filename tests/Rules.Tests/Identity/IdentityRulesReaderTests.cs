using Customer360.Phones;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Tests.Identity;

/// <summary>The pure part of reading rules; the file's format is tested where it is read (Grains.Tests).</summary>
public sealed class IdentityRulesReaderTests
{
    [Fact]
    public void Read_WhenOnlyTheNeededIsSaid_HasTheDefaults()
    {
        IdentityRulesReading reading = IdentityRulesReader.Read(
            Map(("defaultRegion", Text("US")), ("identifiers", Map(("user_id", Type(1)), ("email", Type(2))))),
            new LibPhoneNumbers()
        );

        IdentityRules rules = reading.Rules!;
        IdentifierRule email = rules.Find("email")!;
        Assert.Equal(new IdentifierRule("email", 2, 5, LimitWindow.Ever, Normalisation.Exact), email);
        Assert.Equal(50, email.QuarantineDegree);
        Assert.Null(rules.Find("user_id")!.QuarantineDegree);
        Assert.Equal(1_000, rules.ProfileIdentifiersMax);
        Assert.False(rules.Blocked.IsBlocked("anonymous"));
        Assert.Null(new EnvelopeReader(rules, new LibPhoneNumbers()).Normalize("user_id", "anonymous"));
    }

    [Fact]
    public void Read_WhenSomethingIsMissing_NamesTheRule()
    {
        IdentityRulesReading reading = IdentityRulesReader.Read(
            Map(("identifiers", Map(("email", Map())))),
            new LibPhoneNumbers()
        );

        Assert.Null(reading.Rules);
        Assert.Equal(
            ["defaultRegion", "identifiers.email.limit", "identifiers.email.priority"],
            reading.Faults.Select(fault => fault.Rule).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Read_WhenATypeIsThereTwice_NamesBothLines()
    {
        IdentityRulesReading reading = IdentityRulesReader.Read(
            Map(
                ("defaultRegion", Text("US")),
                (
                    "identifiers",
                    new ConfigNode(ConfigKind.Map, 2) { Members = [new("email", 3, Type(1)), new("email", 7, Type(2))] }
                )
            ),
            new LibPhoneNumbers()
        );

        ConfigFault fault = Assert.Single(reading.Faults);
        Assert.Equal("line 7, identifiers.email: It is there twice; first in line 3.", fault.ToString());
    }

    [Theory]
    [InlineData("a(b", "no regular expression")]
    [InlineData("(?<!a)b", "linear time")]
    [InlineData(@"(a)\1", "linear time")]
    public void FaultOf_WhenAPatternCanNotBeTaken_SaysWhy(string pattern, string expected)
    {
        Assert.Contains(expected, ValuePatterns.FaultOf(pattern), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ValuePatterns([pattern]));
    }

    [Fact]
    public void Reader_WhenRulesChange_ReadsByTheNew()
    {
        var source = new Source { Current = IdentityRules.Default };
        var reader = new EnvelopeReader(source, new LibPhoneNumbers());
        Assert.Null(reader.Normalize("crm_id", "1"));

        source.Current = new IdentityRules(
            [new IdentifierRule("crm_id", 1, 1, LimitWindow.Ever, Normalisation.Exact)],
            "US"
        );

        Assert.Equal("crm_id:1", reader.Normalize("crm_id", "1").ToString());
        Assert.Null(reader.Normalize("email", "jane@example.com"));
    }

    private static ConfigNode Type(int priority) => Map(("priority", Text($"{priority}")), ("limit", Text("5")));

    private static ConfigNode Text(string text) => new(ConfigKind.Text, 1) { Text = text };

    private static ConfigNode Map(params (string Name, ConfigNode Value)[] members) =>
        new(ConfigKind.Map, 1) { Members = [.. members.Select(one => new ConfigMember(one.Name, 1, one.Value))] };

    private sealed class Source : IPolicy<IdentityRules>
    {
        public required IdentityRules Current { get; set; }

        public PolicyInForce<IdentityRules> InForce =>
            new(0, 0, PolicyBody<IdentityRules>.Of(Current, Current.Version));
    }
}
