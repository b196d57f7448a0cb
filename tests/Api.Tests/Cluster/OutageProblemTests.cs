using Customer360.Api.Problems;
using Microsoft.AspNetCore.Http;
using Orleans.Runtime.Messaging;

namespace Customer360.Api.Tests.Cluster;

/// <summary>When a silo is gone, a caller is told to come again; when the fault is its own, it is told that.</summary>
public sealed class OutageProblemTests
{
    public static TheoryData<Exception> Outages =>
        [
            new SiloUnavailableException("gone"),
            new ConnectionFailedException("refused"),
            new TimeoutException(),
            new OperationCanceledException(),
        ];

    [Theory]
    [MemberData(nameof(Outages))]
    public void Exception_OfASiloThatIsGone_AsksToComeAgain(Exception error)
    {
        Problem problem = ProblemOf.Exception(error);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, problem.Status);
        Assert.True(problem.RetryAfterSeconds > 0);
    }

    [Fact]
    public void Exception_OfABodyThatBreaksOff_StaysTheCallers() =>
        Assert.Equal(
            StatusCodes.Status400BadRequest,
            ProblemOf.Exception(new BadHttpRequestException("Unexpected end of request content.")).Status
        );
}
