namespace Customer360.Api.Audit;

/// <summary>Settings of the audit of reads: <c>Customer360:Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Customer360:Audit";

    private static readonly TimeSpan s_intervalMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_intervalMax = TimeSpan.FromHours(1);

    /// <summary>How often counts of reads by services are written down. Default: 10 seconds.</summary>
    public TimeSpan ReadCountInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with them, or null.</summary>
    internal string? Problem() =>
        ReadCountInterval >= s_intervalMin && ReadCountInterval <= s_intervalMax
            ? null
            : $"{Section}:{nameof(ReadCountInterval)} must be from 1 second to an hour.";
}
