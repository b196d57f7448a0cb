using Customer360.Api.Problems;

namespace Customer360.Api.Attribution;

/// <summary>A report walks all conversions; there are too many for one that somebody waits for.</summary>
public sealed record ReportTooLarge()
    : RequestRefusal(
        "report_too_large",
        "The report takes longer than a minute and a half, or too much memory. Ask for one definition, or ask the warehouse mirror."
    );
