using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Tests.Privacy.OpenDsr;

/// <summary>What is signed, and how a receiver checks it.</summary>
public sealed class OpenDsrProcessorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"request_status":"completed"}""");

    [Fact]
    public void Sign_WithRsa_IsCheckedWithTheCertificateAlone()
    {
        using var key = RSA.Create(2_048);
        using X509Certificate2 certificate = Made(
            new CertificateRequest("CN=grid", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );

        byte[] signature = Convert.FromBase64String(Processor(certificate).Sign(s_body));

        using var published = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem());
        using RSA publicKey = published.GetRSAPublicKey()!;
        Assert.True(publicKey.VerifyData(s_body, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        byte[] changed = [.. s_body[..^1], (byte)' '];
        Assert.False(publicKey.VerifyData(changed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void Sign_WithEcdsa_IsCheckedWithTheCertificateAlone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Made(new CertificateRequest("CN=grid", key, HashAlgorithmName.SHA256));

        byte[] signature = Convert.FromBase64String(Processor(certificate).Sign(s_body));

        using var published = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem());
        using ECDsa publicKey = published.GetECDsaPublicKey()!;
        Assert.True(
            publicKey.VerifyData(s_body, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );
    }

    [Fact]
    public void CanSign_OfACertificateWithoutItsKey_IsFalse()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Made(new CertificateRequest("CN=grid", key, HashAlgorithmName.SHA256));
        using var published = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem());

        Assert.True(OpenDsrProcessor.CanSign(certificate));
        Assert.False(OpenDsrProcessor.CanSign(published));
    }

    [Fact]
    public void Off_HasNoSignature()
    {
        Assert.False(OpenDsrProcessor.Off.IsOn);
        Assert.Throws<InvalidOperationException>(() => OpenDsrProcessor.Off.Sign(s_body));
    }

    private static OpenDsrProcessor Processor(X509Certificate2 certificate) =>
        new(certificate, certificate.ExportCertificatePem(), "grid.example.com", new Uri("https://grid.example.com/"));

    private static X509Certificate2 Made(CertificateRequest request) =>
        request.CreateSelfSigned(s_now, s_now.AddDays(1));
}
