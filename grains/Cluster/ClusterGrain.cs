using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IClusterGrain"/>
/// <remarks>
/// A stateless worker, so that whichever silo a caller has reached answers by itself: the grain of another silo would be of no use
/// while that silo is the trouble.
/// </remarks>
[GrainType("cluster")]
[StatelessWorker(1)]
public sealed class ClusterGrain(INodeVersions versions, IOptions<GridOptions> options, TimeProvider time)
    : Grain,
        IClusterGrain
{
    private const string Namespace = "Customer360.Grains.";
    private const string Suffix = "Grain";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private IManagementGrain Management => GrainFactory.GetGrain<IManagementGrain>(0);

    public async Task<ClusterStatus> Describe()
    {
        MembershipEntry[] silos =
        [
            .. (await Management.GetDetailedHosts())
                .Where(silo => silo.Status is not (SiloStatus.None or SiloStatus.Created or SiloStatus.Dead))
                .OrderBy(silo => silo.SiloName, StringComparer.Ordinal)
                .ThenBy(silo => silo.SiloAddress),
        ];
        Task<SiloDescription[]> described = Task.WhenAll(silos.Select(Describe));
        var names = silos.ToDictionary(silo => silo.SiloAddress, NameOf);
        PartitionDescription[] partitions = await Task.WhenAll(
            Enumerable.Range(0, options.Value.Partitions).Select(partition => Describe(partition, names))
        );
        return new ClusterStatus([.. await described], [.. partitions]);
    }

    /// <summary>Behind a slash a silo's name says which contract it speaks; that is for other silos.</summary>
    private static string NameOf(MembershipEntry silo) => silo.SiloName.Split('/')[0];

    private async Task<SiloDescription> Describe(MembershipEntry silo)
    {
        SimpleGrainStatistic[]? statistics = await Answer(Management.GetSimpleGrainStatistics([silo.SiloAddress]));
        return new SiloDescription(
            NameOf(silo),
            $"{silo.SiloAddress.Endpoint}",
            versions.Of(silo.SiloAddress),
            $"{silo.Status}",
            new DateTimeOffset(DateTime.SpecifyKind(silo.StartTime, DateTimeKind.Utc)),
            statistics is null ? null : Count(statistics)
        );
    }

    private async Task<PartitionDescription> Describe(int partition, Dictionary<SiloAddress, string> names)
    {
        IIntakeGrain grain = GrainFactory.GetGrain<IIntakeGrain>(partition);
        IntakeStatus? status = await Answer(grain.GetStatus());
        SiloAddress? silo = await Answer(Management.GetActivationAddress(grain).AsTask());
        return new PartitionDescription(partition, silo is null ? null : names.GetValueOrDefault(silo), status);
    }

    /// <summary>Null where an answer does not come in time, or cannot come.</summary>
    private async Task<T?> Answer<T>(Task<T> asked)
        where T : class?
    {
        try
        {
            return await asked.WaitAsync(s_patience, time);
        }
        catch (Exception error) when (Outages.Is(error))
        {
            return null;
        }
    }

    /// <summary>Our own grains only: those of the engine come and go with its releases.</summary>
    private static ImmutableArray<ActivationCount> Count(SimpleGrainStatistic[] statistics) =>
        [
            .. statistics
                .Where(one => one.GrainType.StartsWith(Namespace, StringComparison.Ordinal))
                .GroupBy(one => KindOf(one.GrainType), StringComparer.Ordinal)
                .Select(kind => new ActivationCount(kind.Key, kind.Sum(one => one.ActivationCount)))
                .OrderBy(kind => kind.Kind, StringComparer.Ordinal),
        ];

    /// <summary><c>Customer360.Grains.CustomerGrain,Customer360.Grains</c> is <c>customer</c>.</summary>
    private static string KindOf(string grainClass)
    {
        string name = grainClass[Namespace.Length..].Split(',')[0];
        name = name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
        return $"{char.ToLowerInvariant(name[0])}{name[1..]}";
    }
}
