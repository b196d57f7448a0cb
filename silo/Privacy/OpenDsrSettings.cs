using System.Security.Cryptography.X509Certificates;
using Customer360.Rules.Privacy.OpenDsr;
using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Privacy;

/// <summary>
/// What makes this grid a processor of OpenDSR. Section <c>Customer360:Privacy:OpenDsr</c>; without a certificate OpenDSR is off.
/// </summary>
internal static class OpenDsrSettings
{
    private const string Section = "Customer360:Privacy:OpenDsr";
    private const string Setting = "CUSTOMER360__PRIVACY__OPENDSR";

    /// <exception cref="StartRefusedException">The certificate can't be used, or a setting does not fit.</exception>
    public static OpenDsrProcessor Load(IConfiguration configuration, TimeProvider time)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        if (section["Certificate"] is not { Length: > 0 } file)
        {
            return OpenDsrProcessor.Off;
        }

        if (section["Domain"] is not { Length: > 0 } domain)
        {
            throw new StartRefusedException(
                $"{Setting}__DOMAIN is missing: controllers are told by it whose signature they check."
            );
        }

        if (!CertificateFiles.IsPfx(file) && section["Key"] is not { Length: > 0 })
        {
            throw new StartRefusedException(
                $"{Setting}__KEY is missing: a PEM certificate needs the file with its private key."
            );
        }

        X509Certificate2 certificate = CertificateFiles.Load(
            file,
            section["Key"],
            section["Password"],
            $"{Setting}__CERTIFICATE, __KEY and __PASSWORD"
        );
        Check(certificate, file, domain, time);
        // Read when the first callback is sent; a file that can't be read is told now.
        _ = LoadCallbackAuthorities(configuration);
        return new OpenDsrProcessor(certificate, PemOf(certificate, file), domain, AddressOf(configuration, domain))
        {
            PrivateHosts =
            [
                .. section
                    .GetSection("PrivateHosts")
                    .GetChildren()
                    .Select(one => one.Value?.ToLowerInvariant())
                    .OfType<string>(),
            ],
            CallbackTriesMax = TriesOf(section),
        };
    }

    /// <summary>Who else is trusted to issue a receiver's certificate; null where nobody is.</summary>
    /// <exception cref="StartRefusedException">It can't be read.</exception>
    public static X509Certificate2Collection? LoadCallbackAuthorities(IConfiguration configuration) =>
        configuration[$"{Section}:CallbackAuthority"] is { Length: > 0 } file
            ? CertificateFiles.LoadAuthorities(file, $"{Setting}__CALLBACKAUTHORITY")
            : null;

    private static void Check(X509Certificate2 certificate, string file, string domain, TimeProvider time)
    {
        DateTime now = time.GetLocalNow().DateTime;
        string? problem =
            now < certificate.NotBefore || now > certificate.NotAfter
                ? $"is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u} only"
            : !certificate.MatchesHostname(domain) ? $"was not issued for '{domain}'"
            : certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
                ? "is signed by itself, which OpenDSR forbids"
            : !OpenDsrProcessor.CanSign(certificate) ? "has a key that is neither RSA nor ECDSA"
            : null;
        if (problem is not null)
        {
            throw new StartRefusedException(
                $"The certificate in '{file}' {problem}: check {Setting}__CERTIFICATE and {Setting}__DOMAIN."
            );
        }
    }

    /// <summary>The certificate, and what the file has beside it: those between it and its authority.</summary>
    private static string PemOf(X509Certificate2 certificate, string file) =>
        CertificateFiles.IsPfx(file)
            ? certificate.ExportCertificatePem() + "\n"
            : string.Concat(CertificateFiles.LoadAll(file).Select(one => one.ExportCertificatePem() + "\n"));

    /// <summary>The address that callers see, where it is of that domain: it may have a port or a path.</summary>
    private static Uri AddressOf(IConfiguration configuration, string domain)
    {
        bool isOfDomain =
            Uri.TryCreate(configuration["Customer360:PublicUrl"], UriKind.Absolute, out Uri? address)
            && string.Equals(address.Host, domain, StringComparison.OrdinalIgnoreCase);
        return isOfDomain ? new Uri($"{address!.AbsoluteUri.TrimEnd('/')}/") : new Uri($"https://{domain}/");
    }

    private static int TriesOf(IConfigurationSection section)
    {
        int tries = section.GetValue("CallbackTries", OpenDsrCallbacks.TriesDefault);
        return tries is >= 1 and <= OpenDsrCallbacks.TriesMax
            ? tries
            : throw new StartRefusedException(
                $"{Setting}__CALLBACKTRIES must be 1 to {OpenDsrCallbacks.TriesMax}, and is {tries}."
            );
    }
}
