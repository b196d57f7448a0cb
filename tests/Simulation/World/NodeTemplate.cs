using Customer360.Silo.Hosting;
using Customer360.Silo.Policies;
using Customer360.Simulation.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Simulation.World;

/// <summary>
/// The registrations of a production node (<see cref="GridHost.AddGridSilo"/>), made once. What they make is made for every
/// process anew.
/// </summary>
internal sealed class NodeTemplate
{
    /// <summary>The key of every process, which lies outside the disk.</summary>
    public const string SuppressionKey = "c2ltdWxhdGlvbi1vbmx5LXNpbXVsYXRpb24tb25seS0hIQ==";

    private readonly ServiceDescriptor[] _services;

    public NodeTemplate()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([
            new("Customer360:Data", "/nonexistent/simulation"),
            new("Customer360:Grid:Partitions", "3"),
            new("Customer360:Jobs:Processors", "1"),
            // Nothing there is a day old.
            new("Customer360:Jobs:RetentionEvery", "00:00:00"),
            // The policy is there from the beginning.
            new("Customer360:Jobs:AudiencesEvery", "00:00:00"),
            new("Customer360:Privacy:SuppressionKey", SuppressionKey),
        ]);
        builder.AddGridNode(builder.Services.AddSimulatedSilo);

        // They have no state, and what is built in takes longer to read than a process to start.
        builder.Services.AddSingleton(PolicyServices.KnownKinds());
        _services = [.. builder.Services];
    }

    public ServiceCollection Services()
    {
        var services = new ServiceCollection();
        foreach (ServiceDescriptor service in _services)
        {
            ((ICollection<ServiceDescriptor>)services).Add(service);
        }

        return services;
    }
}
