using Customer360.Rules.Events;
using Customer360.Rules.Privacy;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Tests.Privacy.OpenDsr;

/// <summary>What OpenDSR calls the standing of a request.</summary>
public sealed class OpenDsrStatusesTests
{
    private static readonly ErasureState s_begun = ErasureSteps.Begin([Identifier.Create("email", "jane@x.com")]);

    [Theory]
    [InlineData(ErasurePhase.Resolve, OpenDsrStatus.InProgress)]
    [InlineData(ErasurePhase.Decide, OpenDsrStatus.Pending)]
    [InlineData(ErasurePhase.Suppress, OpenDsrStatus.InProgress)]
    [InlineData(ErasurePhase.Scrub, OpenDsrStatus.InProgress)]
    [InlineData(ErasurePhase.Done, OpenDsrStatus.Completed)]
    public void Of_APhase_IsItsWord(ErasurePhase phase, OpenDsrStatus status) =>
        Assert.Equal(status, OpenDsrStatuses.Of(s_begun with { Phase = phase }, isCancelled: false));

    [Fact]
    public void Of_ARequestThatAsksAgainAfterItHasSuppressed_IsInProgress()
    {
        ErasureState asking = s_begun with { Phase = ErasurePhase.Decide, Suppressed = s_begun.Identifiers };

        Assert.Equal(OpenDsrStatus.InProgress, OpenDsrStatuses.Of(asking, isCancelled: false));
    }

    [Fact]
    public void Of_ARequestThatWasTakenBack_IsCancelled() =>
        Assert.Equal(OpenDsrStatus.Cancelled, OpenDsrStatuses.Of(ErasureSteps.Begin([]), isCancelled: true));

    [Fact]
    public void Word_OfEachStatus_IsTheSpecifications() =>
        Assert.Equal(
            ["pending", "in_progress", "completed", "cancelled"],
            Enum.GetValues<OpenDsrStatus>().Select(OpenDsrStatuses.Word)
        );
}
