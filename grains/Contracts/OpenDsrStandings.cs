using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Grains.Contracts;

/// <summary>What a controller is told of a request of ours: the same in answers and in callbacks.</summary>
public static class OpenDsrStandings
{
    /// <param name="request">A request that came by OpenDSR.</param>
    /// <param name="status">The status that is told; a callback may tell one of before.</param>
    /// <param name="processor">Where results are fetched.</param>
    public static OpenDsrStanding StandingAt(
        this PrivacyRequestView request,
        OpenDsrStatus status,
        OpenDsrProcessor processor
    )
    {
        bool isCompleted = status == OpenDsrStatus.Completed;
        bool hasPackage =
            request.Kind is PrivacyRequestKind.Access or PrivacyRequestKind.Portability && !request.CustomerIds.IsEmpty;
        return new OpenDsrStanding(request.By, request.ClientId ?? "", request.DueAt, status)
        {
            ResultsCount = isCompleted ? request.CustomerIds.Length : null,
            ResultsUrl =
                isCompleted && hasPackage ? new Uri(processor.Address, $"v1/privacy/requests/{request.Id}") : null,
        };
    }
}
