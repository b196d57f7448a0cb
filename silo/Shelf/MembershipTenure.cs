using Customer360.Grains.Contracts;
using Customer360.Silo.Start;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Customer360.Silo.Shelf;

/// <summary>
/// The shelf counts while this silo knows that it belongs to the cluster: it has read the membership a short while ago, and
/// stands there as active. Each change of the membership begins a new term.
/// </summary>
/// <remarks>
/// <para>
/// A silo that is cut off learns too late that it was declared dead and that its customers live elsewhere. Its own
/// activations answer its own calls until then, and that is Orleans' business. But the shelf also answers for identifiers whose
/// grains are on other silos, where a grain call would fail or find the new owner. So it holds a lease: one reading of the
/// membership is good for <see cref="Lease"/>, counted from when it was asked for. That is less than other silos need to
/// declare this one dead, since each of the probes that they miss takes the probe's timeout; so before any customer of this
/// silo can begin elsewhere, the shelf is closed here.
/// </para>
/// <para>
/// A silo that reaches the membership table but not the others sees at its next reading that it is dead. A process that was
/// stopped and goes on finds its lease expired, for the lease is compared with the clock at each read and not ended by a timer.
/// </para>
/// </remarks>
internal sealed partial class MembershipTenure : NodeLoop, IShelfTenure
{
    private readonly IClusterMembershipService _membership;
    private readonly SiloAddress _self;
    private readonly TimeProvider _time;
    private readonly ILogger<MembershipTenure> _logger;
    private readonly long _leaseTicks;
    private Known _known = new(null, IShelfTenure.None);
    private long _expires;

    public MembershipTenure(
        IClusterMembershipService membership,
        ILocalSiloDetails silo,
        IOptions<ClusterMembershipOptions> options,
        TimeProvider time,
        ILogger<MembershipTenure> logger
    )
    {
        _membership = membership;
        _self = silo.SiloAddress;
        _time = time;
        _logger = logger;
        ClusterMembershipOptions probes = options.Value;
        // The probe that was under way when it was cut off may have begun before: one less than they miss.
        Lease =
            probes.NumMissedProbesLimit > 1
                ? probes.ProbeTimeout * (probes.NumMissedProbesLimit - 1)
                : probes.ProbeTimeout / 2;
        _leaseTicks = (long)(Lease.TotalSeconds * time.TimestampFrequency);
        _expires = time.GetTimestamp();
    }

    /// <summary>How long one reading of the membership is good for.</summary>
    public TimeSpan Lease { get; }

    public long Term =>
        _time.GetTimestamp() < Volatile.Read(ref _expires) ? TermOf(_membership.CurrentSnapshot) : IShelfTenure.None;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                long asked = _time.GetTimestamp();
                await _membership.Refresh(default, stoppingToken).AsTask().WaitAsync(Lease, _time, stoppingToken);
                Volatile.Write(ref _expires, asked + _leaseTicks);
                isAway = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Reads go by grain calls meanwhile. Said once an outage.
                if (!isAway)
                {
                    NotRead(_logger, error.GetType().Name);
                }

                isAway = true;
            }

            await Task.Delay(Lease / 4, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private long TermOf(ClusterMembershipSnapshot snapshot)
    {
        Known known = Volatile.Read(ref _known);
        if (ReferenceEquals(known.Snapshot, snapshot))
        {
            return known.Term;
        }

        long term = snapshot.GetSiloStatus(_self) == SiloStatus.Active ? snapshot.Version.Value : IShelfTenure.None;
        Volatile.Write(ref _known, new Known(snapshot, term));
        return term;
    }

    [LoggerMessage(
        321,
        LogLevel.Warning,
        "The cluster's membership could not be read ({Error}); reads go by grain calls."
    )]
    private static partial void NotRead(ILogger logger, string error);

    private sealed record Known(ClusterMembershipSnapshot? Snapshot, long Term);
}
