using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>
/// This grid as a processor of OpenDSR: its domain, and the certificate of that domain, with which it signs what it answers. Thread-safe.
/// </summary>
public sealed class OpenDsrProcessor
{
    private readonly X509Certificate2? _certificate;

    private OpenDsrProcessor() { }

    /// <param name="certificate">With its private key, RSA or ECDSA. It stays the caller's to keep alive.</param>
    /// <param name="certificatePem">The certificate, and those between it and its authority, as others fetch them.</param>
    /// <param name="domain">A name that the certificate was issued for.</param>
    /// <param name="address">Where the grid is reached under that domain; it ends with a slash.</param>
    public OpenDsrProcessor(X509Certificate2 certificate, string certificatePem, string domain, Uri address)
    {
        _certificate = certificate;
        CertificatePem = certificatePem;
        Domain = domain;
        Address = address;
    }

    /// <summary>No certificate was given: there is no OpenDSR here.</summary>
    public static OpenDsrProcessor Off { get; } = new();

    public bool IsOn => _certificate is not null;

    public string Domain { get; } = "";

    public Uri Address { get; } = new("https://localhost/");

    public string CertificatePem { get; } = "";

    /// <summary>Hosts that may be called back though their addresses are private, in lower case.</summary>
    public ImmutableHashSet<string> PrivateHosts { get; init; } = [];

    /// <summary>How often a change is told to a receiver that does not take it.</summary>
    public int CallbackTriesMax { get; init; } = OpenDsrCallbacks.TriesDefault;

    /// <summary>True of a certificate whose key can sign.</summary>
    public static bool CanSign(X509Certificate2 certificate)
    {
        using RSA? rsa = certificate.GetRSAPrivateKey();
        using ECDsa? ecdsa = rsa is null ? certificate.GetECDsaPrivateKey() : null;
        return rsa is not null || ecdsa is not null;
    }

    /// <summary>
    /// The signature of a body over its SHA-256, in base64: with RSA as of PKCS #1 version 1.5, with ECDSA as a DER sequence, which is what
    /// <c>openssl dgst -sha256 -verify</c> checks.
    /// </summary>
    /// <exception cref="InvalidOperationException">OpenDSR is off.</exception>
    public string Sign(ReadOnlySpan<byte> body)
    {
        if (_certificate is null)
        {
            throw new InvalidOperationException("There is no certificate to sign with.");
        }

        // Keys are not safe to be used by two threads at once, and a handle of one's own costs little beside the signature.
        using RSA? rsa = _certificate.GetRSAPrivateKey();
        if (rsa is not null)
        {
            return Convert.ToBase64String(rsa.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        using ECDsa ecdsa = _certificate.GetECDsaPrivateKey()!;
        return Convert.ToBase64String(
            ecdsa.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );
    }
}
