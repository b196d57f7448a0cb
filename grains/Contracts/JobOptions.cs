namespace Customer360.Grains.Contracts;

/// <summary>How work over the whole grid is done. Section <c>Customer360:Jobs</c> of the settings.</summary>
public sealed class JobOptions
{
    /// <summary>
    /// What a job may take of the machine's processors, 0.01 to 1. Default: 0.1. A grid under full load uses the processors
    /// wholly, so what a job takes is what the grid loses: with a tenth it loses a tenth at most.
    /// </summary>
    public double Share { get; set; } = 0.1;

    /// <summary>The machine's processors. Default: 0, the number that the process sees.</summary>
    public int Processors { get; set; }

    /// <summary>
    /// Identifiers that a dry run takes; with more it fails. Each takes about 200 bytes while the job runs. Default: 10 million.
    /// </summary>
    public int DryRunIdentifiersMax { get; set; } = 10_000_000;

    /// <summary>Affected customers that a dry run keeps; counts are exact in any case. Default: 10,000.</summary>
    public int AffectedMax { get; set; } = 10_000;

    /// <summary>
    /// Anchors whose folds a check holds at a time, about 2 KB each; a grid with more is checked in slices, the log read once
    /// for each. Default: 100,000.
    /// </summary>
    public int CheckAnchorsMax { get; set; } = 100_000;

    /// <summary>How often the log is folded again and compared with the profiles. Default: zero, never by itself.</summary>
    public TimeSpan CheckEvery { get; set; }

    /// <summary>
    /// How often the log is trimmed by <c>retention.yaml</c>. Default: one day. Zero: never by itself. Where the policy ends nothing,
    /// nothing begins.
    /// </summary>
    public TimeSpan RetentionEvery { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How soon all customers are brought to another <c>audiences.yaml</c>. Default: 5 seconds. Zero: never by itself; each customer hears
    /// of it with its next message.
    /// </summary>
    public TimeSpan AudiencesEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { Share: < 0.01 or > 1 } => "Customer360:Jobs:Share must be 0.01 to 1.",
            { Processors: < 0 } => "Customer360:Jobs:Processors must not be negative.",
            { DryRunIdentifiersMax: < 1 } => "Customer360:Jobs:DryRunIdentifiersMax must be at least 1.",
            { AffectedMax: < 1 or > 10_000 } => "Customer360:Jobs:AffectedMax must be 1 to 10000.",
            { CheckAnchorsMax: < 1 } => "Customer360:Jobs:CheckAnchorsMax must be at least 1.",
            _ when AudiencesEvery < TimeSpan.Zero => "Customer360:Jobs:AudiencesEvery must not be negative.",
            _ when RetentionEvery < TimeSpan.Zero => "Customer360:Jobs:RetentionEvery must not be negative.",
            _ when CheckEvery < TimeSpan.Zero => "Customer360:Jobs:CheckEvery must not be negative.",
            _ => null,
        };
}
