using System.Diagnostics.Metrics;
using Customer360.Rules.Access;

namespace Customer360.Api.Telemetry;

/// <summary>What the API counts itself; requests and their duration are counted by ASP.NET Core's own meters.</summary>
/// <remarks>Tags come from small fixed sets: never an identifier, a name or a path.</remarks>
public sealed class ApiInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Customer360.Api";

    private const string OutcomeTag = "outcome";

    private static readonly KeyValuePair<string, object?> s_found = new(OutcomeTag, "found");
    private static readonly KeyValuePair<string, object?> s_notModified = new(OutcomeTag, "not_modified");

    private readonly Counter<long> _profileReads;

    public ApiInstruments(IMeterFactory meters, IntakeLag lag, AccessFaults faults)
    {
        Meter meter = meters.Create(MeterName);
        _profileReads = meter.CreateCounter<long>(
            "customer360.profile.reads",
            "{read}",
            "Reads of single profiles, by outcome."
        );
        meter.CreateObservableGauge(
            "customer360.intake.waiting",
            lag.ObserveWaiting,
            "{message}",
            "Messages that a partition has accepted and not yet handed to their profiles."
        );
        meter.CreateObservableGauge(
            "customer360.intake.behind",
            lag.ObservePositions,
            "{message}",
            "How far a partition's applied position is behind its last accepted message."
        );
        meter.CreateObservableCounter(
            "customer360.access.faults",
            () => faults.Count,
            "{field}",
            "Fields that were withheld because an error kept it from being decided whether the caller may see them."
        );
    }

    public void ProfileFound() => _profileReads.Add(1, s_found);

    public void ProfileNotModified() => _profileReads.Add(1, s_notModified);

    /// <param name="code">A refusal's code.</param>
    public void ProfileRefused(string code) =>
        _profileReads.Add(1, new KeyValuePair<string, object?>(OutcomeTag, code));
}
