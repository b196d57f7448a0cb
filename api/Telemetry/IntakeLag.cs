using System.Diagnostics.Metrics;
using System.Globalization;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Telemetry;

/// <summary>Where the intake partitions stood when they were last asked. Gauges read it, <see cref="IntakeLagMonitor"/> fills it.</summary>
public sealed class IntakeLag
{
    private volatile IReadOnlyList<IntakeStatus> _statuses = [];

    public void Set(IReadOnlyList<IntakeStatus> statuses) => _statuses = statuses;

    internal IEnumerable<Measurement<long>> ObserveWaiting() =>
        _statuses.Select(status => new Measurement<long>(status.Waiting, Partition(status)));

    /// <summary>
    /// The last accepted message is the one before the next position. A repeat takes a position and is not applied, so where nothing
    /// waits there is no lag, whatever the positions say.
    /// </summary>
    internal IEnumerable<Measurement<long>> ObservePositions() =>
        _statuses.Select(status => new Measurement<long>(
            status.Waiting == 0 ? 0 : Math.Max(0, status.NextPosition - 1 - status.AppliedPosition),
            Partition(status)
        ));

    private static KeyValuePair<string, object?> Partition(IntakeStatus status) =>
        new("partition", status.Partition.ToString(CultureInfo.InvariantCulture));
}
