using System.Net;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>
/// How a process takes part in a cluster. Section <c>Customer360:Cluster</c> of the settings, so
/// <c>CUSTOMER360__CLUSTER__CLUSTERID</c> and so on. They count where <c>ConnectionStrings__Customer360</c> names the database
/// that the cluster lives on; a process on SQLite is a grid by itself.
/// </summary>
public sealed class ClusterSettings
{
    internal const string Section = "Customer360:Cluster";

    private static readonly TimeSpan s_probeMin = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_probeMax = TimeSpan.FromMinutes(1);

    /// <summary>The name by which silos and clients of one cluster find each other. Default: <c>customer360</c>.</summary>
    public string ClusterId { get; set; } = "customer360";

    /// <summary>
    /// The name under which reminders are kept. It stays when a cluster gets another <see cref="ClusterId"/>. Default:
    /// <c>customer360</c>.
    /// </summary>
    public string ServiceId { get; set; } = "customer360";

    /// <summary>What the silo is called in lists and logs, 100 characters at most and no slash. Default: the machine's name and the silo's port.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The port on which a silo that is no API answers <c>GET /health/live</c> and <c>/health/ready</c>, to anybody. Default: none.
    /// </summary>
    public int? HealthPort { get; set; }

    /// <summary>
    /// The port on which other silos reach this one, 1 to 65,535. A port that is set and taken ends the start. Default: 11111,
    /// or the next free one.
    /// </summary>
    public int? SiloPort { get; set; }

    /// <summary>The port on which clients reach this silo, as <see cref="SiloPort"/>. Default: 30000, or the next free one.</summary>
    public int? GatewayPort { get; set; }

    /// <summary>
    /// The IP address at which the others reach this silo, and on which it listens. Default: the first address of the machine
    /// that is no loopback.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>
    /// True: the API runs a silo in its own process. False: it is a client of the silos. Default: true, so that one API with a
    /// database is a whole grid.
    /// </summary>
    public bool Cohost { get; set; } = true;

    /// <summary>How long a start waits for a database that does not answer. Default: 60 seconds.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// True: this silo runs as a pod of Kubernetes, whose name and address it takes, and tells the cluster of pods that are gone.
    /// Default: false.
    /// </summary>
    public bool Kubernetes { get; set; }

    /// <summary>
    /// False: no dashboard of Orleans. It watches every call while somebody looks at it. The same on all nodes. Default: true.
    /// </summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>
    /// How far a silo's clock may be from the database's at its start; beyond, it does not start, and from a tenth on it warns.
    /// Default: 5 seconds, a third of the time after which a silent silo counts as gone.
    /// </summary>
    public TimeSpan ClockSkewMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo has to give a sign of life, 0.5 to 60 seconds; after three times without one it is taken for dead, and then it
    /// ends. More where machines are so busy that living silos are condemned; then a silo that hangs is noticed later, and callers
    /// wait longer. The same on all silos. Default: 1.5 seconds.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = ClusterTimings.Probe;

    /// <summary>Certificates for the connections between silos and clients. Default: none, connections are open.</summary>
    public ClusterTlsSettings Tls { get; set; } = new();

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StartRefusedException">One of them is not valid; the message names it.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        var settings = new ClusterSettings();
        IConfigurationSection section = configuration.GetSection(Section);
        section.BindChecked(settings);
        section.GetSection(nameof(Tls)).BindChecked(settings.Tls);
        return settings.Problem() is { } problem ? throw new StartRefusedException(problem) : settings;
    }

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { ClusterId: not { Length: > 0 and <= 100 } } => $"{Section}:ClusterId must have 1 to 100 characters.",
            { ServiceId: not { Length: > 0 and <= 100 } } => $"{Section}:ServiceId must have 1 to 100 characters.",
            { Name.Length: > 100 } => $"{Section}:Name must have 100 characters at most.",
            { Name: { } name } when name.Contains('/', StringComparison.Ordinal) =>
                $"{Section}:Name must not hold a slash.",
            { HealthPort: < 1 or > 65_535 } => $"{Section}:HealthPort must be 1 to 65535.",
            { SiloPort: < 1 or > 65_535 } => $"{Section}:SiloPort must be 1 to 65535.",
            { GatewayPort: < 1 or > 65_535 } => $"{Section}:GatewayPort must be 1 to 65535.",
            { SiloPort: { } port } when port == GatewayPort =>
                $"{Section}:SiloPort and GatewayPort must be two ports, and are both {port}.",
            { Address: { Length: > 0 } address } when !IsReachable(address) =>
                $"{Section}:Address must be an IP address at which the other silos reach this one, and is {address}.",
            _ when StartTimeout <= TimeSpan.Zero => $"{Section}:StartTimeout must be positive.",
            _ when ClockSkewMax <= TimeSpan.Zero => $"{Section}:ClockSkewMax must be positive.",
            _ when ProbeTimeout < s_probeMin || ProbeTimeout > s_probeMax =>
                $"{Section}:ProbeTimeout must be 0.5 to 60 seconds.",
            _ => Tls.Problem(),
        };

    private static bool IsReachable(string address) =>
        IPAddress.TryParse(address, out IPAddress? parsed)
        && !parsed.Equals(IPAddress.Any)
        && !parsed.Equals(IPAddress.IPv6Any)
        && !parsed.Equals(IPAddress.None);
}
