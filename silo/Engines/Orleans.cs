using System.Net;
using Customer360.Silo.Start;
using Customer360.Silo.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Customer360.Silo;

/// <summary>
/// The grid on Microsoft Orleans: silos that find each other in one membership table in PostgreSQL, the API a client of
/// theirs. Without a connection string one process is silo and API at once, on loopback.
/// </summary>
/// <remarks>
/// The tables of clustering and reminders are Orleans' own: its scripts <c>PostgreSQL-Main.sql</c>,
/// <c>PostgreSQL-Clustering.sql</c> and <c>PostgreSQL-Reminders.sql</c> are run once on the database by whoever sets the
/// cluster up. Settings: <c>Customer360:Cluster:ClusterId</c> and <c>ServiceId</c> (default <c>customer360</c>),
/// <c>SiloPort</c> (11111), <c>GatewayPort</c> (30000), <c>Address</c> (default: found by Orleans).
/// </remarks>
public static class GridHost
{
    private const string Invariant = "Npgsql";

    /// <summary>Adds what a node of the cluster runs: grains and storage.</summary>
    public static void AddGridSilo(this IHostApplicationBuilder builder)
    {
        builder.AddGridSettings();
        builder.AddGridNode();
        string? connection = builder.Configuration.GetConnectionString(GridServices.ConnectionName);
        builder.UseOrleans(silo =>
        {
            IConfigurationSection settings = builder.Configuration.GetSection("Customer360:Cluster");
            int siloPort = settings.GetValue("SiloPort", 11111);
            int gatewayPort = settings.GetValue("GatewayPort", 30000);
            if (string.IsNullOrEmpty(connection))
            {
                silo.UseLocalhostClustering(siloPort, gatewayPort).AddReminders();
                builder.Services.AddSingleton(StoredReminderTable.Of);
                return;
            }

            silo.Configure<ClusterOptions>(options => Name(options, settings));
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
            if (settings["Address"] is { Length: > 0 } address)
            {
                silo.ConfigureEndpoints(IPAddress.Parse(address), siloPort, gatewayPort);
            }
            else
            {
                silo.ConfigureEndpoints(siloPort, gatewayPort);
            }
        });
        builder.AddIdentityRulesSync();
        builder.Services.AddHostedService<PartitionStart>();
    }

    /// <summary>Adds what the API needs: a client of the cluster, or a silo of its own where there is no cluster.</summary>
    public static void AddGridClient(this IHostApplicationBuilder builder)
    {
        string? connection = builder.Configuration.GetConnectionString(GridServices.ConnectionName);
        if (string.IsNullOrEmpty(connection))
        {
            builder.AddGridSilo();
            return;
        }

        builder.AddGridSettings();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options =>
                Name(options, builder.Configuration.GetSection("Customer360:Cluster"))
            );
            client.UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connection;
            });
        });
        builder.AddIdentityRulesSync();
    }

    private static void Name(ClusterOptions options, IConfigurationSection settings)
    {
        options.ClusterId = settings["ClusterId"] ?? "customer360";
        options.ServiceId = settings["ServiceId"] ?? "customer360";
    }
}
