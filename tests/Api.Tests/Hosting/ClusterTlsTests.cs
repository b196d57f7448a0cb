using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Customer360.Api.Tests.Crash;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Hosting;

/// <summary>A cluster whose connections are encrypted, and who may join it.</summary>
[NeedsPostgres]
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class ClusterTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-tls-").FullName;

    [DatabaseFact]
    public async Task Cluster_WithCertificatesOfOneAuthority_ServesAClientAndRefusesOthers()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        (string, string)[] ours = Issue("ours", asPfx: false);
        (string, string)[] pfx = Issue("ours", asPfx: true);
        (string, string)[] foreign = Issue("theirs", asPfx: false);
        await using var first = ProgramRun.StartSilo([.. Silo(database), .. ours]);
        await first.WaitForOutputAsync("serves; its data is in");

        // Then come a second silo, whose certificate is a PFX file, and a client.
        await using var second = ProgramRun.StartSilo([.. Silo(database), .. pfx]);
        await second.WaitForOutputAsync("serves; its data is in");
        int port = ProgramRun.FreePort();
        await using var client = ProgramRun.StartApi(port, [.. Client(database), .. ours]);
        await client.WaitForOutputAsync("The grid is ready");
        await AssertTakesAsync(port);

        await using var plainSilo = ProgramRun.StartSilo(Silo(database));
        await using var plainClient = ProgramRun.StartApi(ProgramRun.FreePort(), Client(database));
        await using var foreignSilo = ProgramRun.StartSilo([.. Silo(database), .. foreign]);
        await using var foreignClient = ProgramRun.StartApi(ProgramRun.FreePort(), [.. Client(database), .. foreign]);

        await plainSilo.AssertGivesUpAsync("speaks TLS, and this process does not: give it a certificate");
        await plainClient.AssertGivesUpAsync("speaks TLS, and this process does not: give it a certificate");
        await foreignSilo.AssertGivesUpAsync("was not issued by an authority in CUSTOMER360__CLUSTER__TLS__AUTHORITY");
        await foreignClient.AssertGivesUpAsync(
            "was not issued by an authority in CUSTOMER360__CLUSTER__TLS__AUTHORITY"
        );
        await AssertTakesAsync(port);
    }

    [DatabaseFact]
    public async Task Silo_WithTlsInAClusterWithout_IsRefused()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var first = ProgramRun.StartSilo(Silo(database));
        await first.WaitForOutputAsync("serves; its data is in");

        await using var second = ProgramRun.StartSilo([.. Silo(database), .. Issue("ours", asPfx: false)]);

        await second.AssertGivesUpAsync("speaks without TLS, and this process with it");
    }

    [DatabaseFact]
    public async Task Silo_WithACertificateOfAnotherAuthorityThanItTrusts_IsRefusedBeforeAnythingElse()
    {
        (string Name, string Value)[] ours = Issue("ours", asPfx: false);
        (string Name, string Value)[] foreign = Issue("theirs", asPfx: false);

        await using var run = ProgramRun.StartSilo([
            .. Silo("Host=127.0.0.1;Database=x"),
            .. ours,
            foreign.Single(one => one.Name.EndsWith("AUTHORITY", StringComparison.Ordinal)),
        ]);

        await run.AssertRefusedAsync(
            "was not issued by an authority in",
            "CUSTOMER360__CLUSTER__TLS__AUTHORITY must fit"
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task AssertTakesAsync(int port)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProgramRun.Key);
        using var message = new StringContent("""{"userId":"u","event":"e"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(
            new Uri("/v1/track?wait=applied", UriKind.Relative),
            message
        );
        Assert.Equal("""{"success":true,"applied":true}""", await response.Content.ReadAsStringAsync());
    }

    private static (string Name, string Value)[] Silo(string database) =>
        [
            .. Client(database)[..2],
            ("CUSTOMER360__CLUSTER__SILOPORT", $"{ProgramRun.FreePort()}"),
            ("CUSTOMER360__CLUSTER__GATEWAYPORT", $"{ProgramRun.FreePort()}"),
        ];

    private static (string Name, string Value)[] Client(string database) =>
        [
            ("ConnectionStrings__Customer360", database),
            ("CUSTOMER360__CLUSTER__ADDRESS", "127.0.0.1"),
            ("CUSTOMER360__CLUSTER__COHOST", "false"),
        ];

    /// <summary>A certificate of an authority, which is made at its first use; answers the settings that name the files.</summary>
    private (string Name, string Value)[] Issue(string authority, bool asPfx)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 issuer = AuthorityOf(authority, now);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=silo", key, HashAlgorithmName.SHA256);
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 bare = request.Create(issuer, now.AddMinutes(-5), now.AddHours(1), serial);
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        string file = PathOf($"{authority}-{Convert.ToHexStringLower(serial)}");
        (string, string) trust = ("CUSTOMER360__CLUSTER__TLS__AUTHORITY", PathOf($"{authority}.pem"));
        if (asPfx)
        {
            File.WriteAllBytes($"{file}.pfx", certificate.Export(X509ContentType.Pfx, "secret"));
            return
            [
                ("CUSTOMER360__CLUSTER__TLS__CERTIFICATE", $"{file}.pfx"),
                ("CUSTOMER360__CLUSTER__TLS__PASSWORD", "secret"),
                trust,
            ];
        }

        File.WriteAllText($"{file}.pem", certificate.ExportCertificatePem());
        File.WriteAllText($"{file}.key", key.ExportPkcs8PrivateKeyPem());
        return
        [
            ("CUSTOMER360__CLUSTER__TLS__CERTIFICATE", $"{file}.pem"),
            ("CUSTOMER360__CLUSTER__TLS__KEY", $"{file}.key"),
            trust,
        ];
    }

    private X509Certificate2 AuthorityOf(string name, DateTimeOffset now)
    {
        string file = PathOf($"{name}.pem");
        if (!File.Exists(file))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
            using X509Certificate2 made = request.CreateSelfSigned(now.AddMinutes(-10), now.AddHours(2));
            File.WriteAllText(file, made.ExportCertificatePem());
            File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        }

        return X509Certificate2.CreateFromPemFile(file, PathOf($"{name}.key"));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
