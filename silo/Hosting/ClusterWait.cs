using Customer360.Rules.Ports;
using Customer360.Silo.Start;
using Customer360.Storage.Postgres;

namespace Customer360.Silo.Hosting;

/// <summary>
/// A client waits for its cluster for as long as it takes: silos may start after it, or be restarted all at once. What no
/// waiting cures ends its start.
/// </summary>
internal sealed class ClusterWait(
    PostgresCluster database,
    ClusterSettings settings,
    SiloProbe probe,
    StartProgress progress,
    TimeProvider time
) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            progress.WaitFor("No silo of the cluster answers yet.", await Find(cancellationToken));
            await Task.Delay(s_pause, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Why nobody answers, as far as can be seen.</summary>
    /// <exception cref="StartRefusedException">A silo runs, and certificates or their absence are in the way.</exception>
    private async Task<string> Find(CancellationToken cancellationToken)
    {
        try
        {
            MemberRow[] active =
            [
                .. (await database.ReadMembersAsync(cancellationToken)).Where(member =>
                    member.IsActive && member.Cluster == settings.ClusterId
                ),
            ];
            foreach (MemberRow member in active)
            {
                SiloAnswer answer = await probe.Ask(member, cancellationToken);
                if (answer.Found is not (SiloAnswer.Kind.Reached or SiloAnswer.Kind.Away))
                {
                    throw new StartRefusedException(JoinRefusal.Of(member, answer));
                }
            }

            return active.Length == 0
                ? $"None of the cluster '{settings.ClusterId}' has started."
                : $"Tried: {string.Join(", ", active.Select(member => member.Place))}.";
        }
        catch (StorageUnavailableException away)
        {
            return away.Message;
        }
    }
}
