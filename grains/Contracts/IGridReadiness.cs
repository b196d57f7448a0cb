namespace Customer360.Grains.Contracts;

/// <summary>
/// Says whether this process may be given traffic: its storage answers, and every intake partition has handed over
/// what was accepted before the start. Supplied by the silo; asked by <c>GET /health/ready</c>.
/// </summary>
public interface IGridReadiness
{
    /// <summary>Answers within a second or two; an outage is an answer (<see cref="GridReadiness.Ready"/> false), no exception.</summary>
    Task<GridReadiness> CheckAsync(CancellationToken cancellationToken);
}

/// <param name="Ready">True: send traffic.</param>
/// <param name="Reason">Where not ready: why, in a sentence for operators without addresses, secrets or a person's data.</param>
public sealed record GridReadiness(bool Ready, string? Reason);
