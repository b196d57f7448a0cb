namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>How a request stands, in the words of OpenDSR 2.0.</summary>
public enum OpenDsrStatus
{
    /// <summary>It was received, and nothing is done yet: it can be cancelled.</summary>
    Pending = 1,

    /// <summary>It is being carried out.</summary>
    InProgress = 2,

    /// <summary>It is carried out.</summary>
    Completed = 3,

    /// <summary>It was taken back.</summary>
    Cancelled = 4,
}

/// <summary>What OpenDSR calls the standing of a request of ours.</summary>
public static class OpenDsrStatuses
{
    /// <summary>
    /// A request that asks an officer who is meant is pending as long as nothing is suppressed, because that is when it can be
    /// cancelled. OpenDSR allows a controller to cancel what is pending, so the two must agree.
    /// </summary>
    public static OpenDsrStatus Of(ErasureState request, bool isCancelled) =>
        isCancelled ? OpenDsrStatus.Cancelled
        : request.Phase == ErasurePhase.Done ? OpenDsrStatus.Completed
        : request is { Phase: ErasurePhase.Decide, Suppressed.IsEmpty: true } ? OpenDsrStatus.Pending
        : OpenDsrStatus.InProgress;

    /// <summary>No other status comes after it.</summary>
    public static bool IsLast(OpenDsrStatus status) => status is OpenDsrStatus.Completed or OpenDsrStatus.Cancelled;

    /// <summary>As it is written on the wire.</summary>
    public static string Word(OpenDsrStatus status) =>
        status switch
        {
            OpenDsrStatus.Pending => "pending",
            OpenDsrStatus.InProgress => "in_progress",
            OpenDsrStatus.Completed => "completed",
            OpenDsrStatus.Cancelled => "cancelled",
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
}
