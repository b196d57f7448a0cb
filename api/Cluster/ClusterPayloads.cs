using System.Text.Json;
using System.Text.Json.Serialization;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Cluster;

/// <summary>How the cluster stands. Nothing here names a person.</summary>
/// <param name="Silos">Those that have not left and are not known to be dead.</param>
/// <param name="Partitions">The partitions of the event log, by number.</param>
public sealed record ClusterAnswer(IReadOnlyList<SiloAnswer> Silos, IReadOnlyList<PartitionAnswer> Partitions)
{
    internal static ClusterAnswer Of(ClusterStatus cluster) =>
        new([.. cluster.Silos.Select(SiloAnswer.Of)], [.. cluster.Partitions.Select(PartitionAnswer.Of)]);
}

/// <summary>A silo.</summary>
/// <param name="Name">Its name, as its host gave it.</param>
/// <param name="Address">Where other silos reach it.</param>
/// <param name="Version">The version of its program; null for a silo of a release that does not tell.</param>
/// <param name="Status">As the cluster's membership has it: joining, active, shuttingDown, stopping.</param>
/// <param name="Since">When it started, UTC.</param>
/// <param name="Activations">Grains that live on it, by kind; null where it did not answer within two seconds.</param>
public sealed record SiloAnswer(
    string Name,
    string Address,
    string? Version,
    string Status,
    DateTime Since,
    IReadOnlyDictionary<string, int>? Activations
)
{
    internal static SiloAnswer Of(SiloDescription silo) =>
        new(
            silo.Name,
            silo.Address,
            silo.Version,
            JsonNamingPolicy.CamelCase.ConvertName(silo.Status),
            silo.Since.UtcDateTime,
            silo.Activations?.ToDictionary(one => one.Kind, one => one.Count, StringComparer.Ordinal)
        );
}

/// <summary>A partition of the event log.</summary>
/// <param name="Partition">Its number, from 0.</param>
/// <param name="Silo">The name of the silo that has it; null where it could not be found out.</param>
/// <param name="Answers">False: it did not answer, so nothing is said of its positions.</param>
public sealed record PartitionAnswer(int Partition, string? Silo, bool Answers)
{
    /// <summary>Profiles show all messages up to here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AppliedPosition { get; init; }

    /// <summary>The next message's; repeats leave gaps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? NextPosition { get; init; }

    /// <summary>The lag: messages that were taken in and are not applied.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Waiting { get; init; }

    /// <summary>Those of the waiting ones that are from before the partition was opened.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Recovering { get; init; }

    internal static PartitionAnswer Of(PartitionDescription partition) =>
        new(partition.Partition, partition.Silo, partition.Status is not null)
        {
            AppliedPosition = partition.Status?.AppliedPosition,
            NextPosition = partition.Status?.NextPosition,
            Waiting = partition.Status?.Waiting,
            Recovering = partition.Status?.Recovering,
        };
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ClusterAnswer))]
internal sealed partial class ClusterJson : JsonSerializerContext;
