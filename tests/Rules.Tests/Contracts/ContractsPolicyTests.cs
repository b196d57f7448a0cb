using Customer360.Rules.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>What a contracts file may say, and what is told of one that is wrong.</summary>
public sealed class ContractsPolicyTests
{
    private static readonly ContractsPolicyKind s_kind = new();

    [Fact]
    public void Read_OfTheSample_IsValidAndKeepsItsExamples()
    {
        PolicyReading<ContractsPolicy> reading = s_kind.ReadFile(SmallYaml.Sample("contracts"), SmallYaml.Instance);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        ContractsPolicy policy = reading.Body!.Base;
        Assert.Equal(["identify", "Order Completed"], policy.Contracts.Select(one => one.Title));
        EventContract order = policy.Contracts[1];
        Assert.Equal("shop", order.Owner.Team);
        Assert.Equal(["2.0.0", "1.0.0"], order.Versions.Select(one => one.Version.ToString()));
        ContractVersion old = order.Versions[1];
        Assert.Equal(ContractStatus.Active, old.StatusAt(Day(2026, 11, 30)));
        Assert.Equal(ContractStatus.Deprecated, old.StatusAt(Day(2026, 12, 1)));
        Assert.Equal(ContractStatus.Retired, old.StatusAt(Day(2027, 3, 1)));
    }

    [Fact]
    public void Read_OfTheBuiltInFile_IsValidAndAsksNothing()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
        Assert.True(s_kind.ReadFile(s_kind.BuiltIn, SmallYaml.Instance).Body!.Base.IsSilent);
    }

    [Fact]
    public void Read_OfASchemaInBothSpellings_IsTheSameVersion()
    {
        string map = File("schema: {type: object, properties: {a: {type: integer, minimum: 1}}}");
        string text = File("""schema: '{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}}'""");

        Assert.Equal(
            s_kind.ReadFile(map, SmallYaml.Instance).Version,
            s_kind.ReadFile(text, SmallYaml.Instance).Version
        );
    }

    [Theory]
    [InlineData("schema: {type: text}", "contracts[0].versions[0].schema/type: It must be null")]
    [InlineData("schema: {$ref: \"https://example.com/x\"}", "schema/$ref: It refers to what is neither")]
    [InlineData("schema: 'no json'", "schema: It is no JSON.")]
    [InlineData("schema: {pattern: '(a)\\1'}", "linear time")]
    [InlineData("status: proposed", "All of them are proposed")]
    [InlineData("version: 1.0", "It must be MAJOR.MINOR.PATCH")]
    [InlineData("version: 01.0.0", "It must be MAJOR.MINOR.PATCH")]
    [InlineData("deprecatedOn: tomorrow", "It must be a day")]
    [InlineData("deprecatedOn: 2027-01-01\n        retiredOn: 2026-01-01", "It lies before the day")]
    [InlineData("colour: red", "There is no such rule here.")]
    public void Read_OfAVersionThatIsWrong_NamesItsPlace(string line, string words)
    {
        string[] faults = SmallYaml.Faults(s_kind, File(line));

        Assert.Contains(faults, fault => fault.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sources: [shop]", "sources: [shop, web]", true)]
    [InlineData("sources: [shop]", "sources: [web]", false)]
    [InlineData("description: all", "sources: [web]", true)]
    public void Read_OfTwoContractsOfOneEvent_IsRefusedWhereBothWouldCount(string one, string other, bool isRefused)
    {
        string[] faults = SmallYaml.Faults(
            s_kind,
            $$"""
            owner: {team: data, contact: data}
            contracts:
              - name: Bought
                {{one}}
                versions: [{version: 1.0.0, schema: true}]
              - name: Bought
                {{other}}
                versions: [{version: 1.0.0, schema: true}]
            """
        );

        Assert.Equal(isRefused, faults.Any(fault => fault.Contains("another owner", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("modes: {violations: allow}", "It must be one of: observe, annotate, quarantine, refuse.")]
    [InlineData("modes: {unplannedEvents: block}", "It must be one of: allow, observe")]
    [InlineData("schemas: {product: true}", "absolute address")]
    [InlineData("contracts: [{type: alias, versions: []}]", "There is no such kind of message with a contract.")]
    [InlineData("contracts: [{versions: [{version: 1.0.0, schema: {}}]}]", "contracts[0].name: It is missing.")]
    [InlineData("contracts: [{type: identify, name: x, versions: []}]", "Such messages have no name.")]
    [InlineData("contracts: [{name: x, classes: {a: hidden}, versions: []}]", "It must be one of: public")]
    public void Read_OfAFileThatIsWrong_SaysWhy(string line, string words)
    {
        string[] faults = SmallYaml.Faults(s_kind, $"owner: {{team: data, contact: data}}\n{line}\n");

        Assert.Contains(faults, fault => fault.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfAnExampleThatFails_IsRefusedWithWhatItComesTo()
    {
        string[] faults = SmallYaml.Faults(
            s_kind,
            File("schema: {required: [total]}")
                + "examples: [{input: {name: Bought, properties: {}}, expect: {mode: allow}}]\n"
        );

        Assert.Contains(faults, fault => fault.Contains("the policy comes to 'observe'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2", true)]
    [InlineData("2.1", true)]
    [InlineData("2.1.3", true)]
    [InlineData("2.0", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData("2.1.3.4", false)]
    public void IsMeantBy_WhatSendersWrite_TakesPartsOfAVersion(string sent, bool isMeant) =>
        Assert.Equal(isMeant, new SemanticVersion(2, 1, 3).IsMeantBy(sent));

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A file with one contract of one version, which has that line in place of its own.</summary>
    private static string File(string line)
    {
        string name = line[..line.IndexOf(':', StringComparison.Ordinal)];
        string[] own = ["version: 1.0.0", "schema: {}"];
        string lines = string.Join(
            "\n        ",
            own.Where(one => !one.StartsWith($"{name}:", StringComparison.Ordinal)).Append(line)
        );
        return $"owner: {{team: data, contact: data}}\ncontracts:\n  - name: Bought\n    versions:\n      - {lines}\n";
    }
}
