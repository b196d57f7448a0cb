namespace Customer360.Grains.Contracts;

/// <summary>The warehouse mirror. Section <c>Customer360:Exports</c> of the settings.</summary>
public sealed class ExportOptions
{
    /// <summary>The folder that it is written to; every silo must reach the same one. Default: none, and nothing is exported.</summary>
    public string? Folder { get; set; }

    /// <summary>The role of <c>access.yaml</c> as which it is written: what the role may not see is not in it. Default: analytics.</summary>
    public string Role { get; set; } = "analytics";

    /// <summary>The purpose that it is written for. Default: analytics. Empty: none, for a role that needs none.</summary>
    public string Purpose { get; set; } = "analytics";

    /// <summary>How often it is written on by itself. Default: zero, never.</summary>
    public TimeSpan Every { get; set; }

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { Role.Length: 0 } => "Customer360:Exports:Role must name a role.",
            _ when Every < TimeSpan.Zero => "Customer360:Exports:Every must not be negative.",
            _ => null,
        };
}
