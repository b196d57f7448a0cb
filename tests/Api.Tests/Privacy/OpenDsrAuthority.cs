using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Customer360.Api.Tests.Privacy;

/// <summary>An authority that issues the grid's certificate for OpenDSR and those of receivers, with the files of each.</summary>
internal sealed class OpenDsrAuthority : IDisposable
{
    public const string Domain = "grid.example.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-opendsr-").FullName;
    private readonly X509Certificate2 _authority;

    public OpenDsrAuthority()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(now.AddMinutes(-10), now.AddHours(2));
        AuthorityFile = Write("authority.pem", _authority.ExportCertificatePem());
        using var rsa = RSA.Create(2_048);
        CertificateRequest grid = new($"CN={Domain}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Certificate = Issue(grid, Domain);
        CertificateFile = Write("grid.pem", Certificate.ExportCertificatePem());
        KeyFile = Write("grid.key", rsa.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The grid's, as everybody may have it.</summary>
    public X509Certificate2 Certificate { get; }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>The settings that turn OpenDSR on.</summary>
    public (string Name, string Value)[] Settings(params (string Name, string Value)[] more) =>
        [
            ("Customer360:Privacy:OpenDsr:Certificate", CertificateFile),
            ("Customer360:Privacy:OpenDsr:Key", KeyFile),
            ("Customer360:Privacy:OpenDsr:Domain", Domain),
            ("Customer360:Privacy:OpenDsr:CallbackAuthority", AuthorityFile),
            ("Customer360:Privacy:OpenDsr:PrivateHosts:0", "127.0.0.1"),
            .. more,
        ];

    /// <summary>A receiver's certificate with its key, for these names and for 127.0.0.1.</summary>
    public X509Certificate2 IssueServer(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 bare = Issue(
            new CertificateRequest("CN=receiver", key, HashAlgorithmName.SHA256),
            names
        );
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }

    public string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509Certificate2 Issue(CertificateRequest request, params string[] names)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddIpAddress(IPAddress.Loopback);
        foreach (string name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        return request.Create(
            _authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!),
            now.AddMinutes(-5),
            now.AddHours(1),
            RandomNumberGenerator.GetBytes(8)
        );
    }
}
