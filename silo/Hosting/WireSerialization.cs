using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Customer360.Silo.Hosting;

/// <summary>What a silo and its clients must agree on to understand each other.</summary>
public static class WireSerialization
{
    /// <summary>
    /// Lets the exceptions cross that tell an outage from a defect. Orleans sends only those of namespaces that it was told of:
    /// storage that is away says so by one of ours, and the reminder table, which is Orleans' own, by the database's. The caller would get one
    /// of the serializer's in their place, and set the message aside.
    /// </summary>
    public static IServiceCollection AddWire(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options =>
        {
            options.SupportedNamespacePrefixes.Add(nameof(Customer360));
            options.SupportedNamespacePrefixes.Add(nameof(Npgsql));
        });
}
