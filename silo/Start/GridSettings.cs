using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Silo.Hosting;

namespace Customer360.Silo.Start;

/// <summary>What all processes of a grid must agree on. It is kept in the store, by the first that starts on it.</summary>
/// <param name="Partitions">Of the event log; fixed when a store is made.</param>
/// <param name="OldestContract">The least <see cref="GridContract.Version"/> that may work on the store.</param>
/// <param name="ClusterId">The cluster that owns the store; null on SQLite.</param>
/// <param name="ServiceId">The name under which the cluster's reminders are kept; null on SQLite.</param>
internal sealed record GridSettings(
    int Partitions,
    int OldestContract = 1,
    string? ClusterId = null,
    string? ServiceId = null
)
{
    /// <summary>Under which it is stored.</summary>
    public const string Kind = "grid";

    /// <inheritdoc cref="Kind"/>
    public const string Key = "settings";

    /// <summary>What this process would write into an empty store.</summary>
    public static GridSettings Of(GridOptions grid, ClusterSettings? cluster) =>
        new(grid.Partitions, GridContract.OldestBeside, cluster?.ClusterId, cluster?.ServiceId);

    public static GridSettings Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<GridSettings>(json)!;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Why a process of other settings must not work on a store of these; null where it may.</summary>
    public string? Refusal(GridSettings own) =>
        this switch
        {
            _ when OldestContract > GridContract.Version =>
                $"The grid was updated: it asks for contract {OldestContract}, and this program speaks {GridContract.Version}. Run "
                    + "the newer program.",
            _ when Partitions != own.Partitions =>
                $"This store was made with {Partitions} partitions and can't be used with {own.Partitions}. Set "
                    + $"Customer360:Grid:Partitions to {Partitions}, or start on an empty store.",
            _ when ServiceId is not null && own.ServiceId is not null && ServiceId != own.ServiceId =>
                $"The grid's reminders are kept for the service '{ServiceId}', and this process is set to '{own.ServiceId}': set "
                    + $"CUSTOMER360__CLUSTER__SERVICEID to {ServiceId}.",
            _ => null,
        };

    /// <summary>What the store holds once a process of other settings has joined.</summary>
    public GridSettings Joined(GridSettings own) =>
        this with
        {
            OldestContract = Math.Max(OldestContract, own.OldestContract),
            ClusterId = own.ClusterId ?? ClusterId,
            ServiceId = ServiceId ?? own.ServiceId,
        };
}
