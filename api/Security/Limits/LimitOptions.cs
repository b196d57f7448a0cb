namespace Customer360.Api.Security.Limits;

/// <summary>How many requests a caller may send to this process. Section <c>Customer360:Limits</c> of the settings.</summary>
public sealed class LimitOptions
{
    public const string Section = "Customer360:Limits";

    /// <summary>Of each key that has no limit of its own, a minute; 0: any number. Default: 0.</summary>
    public int RequestsPerMinute { get; set; }

    /// <summary>The same, a day (UTC). Default: 0.</summary>
    public int RequestsPerDay { get; set; }

    /// <summary>Of each subject of a token, a minute: a person or a program of the company; 0: any number. Default: 1,200.</summary>
    public int TokenRequestsPerMinute { get; set; } = 1_200;

    /// <summary>The same, a day (UTC). Default: 0.</summary>
    public int TokenRequestsPerDay { get; set; }

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { RequestsPerMinute: < 0 } => $"{Section}:RequestsPerMinute must not be negative.",
            { RequestsPerDay: < 0 } => $"{Section}:RequestsPerDay must not be negative.",
            { TokenRequestsPerMinute: < 0 } => $"{Section}:TokenRequestsPerMinute must not be negative.",
            { TokenRequestsPerDay: < 0 } => $"{Section}:TokenRequestsPerDay must not be negative.",
            _ => null,
        };
}
