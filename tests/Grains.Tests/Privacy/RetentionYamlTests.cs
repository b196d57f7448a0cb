using Customer360.Grains.Tests.Support;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;

namespace Customer360.Grains.Tests.Privacy;

public sealed class RetentionYamlTests
{
    [Fact]
    public void Read_WhenItIsTheExample_GivesEachRequestItsDays()
    {
        RetentionPolicy policy = Read(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "retention.yaml"))
        ).Body!.Base;

        Assert.Equal((14, 21, 30), (policy.DaysFor("Erasure"), policy.DaysFor("access"), policy.DaysFor("objection")));
    }

    [Theory]
    [InlineData("deadlines: {default: 30}")]
    [InlineData("deadlines: {}\nowner: {team: privacy, contact: me}\ndeadlines2: 1", "deadlines2")]
    [InlineData("deadlines: {erasure: 91}", "deadlines.erasure: It must be a whole number from 1 to 90.")]
    [InlineData("deadlines: {erasure: soon}", "deadlines.erasure: It must be a whole number from 1 to 90.")]
    [InlineData("deadlines: {oblivion: 3}", "deadlines.oblivion: There is no such rule here.")]
    [InlineData("examples: [{input: {request: erasure}, expect: {days: 3}}]\ndeadlines: {erasure: 4}", "examples[0]")]
    [InlineData(
        "examples: [{input: {request: sale}, expect: {days: 30}}]\ndeadlines: {default: 30}",
        "no such kind of request"
    )]
    public void Read_WhenAFaultIsInIt_NamesIt(string yaml, string fault = "") =>
        Assert.Equal(
            fault.Length > 0,
            Read(yaml).Faults.Any(one => one.ToString().Contains(fault, StringComparison.Ordinal))
        );

    [Fact]
    public void Version_WhenTheFileSaysWhatIsBuiltIn_IsTheSame() =>
        Assert.Equal(
            Read(Policies.Kinds.Of<RetentionPolicy>().BuiltIn).Body!.Version,
            Read("# nothing of our own\ndeadlines:\n  default: 30").Body!.Version
        );

    private static PolicyReading<RetentionPolicy> Read(string yaml) => Policies.Kinds.Read<RetentionPolicy>(yaml);
}
