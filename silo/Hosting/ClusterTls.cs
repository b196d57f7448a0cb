using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Customer360.Silo.Start;
using Orleans.Connections.Security;

namespace Customer360.Silo.Hosting;

/// <summary>The certificates that <see cref="ClusterTlsSettings"/> name, and the rule by which others are trusted.</summary>
internal sealed class ClusterTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string Setting = "CUSTOMER360__CLUSTER__TLS";
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;

    private ClusterTls(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        _certificate = certificate;
        _authorities = authorities;
    }

    /// <summary>Null where the settings ask for no TLS.</summary>
    /// <exception cref="StartRefusedException">A file can't be read, or the certificate would be refused by the others.</exception>
    public static ClusterTls? Load(ClusterTlsSettings settings, TimeProvider time)
    {
        if (!settings.IsOn)
        {
            return null;
        }

        var tls = new ClusterTls(
            CertificateFiles.Load(
                settings.Certificate!,
                settings.Key,
                settings.Password,
                $"{Setting}__CERTIFICATE, __KEY and __PASSWORD"
            ),
            CertificateFiles.LoadAuthorities(settings.Authority!, $"{Setting}__AUTHORITY")
        );
        tls.CheckOwn(settings, time);
        return tls;
    }

    /// <summary>Both sides show a certificate, and both check the other's.</summary>
    public void Apply(TlsOptions options)
    {
        options.LocalCertificate = _certificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, _, errors) =>
            !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) && IsTrusted(certificate);
    }

    /// <summary>To connect to a silo by hand as Orleans does.</summary>
    /// <param name="judged">Told whether the silo's certificate is trusted; not called where it shows none.</param>
    public SslClientAuthenticationOptions AsClient(Action<bool> judged) =>
        new()
        {
            ClientCertificates = [_certificate],
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                bool isTrusted = certificate is X509Certificate2 shown && IsTrusted(shown);
                judged(isTrusted);
                return isTrusted;
            },
        };

    /// <summary>
    /// True where an authority of ours issued it. Its names don't count: silos are reached by address, and addresses change.
    /// </summary>
    public bool IsTrusted(X509Certificate2 certificate) => CertificateFiles.IsIssuedBy(certificate, _authorities);

    private void CheckOwn(ClusterTlsSettings settings, TimeProvider time)
    {
        DateTime now = time.GetLocalNow().DateTime;
        if (now < _certificate.NotBefore || now > _certificate.NotAfter)
        {
            throw new StartRefusedException(
                $"The certificate in '{settings.Certificate}' is valid from {_certificate.NotBefore:u} to "
                    + $"{_certificate.NotAfter:u} only: give {Setting}__CERTIFICATE a new one."
            );
        }

        if (!IsTrusted(_certificate))
        {
            throw new StartRefusedException(
                $"The certificate in '{settings.Certificate}' was not issued by an authority in '{settings.Authority}', so no "
                    + $"other silo would trust it: {Setting}__CERTIFICATE and {Setting}__AUTHORITY must fit."
            );
        }

        if (!AllowsBothSides(_certificate))
        {
            throw new StartRefusedException(
                $"The certificate in '{settings.Certificate}' limits its use: a silo is server and client, so its extended key "
                    + "usage must name both, or there must be none."
            );
        }
    }

    private static bool AllowsBothSides(X509Certificate2 certificate)
    {
        X509EnhancedKeyUsageExtension? limit = certificate
            .Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .FirstOrDefault();
        if (limit is null)
        {
            return true;
        }

        HashSet<string?> usages = [.. limit.EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value)];
        return usages.IsSupersetOf([ServerAuthentication, ClientAuthentication]);
    }
}
