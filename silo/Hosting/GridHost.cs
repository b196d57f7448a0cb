using System.Net;
using System.Security.Cryptography;
using Customer360.Silo.Changes;
using Customer360.Silo.Cluster;
using Customer360.Silo.Policies;
using Customer360.Silo.Shelf;
using Customer360.Silo.Start;
using Customer360.Silo.Storage;
using Customer360.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>
/// The grid on Microsoft Orleans. Without a connection string one process is API and silo at once, on a SQLite file. With one,
/// silos find each other in a table of that database, and an API is a silo as well, or a client of them
/// (<see cref="ClusterSettings.Cohost"/>).
/// </summary>
public static class GridHost
{
    private const string Invariant = "Npgsql";

    // The name that Orleans looks for: who has subscribed to which stream.
    private const string Subscriptions = "PubSubStore";

    /// <summary>Adds what a silo runs: storage, grains, and what starts and follows them.</summary>
    /// <exception cref="StartRefusedException">A setting is not valid, or a port is taken.</exception>
    public static void AddGridSilo(this IHostApplicationBuilder builder)
    {
        SettingsCheck.Require(builder.Configuration);
        string? connection = GridServices.ConnectionOf(builder.Configuration);
        var settings = ClusterSettings.Read(builder.Configuration);
        if (connection is null)
        {
            builder.AddGridNode(() => builder.UseOrleans(UseAlone));
            builder.Services.AddHostedService<ChangeHintSender>();
            return;
        }

        builder.Services.AddClusterLook(connection, settings);
        builder.Services.AddSingleton<ClusterCheck>();
        builder.AddGridNode(() =>
        {
            builder.Services.AddSingleton<JoinWatch>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<JoinWatch>());
            builder.UseOrleans(silo => silo.UseCluster(connection, settings));
            builder.Services.AddHostedService<GridJoined>();
            builder.Services.AddMembershipTenure();
            builder.Services.AddHostedService<ChangeHintReader>();
            builder.Services.AddHostedService<ChangeHintSender>();
        });
    }

    /// <summary>For a program that is a silo and nothing else: without a cluster nobody could reach it.</summary>
    /// <exception cref="StartRefusedException">There is no connection string.</exception>
    public static void RequireCluster(this IHostApplicationBuilder builder)
    {
        SettingsCheck.Require(builder.Configuration);
        if (GridServices.ConnectionOf(builder.Configuration) is null)
        {
            throw new StartRefusedException(
                $"A silo joins a cluster, and {GridServices.ConnectionSetting} does not say on which database: set it. A grid "
                    + "that is one process on a SQLite file is the API alone."
            );
        }
    }

    /// <summary>Adds what the API needs: a silo in its process, or where the settings say so a client of the cluster.</summary>
    /// <exception cref="StartRefusedException">A setting is not valid, or a port is taken.</exception>
    public static void AddGridClient(this IHostApplicationBuilder builder)
    {
        SettingsCheck.Require(builder.Configuration);
        var settings = ClusterSettings.Read(builder.Configuration);
        if (settings.Cohost)
        {
            builder.AddGridSilo();
            return;
        }

        string connection =
            GridServices.ConnectionOf(builder.Configuration)
            ?? throw new StartRefusedException(
                $"CUSTOMER360__CLUSTER__COHOST=false makes this API a client of a cluster, and {GridServices.ConnectionSetting} "
                    + "does not say on which database: set it, or leave COHOST out."
            );
        builder.AddGridSettings();
        builder.Services.AddClusterLook(connection, settings);
        builder.Services.AddHostedService<ClientStart>();
        builder.UseOrleansClient(client =>
        {
            client.AddGrainTracing();
            client.AddClusterOperations();
            client.UseClusterTimings();
            client.Configure<ClusterOptions>(options => Name(options, settings));
            client.UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connection;
            });
            client.UseConnectionRetryFilter<ClusterWait>();
            client.AddChangeStream();
            if (ClusterTls.Load(settings.Tls, TimeProvider.System) is { } tls)
            {
                client.UseTls(tls.Apply);
            }
        });
        builder.AddPolicySync();
        builder.Services.AddHostedService<ChangeHintReader>();
    }

    /// <summary>
    /// Adds all of a node but the runtime that its grains run on, and that where it belongs in the order of starts: behind
    /// storage, and before everything that calls grains. The simulation hosts the same node on a runtime of its own.
    /// </summary>
    public static void AddGridNode(this IHostApplicationBuilder builder, Action addRuntime)
    {
        builder.AddGridSettings();
        builder.AddGridStorage();
        addRuntime();
        builder.AddPolicySync();
        builder.Services.AddHostedService<PartitionStart>();
    }

    /// <summary>
    /// A silo that is a cluster by itself. Its name is made anew, so no other process on this machine can take it for one of
    /// its own, and it has no door for clients.
    /// </summary>
    private static void UseAlone(this ISiloBuilder silo)
    {
        silo.AddClusterOperations();
        string clusterId = $"alone-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        silo.Services.AddSingleton(_ => ClusterPorts.TakeAlone());
        silo.Services.AddOptions<EndpointOptions>()
            .Configure<ClusterPorts>((endpoint, ports) => Listen(endpoint, IPAddress.Loopback, ports));
        silo.UseDevelopmentClustering(primarySiloEndpoint: null);
        silo.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = "customer360";
            options.ClusterId = clusterId;
        });
        silo.AddIdleCollection();
        silo.AddReminders();
        silo.AddGrainTracing();
    }

    private static void UseCluster(this ISiloBuilder silo, string connection, ClusterSettings settings)
    {
        silo.AddClusterOperations();
        IPAddress? address = settings.Address is { Length: > 0 } given ? IPAddress.Parse(given) : null;
        silo.Services.AddSingleton(_ => ClusterPorts.Take(settings));
        silo.Services.AddOptions<EndpointOptions>()
            .Configure<ClusterPorts>((endpoint, ports) => Listen(endpoint, address, ports));
        silo.Configure<ClusterOptions>(options => Name(options, settings));
        silo.Services.AddOptions<SiloOptions>()
            .Configure<ClusterPorts>((options, ports) => options.SiloName = SiloName.Make(settings.Name, ports.Silo));
        silo.UseClusterTimings(settings.ProbeTimeout);
        silo.AddIdleCollection();
        silo.AddLastingDirectory();
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.AddReminderMove();
        silo.AddGrainTracing();
        silo.AddAdoNetGrainStorage(
            Subscriptions,
            options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connection;
            }
        );
        silo.AddChangeStream();
        if (ClusterTls.Load(settings.Tls, TimeProvider.System) is { } tls)
        {
            silo.UseTls(tls.Apply);
        }

        if (settings.Kubernetes)
        {
            silo.UseKubernetesHosting();
        }
    }

    /// <summary>
    /// Orleans' default directory forgets the entries of a silo that dies, and a grain that was registered there is made a
    /// second time while its first activation is alive and called: what that one acknowledged could be passed over. This one
    /// asks the silos that live for what they hold before it answers, so a second activation is made only when nobody calls
    /// the first one's silo any more. By itself it would also hold back the grains of a dead silo for half a minute, in case
    /// that silo only hangs and goes on. Here storage refuses a silo that goes on, by positions and versions, so nobody waits.
    /// </summary>
    private static void AddLastingDirectory(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003 // Its API may change in a later Orleans; Orleans says so of how it is added, not of what it promises.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
    }

    /// <summary>Without an address Orleans finds one.</summary>
    private static void Listen(EndpointOptions endpoint, IPAddress? address, ClusterPorts ports)
    {
        if (address is not null)
        {
            endpoint.AdvertisedIPAddress = address;
        }

        endpoint.SiloPort = ports.Silo;
        endpoint.GatewayPort = ports.Gateway;
    }

    private static void Name(ClusterOptions options, ClusterSettings settings)
    {
        options.ClusterId = settings.ClusterId;
        options.ServiceId = settings.ServiceId;
    }
}
