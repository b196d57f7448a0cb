using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.Privacy;

/// <summary>Who takes the requests of persons, and writes down what they say about consent.</summary>
public sealed class OfficerTests
{
    private const string Jane = "jane.doe-118@example.com";
    private const string Consent = """{"requestId":"r-1","purposes":{"ads":"denied"}}""";
    private static readonly string s_access = $$"""{"type":"access","identifiers":["email:{{Jane}}"]}""";

    [Theory]
    [InlineData("privacy-officer", true, true)]
    [InlineData("steward", true, false)]
    [InlineData("sales", false, false)]
    [InlineData("analytics", false, false)]
    public async Task Roles_OfTheBuiltInPolicy_DoWhatItSays(string role, bool writesConsent, bool takesRequests)
    {
        await using PrivacyHost host = await PrivacyHost.Start(keys: PrivacyHost.KeysFor(role));
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string key = PrivacyHost.KeyOf(role);

        (HttpStatusCode consent, _) = await host.Ask(
            HttpMethod.Put,
            "/v1/profiles/user_id:jane-user-1/consent",
            key,
            Consent
        );
        (HttpStatusCode begun, JsonElement request) = await host.Ask(
            HttpMethod.Post,
            "/v1/privacy/requests",
            key,
            s_access
        );
        (HttpStatusCode list, JsonElement page) = await host.Ask(HttpMethod.Get, "/v1/privacy/requests", key);

        Assert.Equal(writesConsent ? HttpStatusCode.OK : HttpStatusCode.Forbidden, consent);
        Assert.Equal(takesRequests ? HttpStatusCode.Accepted : HttpStatusCode.Forbidden, begun);
        Assert.Equal(takesRequests ? HttpStatusCode.OK : HttpStatusCode.Forbidden, list);
        if (takesRequests)
        {
            Assert.Equal(role, request.GetProperty("by").GetString());
            Assert.Equal(1, page.GetProperty("requests").GetArrayLength());
        }
        else
        {
            Assert.Equal("role_missing", page.GetProperty("code").GetString());
        }
    }

    /// <summary>Readers, who need no purpose, are no officers either.</summary>
    [Fact]
    public async Task Requests_OfAReader_AreRefused()
    {
        await using PrivacyHost host = await PrivacyHost.Start();

        (HttpStatusCode begun, _) = await host.Ask(
            HttpMethod.Post,
            "/v1/privacy/requests",
            ProfilesHost.ReadKey,
            s_access
        );

        Assert.Equal(HttpStatusCode.Forbidden, begun);
    }

    /// <summary>Who may take requests sees of their identifiers what the policy shows the role, and no more.</summary>
    [Fact]
    public async Task Candidates_ForAnOfficerWhoSeesNoAddresses_AreShownWithoutThem()
    {
        await using PrivacyHost host = await PrivacyHost.Start(keys: PrivacyHost.KeysFor("clerk"));
        (HttpStatusCode put, JsonElement answer) = await host.Officer(
            HttpMethod.Put,
            "/v1/policies/access",
            """
            {"classes":{"internal":["user_id"],"personal":["email"]},"purposes":["legal"],
            "roles":{"clerk":{"purposes":["legal"],"read":{"internal":"allow"},"does":["privacy"]}}}
            """
        );
        Assert.True(put == HttpStatusCode.OK, $"{answer}");
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        await host.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com"} """);
        string id = await host.Begin(
            $$"""{"type":"access","identifiers":["email:{{Jane}}","email:bob@example.com"]}"""
        );
        await host.WaitFor(id, "needs-decision");

        (HttpStatusCode status, JsonElement shown) = await host.Ask(
            HttpMethod.Get,
            $"/v1/privacy/requests/{id}",
            PrivacyHost.KeyOf("clerk")
        );

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, shown.GetProperty("candidates").GetArrayLength());
        Assert.Contains("user_id:jane-user-1", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("@example.com", shown.ToString(), StringComparison.Ordinal);
    }
}
