using Customer360.Silo.Hosting;
using Customer360.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Start;

/// <summary>Whether this process may join the cluster that its database shows.</summary>
internal sealed partial class ClusterCheck(
    PostgresCluster database,
    ClusterSettings settings,
    TimeProvider time,
    ILogger<ClusterCheck> logger
)
{
    /// <summary>
    /// Of silos of another cluster: one that has been silent for so long is taken for gone. It says that it lives every
    /// <see cref="Hosting.ClusterTimings.IAmAlive"/>, but may hang for a while.
    /// </summary>
    private static readonly TimeSpan s_silenceMax = TimeSpan.FromMinutes(3);

    public ClusterSettings Settings => settings;

    /// <summary>Compares this machine's clock with the database's, which all silos share.</summary>
    /// <exception cref="StartRefusedException">It is too far off.</exception>
    public async Task CheckClock(CancellationToken cancellationToken)
    {
        TimeSpan skew = await database.CompareClocksAsync(time, cancellationToken);
        string difference =
            $"{Math.Abs(skew.TotalSeconds):0.0} seconds {(skew > TimeSpan.Zero ? "ahead of" : "behind")}";
        if (skew.Duration() > settings.ClockSkewMax)
        {
            throw new StartRefusedException(
                $"This machine's clock is {difference} the database's, and {settings.ClockSkewMax.TotalSeconds:0} are allowed: "
                    + "messages would get wrong times, and silos take each other for dead. Set both clocks (NTP)."
            );
        }

        if (skew.Duration() > settings.ClockSkewMax / 10)
        {
            LogSkew(logger, difference);
        }
    }

    /// <summary>Looks at the silos that the database knows.</summary>
    /// <exception cref="StartRefusedException">
    /// Another cluster runs on this database, or a silo of ours that is too old to get on with.
    /// </exception>
    public async Task CheckMembers(CancellationToken cancellationToken)
    {
        MemberRow[] alive =
        [
            .. (await database.ReadMembersAsync(cancellationToken)).Where(member => member.Silence < s_silenceMax),
        ];
        MemberRow[] others = [.. alive.Where(member => member.Cluster != settings.ClusterId)];
        if (others.Length > 0)
        {
            throw new StartRefusedException(
                $"The cluster '{others[0].Cluster}' runs on this database ({Describe(others)}), and this process belongs to "
                    + $"'{settings.ClusterId}': both would own the same customers. Set CUSTOMER360__CLUSTER__CLUSTERID to "
                    + $"{others[0].Cluster} to join it, or {GridServices.ConnectionSetting} to a database of its own."
            );
        }

        MemberRow[] old = [.. alive.Where(member => SiloName.ContractOf(member.Name) < GridContract.OldestBeside)];
        if (old.Length > 0)
        {
            throw new StartRefusedException(
                $"Silos of an older release run in this cluster ({Describe(old)}), and this program needs contract "
                    + $"{GridContract.OldestBeside} at least: update them to the release in between first."
            );
        }
    }

    private static string Describe(MemberRow[] members) =>
        string.Join(", ", members.Select(member => $"{member.Place}, seen {member.Silence.TotalSeconds:0} s ago"));

    [LoggerMessage(
        332,
        LogLevel.Warning,
        "This machine's clock is {Difference} the database's: set both clocks (NTP)."
    )]
    private static partial void LogSkew(ILogger logger, string difference);
}
