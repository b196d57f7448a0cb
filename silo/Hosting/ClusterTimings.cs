using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>
/// How long a cluster waits, and why. Orleans' own values are made for clusters of hundreds of machines that must not take a slow
/// one for a dead one; with them a killed silo costs a caller 15 to 31 seconds. These aim at an answer within 10 seconds of a silo's
/// death. What a wrong suspicion costs here is a restart of the silo: nothing is lost, since the log's positions fence the partitions
/// and versions fence every state.
/// </summary>
internal static class ClusterTimings
{
    /// <summary>
    /// A silo is asked for a sign of life this often, and has this long for it. Three without an answer and it is suspected: 4.5 s, well
    /// above any pause of the garbage collector. It is the least and the most as well: Orleans would shorten it to half where all is calm,
    /// and then a machine that is starved all of a sudden condemns its neighbours; and it would lengthen it to the fourfold, and three
    /// times the longest is how long a silo that hangs, whose connections stay open, counts as alive. Orleans: 5 s. This is the default of
    /// <see cref="ClusterSettings.ProbeTimeout"/>.
    /// </summary>
    public static readonly TimeSpan Probe = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Changes of membership are told from silo to silo at once; the table is read this often for what was not told. Orleans: 60 s.
    /// </summary>
    public static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A silo writes this often that it lives. Three times missed and a silo that starts takes it for gone without asking it, which
    /// matters when all have died at once and come back at other addresses: 15 s. Orleans: 30 s, so a minute and a half.
    /// </summary>
    public static readonly TimeSpan IAmAlive = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo that starts tries to reach all others before it has those evicted that it can't reach. Orleans: 5 minutes.
    /// </summary>
    public static readonly TimeSpan JoinMax = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a silo waits for another's answer. Calls to a silo that dies end with its death; this is for answers that got lost
    /// between two that live. Whoever waits tries again, so it is short. Orleans: 30 s.
    /// </summary>
    public static readonly TimeSpan SiloResponse = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client waits. It is not told when the silo dies through which its call went, so this is what such a call costs. A
    /// sender may ask to wait 5 s until its messages are applied; this leaves room for the way. It is longer than what a client needs to
    /// learn that a silo hangs (its death and <see cref="GatewayRefresh"/>), or the second try would go through the same silo. Calls
    /// that may take longer say so at their interface. Orleans: 30 s.
    /// </summary>
    public static readonly TimeSpan ClientResponse = TimeSpan.FromSeconds(6.5);

    /// <summary>
    /// How often a client reads which silos it may go through: one row per silo. A broken connection it notices at once; a silo that
    /// hangs only by this. Orleans: 60 s.
    /// </summary>
    public static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(1);

    /// <summary>How long connecting may take: an address that is gone answers nothing at all. Orleans: 5 s.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(2);

    /// <summary>How long a failed connection is not tried again. Orleans: 1 s.</summary>
    public static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a grain may take to end when it is put away: it writes its state, which takes milliseconds where storage answers. An
    /// orderly stop waits for it, and shall hand over within 10 s. Orleans: 30 s.
    /// </summary>
    public static readonly TimeSpan Deactivation = TimeSpan.FromSeconds(5);

    /// <summary>Sets what a silo waits for.</summary>
    /// <param name="probe">How long another silo has to answer a probe.</param>
    internal static void UseClusterTimings(this ISiloBuilder silo, TimeSpan probe)
    {
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = probe;
            options.MinProbeTimeout = probe;
            options.MaxProbeTimeout = probe;
            options.TableRefreshTimeout = TableRefresh;
            options.IAmAliveTablePublishTimeout = IAmAlive;
            options.MaxJoinAttemptTime = JoinMax;
        });
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = SiloResponse);
        silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = Deactivation);
        silo.Services.Configure<ConnectionOptions>(SetConnections);
    }

    /// <summary>Sets what a client of a cluster waits for.</summary>
    internal static void UseClusterTimings(this IClientBuilder client)
    {
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ClientResponse);
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
        client.Services.Configure<ConnectionOptions>(SetConnections);
    }

    private static void SetConnections(ConnectionOptions options)
    {
        options.OpenConnectionTimeout = Connect;
        options.ConnectionRetryDelay = ConnectPause;
    }
}
