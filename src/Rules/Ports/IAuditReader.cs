using System.Collections.Immutable;
using Customer360.Rules.Audit;

namespace Customer360.Rules.Ports;

/// <summary>Reads the audit log. The port that storage implements.</summary>
public interface IAuditReader
{
    /// <summary>The newest records before a place, the newest first.</summary>
    /// <param name="chain">Only this chain's; null: all.</param>
    /// <param name="before">Only records of a lower number; <see cref="long.MaxValue"/> for the newest of all.</param>
    /// <param name="limit">Records at most, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<AuditRow>> ReadBackAsync(
        int? chain,
        long before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Where the chains end, all at one moment.</summary>
    Task<AuditHead> ReadHeadAsync(CancellationToken cancellationToken);
}
