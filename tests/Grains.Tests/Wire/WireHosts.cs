using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Metadata;
using Orleans.Serialization;

namespace Customer360.Grains.Tests.Wire;

/// <summary>The serializers of the two kinds of process. The hosts are built as the programs build them, and not started.</summary>
public sealed class WireHosts : IAsyncDisposable
{
    private readonly IHost _silo = Build(connection: null, builder => builder.AddGridSilo());
    private readonly IHost _client = Build("Host=nowhere", builder => builder.AddGridClient());

    public Serializer Silo => _silo.Services.GetRequiredService<Serializer>();

    public Serializer Client => _client.Services.GetRequiredService<Serializer>();

    /// <summary>The name by which a silo tells others of an interface.</summary>
    public string NameOf(Type grainInterface) =>
        _silo
            .Services.GetRequiredService<GrainInterfaceTypeResolver>()
            .GetGrainInterfaceType(grainInterface)
            .ToString();

    /// <summary>What the other process gets when one sends a value, both ways.</summary>
    public IEnumerable<T> Send<T>(T value)
    {
        yield return Client.Deserialize<T>(Silo.SerializeToArray(value))!;
        yield return Silo.Deserialize<T>(Client.SerializeToArray(value))!;
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_silo).DisposeAsync();
        await ((IAsyncDisposable)_client).DisposeAsync();
    }

    private static IHost Build(string? connection, Action<IHostApplicationBuilder> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Customer360"] = connection,
                ["Customer360:Cluster:Cohost"] = connection is null ? "true" : "false",
                ["Customer360:Data"] = Path.Combine(Path.GetTempPath(), "c360-wire-unused"),
            }
        );
        add(builder);
        return builder.Build();
    }
}
