using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Sdk;

/// <summary>Segment's consent wrapper <c>@segment/analytics-consent-tools</c>, unmodified, around its SDK in Chromium.</summary>
public sealed class BrowserConsentTests
{
    private const string Script = "browser/send.mjs";

    [BrowserFact]
    public async Task Wrapper_StampsEachMessage_AndTellsWhenTheChoiceChanges()
    {
        await using GridHost host = new();

        await SdkScript.RunAsync(
            Script,
            host.Address,
            CollectHost.CollectKey,
            "consenting",
            "consent",
            "3",
            """{"analytics":true,"ads":false}""",
            """{"analytics":true,"ads":true}"""
        );

        JsonElement profile = await host.WaitForProfileAsync(
            "user_id:consenting-user",
            one =>
                one.GetProperty("consent").TryGetProperty("ads", out JsonElement ads)
                && ads.GetProperty("status").GetString() == "granted"
        );
        Assert.Equal(
            "granted",
            profile.GetProperty("consent").GetProperty("analytics").GetProperty("status").GetString()
        );
        using var history = JsonDocument.Parse(
            await host.Reader.GetStringAsync(
                new Uri("/v1/profiles/user_id:consenting-user/consent/history", UriKind.Relative)
            )
        );
        Assert.Equal(
            ["granted", "denied", "denied"],
            history
                .RootElement.GetProperty("entries")
                .EnumerateArray()
                .Where(entry => entry.GetProperty("purpose").GetString() == "ads")
                .Select(entry => entry.GetProperty("status").GetString())
        );
    }

    [BrowserFact]
    public async Task Wrapper_WhenThePolicyNeedsACategoryThatIsRefused_SendsNothing()
    {
        await using GridHost host = new();
        using HttpClient admin = host.CreateClient();
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
        using StringContent policy = new("sdk: {needs: [analytics]}", Encoding.UTF8, "application/yaml");
        HttpResponseMessage put = await admin.PutAsync(new Uri("/v1/policies/consent", UriKind.Relative), policy);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());

        JsonElement result = await SdkScript.RunAsync(
            Script,
            host.Address,
            CollectHost.CollectKey,
            "refusing",
            "consent",
            "0",
            """{"analytics":false,"ads":false}""",
            "null"
        );

        Assert.Equal(
            ["GET /v1/projects/{key}/settings 200"],
            result.GetProperty("answers").EnumerateArray().Select(answer => answer.GetString()).Distinct()
        );
    }
}
