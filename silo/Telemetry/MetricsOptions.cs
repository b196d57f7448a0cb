namespace Customer360.Silo.Telemetry;

/// <summary>What <c>GET /metrics</c> shows and to whom. Section <c>Customer360:Metrics</c> of the settings.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Customer360:Metrics";

    /// <summary>False: nothing is collected and there is no such path. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// True: with count and duration of every grain call by method. It makes every call dearer, so it is for looking
    /// into something. Default: false.
    /// </summary>
    public bool GrainCalls { get; set; }

    /// <summary>
    /// True: the path asks for no key, for scrapers inside a closed network. The metrics hold no personal data, but tell
    /// of traffic. Default: false; the API asks for a key with the role <c>admin</c>, and a silo, which knows no keys, has no
    /// such path.
    /// </summary>
    public bool Anonymous { get; set; }
}
