using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Silo.Start;

namespace Customer360.Api.Tests.Privacy;

/// <summary>Requests of persons by OpenDSR 2.0: the same requests, by another door, and every answer signed.</summary>
public sealed class OpenDsrTests
{
    private const string Jane = OpenDsrHost.Jane;

    [Fact]
    public async Task Discovery_SaysWhatIsSupported_AndWhereTheCertificateIs()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();

        OpenDsrAnswer answer = await host.Ask(HttpMethod.Get, "/opendsr/v2/discovery", key: null);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("2.0", answer.Body.GetProperty("api_version").GetString());
        Assert.Equal(
            ["access", "portability", "erasure"],
            answer.Body.GetProperty("supported_subject_request_types").EnumerateArray().Select(one => one.GetString())
        );
        Assert.Equal(
            [
                "android_advertising_id raw",
                "android_id raw",
                "controller_customer_id raw",
                "email raw",
                "ios_advertising_id raw",
                "ios_vendor_id raw",
            ],
            answer
                .Body.GetProperty("supported_identities")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("identity_type")} {one.GetProperty("identity_format")}")
                .Order(StringComparer.Ordinal)
        );
        var certificate = new Uri(answer.Body.GetProperty("processor_certificate").GetString()!);
        Assert.Equal(("https", OpenDsrAuthority.Domain), (certificate.Scheme, certificate.Host));
        OpenDsrAnswer pem = await host.Ask(HttpMethod.Get, certificate.AbsolutePath, key: null);
        using var published = X509Certificate2.CreateFromPem(pem.Text);
        Assert.Equal(host.Authority.Certificate.Thumbprint, published.Thumbprint);
        Assert.False(published.HasPrivateKey);
        Assert.DoesNotContain("PRIVATE", pem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/opendsr/v2/discovery")]
    [InlineData("GET", "/opendsr/v2/certificate")]
    [InlineData("POST", "/opendsr/v2/requests")]
    [InlineData("GET", "/opendsr/v2/requests/a7551968-d5d6-44b2-9831-815ac9017798")]
    [InlineData("DELETE", "/opendsr/v2/requests/a7551968-d5d6-44b2-9831-815ac9017798")]
    [InlineData("POST", "/opendsr/v2/opengdpr_requests")]
    public async Task Paths_WithoutACertificate_AreNotThere(string method, string path)
    {
        await using PrivacyHost host = await PrivacyHost.Start();

        (HttpStatusCode status, JsonElement problem) = await host.Officer(
            new HttpMethod(method),
            path,
            method == "POST" ? "{}" : null
        );

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(404, problem.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Access_IsTakenCarriedOutAndToldToTheController()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        await host.Grid.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string id = OpenDsrHost.NewId();
        string body = host.BodyOf(id);

        OpenDsrAnswer taken = await host.Create(body);

        taken.AssertSigned(host.Authority.Certificate);
        Assert.Equal(
            ["controller_id", "encoded_request", "expected_completion_time", "received_time", "subject_request_id"],
            taken.Body.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("operator", taken.Body.GetProperty("controller_id").GetString());
        Assert.Equal(id, taken.Body.GetProperty("subject_request_id").GetString());
        Assert.Equal(body, Encoding.UTF8.GetString(taken.Body.GetProperty("encoded_request").GetBytesFromBase64()));
        Assert.Equal($"{OpenDsrHost.Requests}/{id}", taken.Headers.Location!.ToString());

        List<ReceivedCallback> told = await host.Receiver.Until("completed");
        Assert.Equal(["in_progress", "completed"], told.Select(one => one.Status));
        foreach (ReceivedCallback one in told)
        {
            OpenDsrReceiver.AssertSigned(
                host.Authority.Certificate,
                one.Bytes,
                one.Headers["X-OpenDSR-Processor-Domain"].ToString(),
                one.Headers["X-OpenDSR-Signature"].ToString()
            );
            Assert.Equal(one.Headers["X-OpenDSR-Signature"], one.Headers["X-OpenGDPR-Signature"]);
            Assert.Equal("application/json", one.Headers.ContentType.ToString());
            Assert.Equal(host.Receiver.Url(), one.Body.GetProperty("status_callback_url").GetString());
            Assert.Equal(id, one.Body.GetProperty("subject_request_id").GetString());
            Assert.Equal("operator", one.Body.GetProperty("controller_id").GetString());
            Assert.DoesNotContain("jane", Encoding.UTF8.GetString(one.Bytes), StringComparison.OrdinalIgnoreCase);
        }

        OpenDsrAnswer status = await host.Ask(HttpMethod.Get, $"{OpenDsrHost.Requests}/{id}");
        status.AssertSigned(host.Authority.Certificate);
        Assert.Equal(HttpStatusCode.OK, status.Status);
        Assert.Equal("completed", status.Body.GetProperty("request_status").GetString());
        Assert.Equal("2.0", status.Body.GetProperty("api_version").GetString());
        Assert.Equal(1, status.Body.GetProperty("results_count").GetInt32());
        // The same request at the other door, where its package is linked to.
        JsonElement request = await host.Request(id, one => Callbacks(one).GetProperty("waiting").GetInt32() == 0);
        Assert.Equal(
            $"https://{OpenDsrAuthority.Domain}/v1/privacy/requests/{request.GetProperty("id").GetString()}",
            status.Body.GetProperty("results_url").GetString()
        );
        Assert.Equal("done", request.GetProperty("status").GetString());
        Assert.Equal("gdpr", request.GetProperty("openDsr").GetProperty("regulation").GetString());
        Assert.Equal(2, Callbacks(request).GetProperty("told").GetInt32());
        Assert.Equal("127.0.0.1", Callbacks(request).GetProperty("host").GetString());
        Assert.Equal(
            request.GetProperty("dueAt").GetDateTimeOffset(),
            status.Body.GetProperty("expected_completion_time").GetDateTimeOffset()
        );
    }

    [Fact]
    public async Task Erasure_LeavesNothingOfHer_AndARepeatOfItIsStillARepeat()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        await host.Grid.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string id = OpenDsrHost.NewId();
        string body = host.BodyOf(id, "erasure");
        OpenDsrAnswer taken = await host.Create(body);

        List<ReceivedCallback> told = await host.Receiver.Until("completed");
        Assert.Equal(["in_progress", "completed"], told.Select(one => one.Status));
        Assert.Null(await host.Grid.Profile($"email:{Jane}"));
        await host.Request(id, one => Callbacks(one).GetProperty("waiting").GetInt32() == 0);
        await host.Grid.StopAsync();
        Assert.Empty(await RawStore.Find(host.Grid.Folder, Jane));
        Assert.Empty(await RawStore.Find(host.Grid.Folder, Convert.ToBase64String(Encoding.UTF8.GetBytes(Jane))[..20]));
        await host.Grid.RestartAsync();

        OpenDsrAnswer again = await host.Create(body);

        Assert.Equal(taken.Text, again.Text);
        Assert.Equal(2, host.Receiver.Count);
    }

    /// <summary>A controller asks all of its processors, and most have never heard of the person.</summary>
    [Fact]
    public async Task Erasure_OfWhoIsNotKnown_IsCompleted()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        string id = OpenDsrHost.NewId();

        await host.Create(host.BodyOf(id, "erasure"));
        ReceivedCallback last = (await host.Receiver.Until("completed"))[^1];

        Assert.Equal(0, last.Body.GetProperty("results_count").GetInt32());
        Assert.False(last.Body.TryGetProperty("results_url", out _));
        (_, JsonElement audit) = await host.Grid.Officer(HttpMethod.Get, "/v1/audit?action=privacy.erased");
        Assert.Single(audit.GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Create_OfAnIdThatIsTaken_IsAnsweredAsBeforeOrRefused()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        string id = OpenDsrHost.NewId();
        OpenDsrAnswer taken = await host.Create(host.BodyOf(id));

        OpenDsrAnswer again = await host.Create(host.BodyOf(id));
        OpenDsrAnswer other = await host.Ask(
            HttpMethod.Post,
            OpenDsrHost.Requests,
            host.BodyOf(id, email: "bob@example.com")
        );
        // An id of the other door is taken, too.
        string theirs = OpenDsrHost.NewId();
        await host.Grid.Begin($$"""{"type":"access","identifiers":["email:{{Jane}}"],"requestId":"{{theirs}}"}""");
        OpenDsrAnswer crossed = await host.Ask(HttpMethod.Post, OpenDsrHost.Requests, host.BodyOf(theirs));
        OpenDsrAnswer status = await host.Ask(HttpMethod.Get, $"{OpenDsrHost.Requests}/{theirs}");

        Assert.Equal(taken.Text, again.Text);
        Assert.Equal(HttpStatusCode.BadRequest, other.Status);
        Assert.Equal("request_differs", other.Reason);
        Assert.Equal("request_differs", crossed.Reason);
        Assert.Equal(HttpStatusCode.NotFound, status.Status);
    }

    [Fact]
    public async Task Former_PathsAndHeaders_LeadToTheSame()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        string id = OpenDsrHost.NewId();
        string body = host.BodyOf(id);

        OpenDsrAnswer former = await host.Ask(HttpMethod.Post, "/opendsr/v2/opengdpr_requests", body);
        OpenDsrAnswer status = await host.Ask(HttpMethod.Get, $"/opendsr/v2/opengdpr_requests/{id}");

        Assert.Equal(HttpStatusCode.Created, former.Status);
        former.AssertSigned(host.Authority.Certificate);
        Assert.Equal((await host.Create(body)).Text, former.Text);
        Assert.Equal(HttpStatusCode.OK, status.Status);
    }

    [Fact]
    public async Task Cancel_OfWhatIsPending_IsTakenAndToldAndOfTheRestRefused()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        await host.Grid.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        await host.Grid.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com"} """);
        string id = OpenDsrHost.NewId();
        JsonObject body = JsonNode.Parse(host.BodyOf(id, "erasure"))!.AsObject();
        body["subject_identities"]!
            .AsArray()
            .Add(
                JsonNode.Parse(
                    """{"identity_type":"controller_customer_id","identity_value":"bob-user-22","identity_format":"raw"}"""
                )
            );
        await host.Create(body.ToJsonString());
        // Two persons are meant, and an officer is asked which.
        List<ReceivedCallback> told = await host.Receiver.Until("pending");

        OpenDsrAnswer cancelled = await host.Ask(HttpMethod.Delete, $"{OpenDsrHost.Requests}/{id}");
        told.AddRange(await host.Receiver.Until("cancelled"));
        OpenDsrAnswer again = await host.Ask(HttpMethod.Delete, $"{OpenDsrHost.Requests}/{id}");
        OpenDsrAnswer status = await host.Ask(HttpMethod.Get, $"{OpenDsrHost.Requests}/{id}");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.Status);
        cancelled.AssertSigned(host.Authority.Certificate);
        Assert.Equal(
            ["api_version", "controller_id", "received_time", "subject_request_id"],
            cancelled.Body.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(cancelled.Text, again.Text);
        Assert.Equal("cancelled", status.Body.GetProperty("request_status").GetString());
        Assert.Equal(["in_progress", "pending", "cancelled"], told.Select(one => one.Status));
        Assert.NotNull(await host.Grid.Profile($"email:{Jane}"));

        string other = OpenDsrHost.NewId();
        await host.Create(host.BodyOf(other));
        await host.Receiver.Until("completed");
        OpenDsrAnswer late = await host.Ask(HttpMethod.Delete, $"{OpenDsrHost.Requests}/{other}");
        Assert.Equal(HttpStatusCode.BadRequest, late.Status);
        Assert.Equal("request_begun", late.Reason);
    }

    [Theory]
    [InlineData(
        "subject_identities",
        """[{"identity_type":"email","identity_value":"jane.doe","identity_format":"raw"}]"""
    )]
    [InlineData(
        "subject_identities",
        """[{"identity_type":"roku_publisher_id","identity_value":"jane.doe","identity_format":"raw"}]"""
    )]
    [InlineData(
        "subject_identities",
        """[{"identity_type":"email","identity_value":"jane.doe","identity_format":"sha256"}]"""
    )]
    [InlineData("subject_request_id", "\"jane.doe\"")]
    [InlineData("status_callback_urls", """["http://jane.doe.example/"]""")]
    [InlineData("status_callback_urls", """["https://10.0.0.1/jane.doe"]""")]
    [InlineData("status_callback_urls", """["https://localhost/jane.doe"]""")]
    [InlineData("status_callback_urls", """["https://169.254.169.254/latest/meta-data/jane.doe"]""")]
    [InlineData("status_callback_urls", """["https://[::ffff:127.0.0.1]/jane.doe"]""")]
    public async Task Create_OfWhatIsNotPossible_IsRefusedWithoutSayingWhoItIsAbout(string member, string json)
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        JsonObject body = JsonNode.Parse(host.BodyOf(OpenDsrHost.NewId()))!.AsObject();
        body[member] = JsonNode.Parse(json);

        OpenDsrAnswer answer = await host.Ask(HttpMethod.Post, OpenDsrHost.Requests, body.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        JsonElement error = answer.Body.GetProperty("error");
        Assert.Equal(400, error.GetProperty("code").GetInt32());
        JsonElement fault = Assert.Single(error.GetProperty("errors").EnumerateArray());
        Assert.Equal("Validation", fault.GetProperty("domain").GetString());
        Assert.Equal(error.GetProperty("message").GetString(), fault.GetProperty("message").GetString());
        Assert.Contains(member, fault.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("jane", answer.Text, StringComparison.OrdinalIgnoreCase);
        (_, JsonElement page) = await host.Grid.Officer(HttpMethod.Get, "/v1/privacy/requests");
        Assert.Equal(0, page.GetProperty("requests").GetArrayLength());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"subject_request_id":"\ud800"}""")]
    [InlineData("""{"subject_request_type":"access","subject_request_type":"erasure"}""")]
    public async Task Create_OfNoRequest_IsRefused(string body)
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();

        OpenDsrAnswer answer = await host.Ask(HttpMethod.Post, OpenDsrHost.Requests, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_json", answer.Reason);
    }

    [Fact]
    public async Task Create_OfABodyThatIsTooLarge_IsRefused()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        JsonObject body = JsonNode.Parse(host.BodyOf(OpenDsrHost.NewId()))!.AsObject();
        body["extensions"] = new JsonObject { ["x.example"] = new string('x', 70_000) };

        OpenDsrAnswer answer = await host.Ask(HttpMethod.Post, OpenDsrHost.Requests, body.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("body_too_large", answer.Reason);
    }

    [Fact]
    public async Task Requests_OfWhoIsNoOfficer_AreRefusedAndThoseOfOthersAreNotThere()
    {
        const string Officer = "privacy-officer";
        await using OpenDsrHost host = await OpenDsrHost.Start(PrivacyHost.KeysFor(Officer, "steward"));
        string id = OpenDsrHost.NewId();
        string path = $"{OpenDsrHost.Requests}/{id}";

        OpenDsrAnswer nobody = await host.Ask(HttpMethod.Post, OpenDsrHost.Requests, host.BodyOf(id), key: null);
        OpenDsrAnswer steward = await host.Ask(
            HttpMethod.Post,
            OpenDsrHost.Requests,
            host.BodyOf(id),
            PrivacyHost.KeyOf("steward")
        );
        OpenDsrAnswer officer = await host.Ask(
            HttpMethod.Post,
            OpenDsrHost.Requests,
            host.BodyOf(id),
            PrivacyHost.KeyOf(Officer)
        );

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.Status);
        Assert.Equal(401, nobody.Body.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(HttpStatusCode.Forbidden, steward.Status);
        Assert.Equal("role_missing", steward.Reason);
        Assert.Equal(HttpStatusCode.Created, officer.Status);
        Assert.Equal(Officer, officer.Body.GetProperty("controller_id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await host.Ask(HttpMethod.Get, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Ask(HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Ask(HttpMethod.Get, $"{OpenDsrHost.Requests}/1")).Status);
    }

    [Theory]
    [InlineData("Customer360:Privacy:OpenDsr:Domain", "", "CUSTOMER360__PRIVACY__OPENDSR__DOMAIN is missing")]
    [InlineData("Customer360:Privacy:OpenDsr:Domain", "other.example.com", "was not issued for 'other.example.com'")]
    [InlineData("Customer360:Privacy:OpenDsr:Key", "", "CUSTOMER360__PRIVACY__OPENDSR__KEY is missing")]
    [InlineData("Customer360:Privacy:OpenDsr:Certificate", "nowhere.pem", "can't be read")]
    [InlineData("Customer360:Privacy:OpenDsr:CallbackAuthority", "nowhere.pem", "can't be read")]
    [InlineData("Customer360:Privacy:OpenDsr:CallbackTries", "21", "must be 1 to 20")]
    public async Task Start_WithASettingThatDoesNotFit_IsRefused(string setting, string value, string cause)
    {
        using var authority = new OpenDsrAuthority();

        StartRefusedException refusal = await Assert.ThrowsAsync<StartRefusedException>(() =>
            PrivacyHost.Start(more: authority.Settings((setting, value)))
        );

        Assert.Contains(cause, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithACertificateThatIsSignedByItself_IsRefused()
    {
        using var authority = new OpenDsrAuthority();
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new CertificateRequest(
            $"CN={OpenDsrAuthority.Domain}",
            key,
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));

        StartRefusedException refusal = await Assert.ThrowsAsync<StartRefusedException>(() =>
            PrivacyHost.Start(
                more: authority.Settings(
                    (
                        "Customer360:Privacy:OpenDsr:Certificate",
                        authority.Write("own.pem", made.ExportCertificatePem())
                    ),
                    ("Customer360:Privacy:OpenDsr:Key", authority.Write("own.key", key.ExportPkcs8PrivateKeyPem()))
                )
            )
        );

        Assert.Contains("signed by itself", refusal.Message, StringComparison.Ordinal);
    }

    private static JsonElement Callbacks(JsonElement request) =>
        request.GetProperty("openDsr").TryGetProperty("callbacks", out JsonElement callbacks)
            ? Assert.Single(callbacks.EnumerateArray())
            : ProfilesHost.Parse("""{"waiting":-1}""");
}
