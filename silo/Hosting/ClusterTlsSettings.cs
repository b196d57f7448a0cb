namespace Customer360.Silo.Hosting;

/// <summary>
/// TLS between the processes of a cluster, both sides with certificates. Section <c>Customer360:Cluster:Tls</c>. All silos and
/// clients have it, or none.
/// </summary>
public sealed class ClusterTlsSettings
{
    private const string Section = ClusterSettings.Section + ":Tls";

    /// <summary>The file with this process's certificate: PEM, or PFX where the name ends in <c>.pfx</c> or <c>.p12</c>.</summary>
    public string? Certificate { get; set; }

    /// <summary>The file with the certificate's private key, as PEM. A PFX file holds it already.</summary>
    public string? Key { get; set; }

    /// <summary>The password of the key or the PFX file. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// The file with the certificates, as PEM, of those who issue this cluster's certificates. Whoever holds a certificate of
    /// theirs may join, whatever name is in it, so let them issue for this cluster alone.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>True: connections are encrypted and both sides show a certificate.</summary>
    public bool IsOn => Certificate is { Length: > 0 };

    internal bool IsPfx => Certificate is { } file && CertificateFiles.IsPfx(file);

    internal string? Problem() =>
        this switch
        {
            { IsOn: false, Key.Length: > 0 } or { IsOn: false, Authority.Length: > 0 } =>
                $"{Section}:Certificate is missing: TLS needs a certificate, its key and an authority.",
            { IsOn: false } => null,
            { Authority: not { Length: > 0 } } =>
                $"{Section}:Authority is missing: without it nobody's certificate could be checked.",
            { IsPfx: false, Key: not { Length: > 0 } } =>
                $"{Section}:Key is missing: a PEM certificate needs the file with its private key.",
            _ => null,
        };
}
