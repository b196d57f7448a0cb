using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;

namespace Customer360.Api.Tests.Profiles;

/// <summary>Two customers beside each other, on the program that users run: what is rehearsed is what a merge does, and nothing changes.</summary>
public sealed class CompareTests : IAsyncLifetime
{
    private const string Path = "/v1/profiles:compare";

    private PrivacyHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await PrivacyHost.Start(keys: PrivacyHost.KeysFor("steward", "sales"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Compare_OfTwoThatMayMerge_ShowsWhatTheMergeThenMakes()
    {
        await Send("u-1", """ "userId":"u-1","traits":{"plan":"free","city":"Ulm","email":"a@example.com"} """);
        await Send("d-1", """ "anonymousId":"dev-1","traits":{"plan":"pro","email":"b@example.com"} """);
        string before = (await _host.Profile("user_id:u-1"))!.Value.ToString();
        string other = (await _host.Profile("email:b@example.com"))!.Value.ToString();

        JsonElement compared = await Compare("email:b@example.com", "user_id:u-1");

        Assert.Equal(JsonValueKind.Null, compared.GetProperty("objection").ValueKind);
        Assert.Equal(Id(before), Id(compared.GetProperty("older").ToString()));
        Assert.Equal(Id(other), Id(compared.GetProperty("younger").ToString()));
        Assert.Equal(Id(before), Id(compared.GetProperty("merged").ToString()));
        JsonElement plan = compared.GetProperty("merged").GetProperty("traits").GetProperty("plan");
        Assert.Equal("pro", plan.GetProperty("value").GetString());
        Assert.Equal("web", plan.GetProperty("source").GetString());
        Assert.Equal(before, (await _host.Profile("user_id:u-1"))!.Value.ToString());
        Assert.Equal(other, (await _host.Profile("email:b@example.com"))!.Value.ToString());

        await Send("join", """ "userId":"u-1","traits":{"email":"b@example.com"} """);
        JsonElement merged = (await _host.Profile("user_id:u-1"))!.Value;

        Assert.Equal(IdentifiersOf(merged), IdentifiersOf(compared.GetProperty("merged")));
        foreach (string trait in (string[])["plan", "city"])
        {
            Assert.Equal(
                merged.GetProperty("traits").GetProperty(trait).GetString(),
                compared.GetProperty("merged").GetProperty("traits").GetProperty(trait).GetProperty("value").GetString()
            );
        }

        (HttpStatusCode status, JsonElement problem) = await Ask("email:b@example.com", "user_id:u-1");
        Assert.Equal((HttpStatusCode.Conflict, "profiles_are_one"), (status, Code(problem)));
    }

    [Fact]
    public async Task Compare_OfTwoThatRulesKeepApart_NamesTheRule_AndShowsTheSum()
    {
        await Send("u-1", """ "userId":"u-1","traits":{"plan":"free"} """);
        await Send("u-2", """ "userId":"u-2","traits":{"plan":"pro"} """);

        JsonElement compared = await Compare("user_id:u-1", "user_id:u-2");

        Assert.Equal("""{"code":"over_limit","because":"user_id"}""", compared.GetProperty("objection").ToString());
        Assert.Equal("user_id:u-1 user_id:u-2", IdentifiersOf(compared.GetProperty("merged")));
    }

    [Fact]
    public async Task Compare_OfTwoWhoSaidOtherwise_ShowsTheStricterConsent()
    {
        await Send("u-1", """ "userId":"u-1","context":{"consent":{"categoryPreferences":{"analytics":true}}} """);
        await Send(
            "d-1",
            """ "anonymousId":"dev-1","traits":{"email":"b@example.com"},"context":{"consent":{"categoryPreferences":{"analytics":false}}} """
        );

        JsonElement compared = await Compare("user_id:u-1", "email:b@example.com");

        Assert.Equal(("granted", "denied", "denied"), (Said("older"), Said("younger"), Said("merged")));
        string? Said(string which) =>
            compared
                .GetProperty(which)
                .GetProperty("consent")
                .GetProperty("analytics")
                .GetProperty("status")
                .GetString();
    }

    [Fact]
    public async Task Compare_ForWhoMayNot_IsRefused_AndIsNotedForBoth()
    {
        await Send("u-1", """ "userId":"u-1","traits":{"plan":"free"} """);
        await Send("u-2", """ "userId":"u-2","traits":{"plan":"pro","ssn":"078-05-1120"} """);

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await Ask("user_id:u-1", "user_id:u-2", PrivacyHost.KeyOf("sales"))).Status
        );
        Assert.Equal(HttpStatusCode.NotFound, (await Ask("user_id:u-1", "user_id:u-9")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Ask("user_id:u-1", "nonsense")).Status);
        JsonElement steward = (await Ask("user_id:u-1", "user_id:u-2", PrivacyHost.KeyOf("steward"))).Answer;
        Assert.DoesNotContain("078-05-1120", steward.ToString(), StringComparison.Ordinal);
        Assert.Equal("pro", Value(steward, "merged", "plan"));

        foreach (string which in (string[])["older", "younger"])
        {
            string id = steward.GetProperty(which).GetProperty("customerId").GetString()!;
            (_, JsonElement noted) = await _host.Officer(
                HttpMethod.Get,
                $"/v1/audit?object={id}&action=profile.compared&limit=10"
            );
            Assert.Single(noted.GetProperty("entries").EnumerateArray());
        }
    }

    private static string? Value(JsonElement compared, string which, string trait) =>
        compared.GetProperty(which).GetProperty("traits").GetProperty(trait).GetProperty("value").GetString();

    private async Task Send(string messageId, string members) => await _host.Send("identify", members, messageId);

    private async Task<JsonElement> Compare(string one, string other)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(one, other);
        Assert.True(status == HttpStatusCode.OK, $"{status} {answer}");
        return answer;
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> Ask(
        string one,
        string other,
        string key = ProfilesHost.AdminKey
    ) => _host.Ask(HttpMethod.Post, Path, key, JsonSerializer.Serialize(new { identifiers = new[] { one, other } }));

    private static string? Code(JsonElement problem) => problem.GetProperty("code").GetString();

    private static string Id(string profile)
    {
        using var document = JsonDocument.Parse(profile);
        return document.RootElement.GetProperty("customerId").GetString()!;
    }

    private static string IdentifiersOf(JsonElement profile) =>
        string.Join(
            ' ',
            profile
                .GetProperty("identifiers")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("type").GetString()}:{one.GetProperty("value").GetString()}")
        );
}
