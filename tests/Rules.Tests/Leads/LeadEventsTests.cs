using Customer360.Rules.Leads;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Leads;

public sealed class LeadEventsTests
{
    /// <summary>The properties of a message stand in it as they were sent. They were looked for beside it, and none was ever found.</summary>
    [Theory]
    [InlineData("/pricing/teams", 1)]
    [InlineData("/blog", 0)]
    public void Points_OfAnEvent_DependOnItsProperties(string path, int count)
    {
        ScoringPolicy policy = new ScoringPolicyKind()
            .ReadFile(SmallYaml.Sample("scoring"), SmallYaml.Instance)
            .Body!.Base;

        Assert.Equal(
            count,
            LeadEvents
                .ContributionsOf(
                    policy,
                    [
                        Accept(
                            $$"""{"type":"track","userId":"u","event":"Page Viewed","messageId":"m1","properties":{"path":"{{path}}"} }"""
                        ),
                    ]
                )
                .Length
        );
    }
}
