using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Customer360.Silo.Start;

namespace Customer360.Silo.Hosting;

/// <summary>Certificates in files that settings name.</summary>
internal static class CertificateFiles
{
    public static bool IsPfx(string file) =>
        file.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase)
        || file.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);

    /// <summary>A certificate with its private key.</summary>
    /// <param name="file">PFX, or PEM with the key in a file of its own.</param>
    /// <param name="settings">What an operator is told to check.</param>
    /// <exception cref="StartRefusedException">It can't be read.</exception>
    public static X509Certificate2 Load(string file, string? key, string? password, string settings) =>
        Read(
            file,
            settings,
            path =>
                IsPfx(path) ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is { Length: > 0 } ? X509Certificate2.CreateFromEncryptedPemFile(path, password, key)
                : X509Certificate2.CreateFromPemFile(path, key)
        );

    /// <summary>The certificates of a PEM file; at least one.</summary>
    /// <exception cref="StartRefusedException">It can't be read, or holds none.</exception>
    public static X509Certificate2Collection LoadAuthorities(string file, string setting)
    {
        X509Certificate2Collection authorities = Read(file, setting, LoadAll);
        return authorities.Count > 0
            ? authorities
            : throw new StartRefusedException($"'{file}' holds no certificate as PEM: check {setting}.");
    }

    /// <summary>All certificates of a PEM file.</summary>
    public static X509Certificate2Collection LoadAll(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found;
    }

    /// <summary>True where one of these authorities issued it.</summary>
    /// <param name="between">Certificates between the two that came along.</param>
    public static bool IsIssuedBy(
        X509Certificate2 certificate,
        X509Certificate2Collection authorities,
        X509Certificate2Collection? between = null
    )
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Nothing is fetched from addresses that a stranger's certificate names.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (between is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(between);
        }

        return chain.Build(certificate);
    }

    private static T Read<T>(string file, string settings, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            string cause = error is CryptographicException ? "its content or password does not fit" : error.Message;
            throw new StartRefusedException(
                $"The certificate in '{file}' can't be read ({cause.TrimEnd('.')}): check {settings}.",
                error
            );
        }
    }
}
