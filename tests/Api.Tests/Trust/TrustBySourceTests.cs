using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Trust;

/// <summary>
/// What one can do to strangers with the write key of a web page, on the program that users run: nothing. The first two
/// tests are the attack that a probe of the grid succeeded with.
/// </summary>
public sealed class TrustBySourceTests : IAsyncLifetime
{
    private const string BrowserKey = ProfilesHost.CollectKey;
    private const string ServerKey = "key-of-the-shop";
    private const string Secret = "a-secret-of-the-site-and-the-grid";
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-trust-").FullName;
    private ProfilesHost _host = null!;
    private int _messages;

    public async Task InitializeAsync()
    {
        _host = await ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Keys:2:SigningSecret"] = Secret,
                ["Customer360:Keys:3:Name"] = "shop",
                ["Customer360:Keys:3:Key"] = ServerKey,
                ["Customer360:Keys:3:Roles:0"] = "collect",
                ["Customer360:Keys:3:Trust"] = "server",
            }
        );
        // Two people, whom the company's own systems know by their addresses.
        await Send(ServerKey, "identify", """ "anonymousId":"a","traits":{"email":"ann@x.com","plan":"gold"} """);
        await Send(ServerKey, "identify", """ "anonymousId":"b","traits":{"email":"ben@x.com","plan":"silver"} """);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string, string> Ties { get; } =
        new()
        {
            {
                "identify",
                """ "anonymousId":"e","traits":{"email":"ann@x.com"},"context":{"traits":{"email":"ben@x.com"}} """
            },
            {
                "track",
                """ "event":"e","properties":{"email":"ann@x.com"},"context":{"traits":{"email":"ben@x.com"}} """
            },
            { "page", """ "anonymousId":"a","context":{"traits":{"email":"ben@x.com"}} """ },
            {
                "screen",
                """ "context":{"externalIds":[{"id":"ann@x.com","type":"email"},{"id":"ben@x.com","type":"email"}]} """
            },
            { "group", """ "groupId":"g","anonymousId":"b","context":{"traits":{"email":"ann@x.com"}} """ },
            { "alias", """ "userId":"u","previousId":"a","context":{"traits":{"email":"ben@x.com"}} """ },
            { "identify", """ "userId":"u","anonymousId":"a","traits":{"email":"ben@x.com"} """ },
        };

    /// <summary>Whatever kind of message, and whichever way it comes, also step by step.</summary>
    [Theory]
    [MemberData(nameof(Ties))]
    public async Task PublicKey_WhateverItSends_MergesNoTwoKnownPeople(string kind, string members)
    {
        JsonElement receipt = await Send(BrowserKey, kind, members);
        Assert.Equal("accepted", receipt.GetProperty("status").GetString());
        await AreApart();

        // In a batch, as an import, and once more by way of a device that claims have linked to one of them.
        await Batch("batch", kind, members);
        await Batch("import", kind, members);
        await Send(BrowserKey, "identify", """ "anonymousId":"e","traits":{"email":"ann@x.com"} """);
        await Send(BrowserKey, "identify", """ "anonymousId":"e","traits":{"email":"ben@x.com"} """);
        await AreApart();
    }

    [Theory]
    [InlineData("identify", """ "traits":{"email":"ann@x.com","plan":"none"} """)]
    [InlineData("identify", """ "traits":{"email":"ann@x.com","plan":null} """)]
    [InlineData("identify", """ "context":{"traits":{"email":"ann@x.com","plan":"none"}} """)]
    public async Task PublicKey_WhateverItSays_ChangesNoValueOfAKnownPerson(string kind, string members)
    {
        await Send(BrowserKey, kind, members);
        await Batch("import", kind, members);

        JsonElement profile = await _host.GetJson("/v1/profiles/email:ann@x.com?verbose=true");
        JsonElement plan = profile.GetProperty("traits").GetProperty("plan");
        Assert.Equal("gold", plan.GetProperty("value").GetString());
        Assert.Equal("shop", plan.GetProperty("source").GetString());
        JsonElement overruled = plan.GetProperty("overruled")[0];
        Assert.Equal("claimed", overruled.GetProperty("reason").GetString());
    }

    /// <summary>Her address is a trait too, by whatever identifier she is named.</summary>
    [Fact]
    public async Task PublicKey_OfAKnownUser_ChangesNeitherHerAddressNorHerPlan()
    {
        await Send(ServerKey, "identify", """ "userId":"ann","traits":{"email":"ann@x.com","plan":"gold"} """);
        await Send(BrowserKey, "identify", """ "userId":"ann","traits":{"email":"thief@x.com","plan":"none"} """);

        JsonElement traits = (await _host.GetJson("/v1/profiles/user_id:ann")).GetProperty("traits");
        Assert.Equal("ann@x.com", traits.GetProperty("email").GetString());
        Assert.Equal("gold", traits.GetProperty("plan").GetString());
        // What nobody who is believed has said is shown.
        await Send(BrowserKey, "identify", """ "userId":"ann","traits":{"theme":"dark"} """);
        traits = (await _host.GetJson("/v1/profiles/user_id:ann")).GetProperty("traits");
        Assert.Equal("dark", traits.GetProperty("theme").GetString());
    }

    [Fact]
    public async Task PublicKey_OfAnAccount_ChangesNoTraitThatAServerHasSet()
    {
        await Send(ServerKey, "group", """ "userId":"ann","groupId":"g","traits":{"tier":"enterprise"} """);
        await Send(BrowserKey, "group", """ "userId":"thief","groupId":"g","traits":{"tier":"free","site":"x"} """);

        JsonElement traits = (await _host.GetJson("/v1/accounts/g")).GetProperty("traits");
        Assert.Equal("enterprise", traits.GetProperty("tier").GetString());
        Assert.Equal("x", traits.GetProperty("site").GetString());
    }

    /// <summary>What visitors do all day.</summary>
    [Fact]
    public async Task PublicKey_OfVisitors_StillBringsThemTogether()
    {
        await Send(BrowserKey, "page", """ "anonymousId":"v" """);
        await Send(BrowserKey, "identify", """ "anonymousId":"v","traits":{"email":"cay@x.com"} """);
        await Send(BrowserKey, "identify", """ "userId":"cay","anonymousId":"v" """);
        await Send(BrowserKey, "page", """ "anonymousId":"v2" """);
        await Send(BrowserKey, "identify", """ "userId":"cay","anonymousId":"v2","traits":{"plan":"free"} """);
        // A known person comes with a new device.
        await Send(BrowserKey, "page", """ "anonymousId":"v3" """);
        await Send(BrowserKey, "identify", """ "anonymousId":"v3","traits":{"email":"ann@x.com"} """);

        string? cay = await CustomerOf("user_id:cay");
        Assert.NotNull(cay);
        Assert.Equal(cay, await CustomerOf("anonymous_id:v"));
        Assert.Equal(cay, await CustomerOf("anonymous_id:v2"));
        Assert.Equal(cay, await CustomerOf("email:cay@x.com"));
        Assert.Equal(await CustomerOf("email:ann@x.com"), await CustomerOf("anonymous_id:v3"));
    }

    /// <summary>A server's word joins the two, and a signed one does: it is what the same message without it may not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignedUserId_LiftsTheClaim(bool isSigned)
    {
        await Send(ServerKey, "identify", """ "userId":"ann" """);
        string signature = isSigned ? Sign("ann") : "";
        JsonElement receipt = await Send(
            BrowserKey,
            "identify",
            $$$""" "userId":"ann","traits":{"email":"ann@x.com","plan":"platinum"},"context":{"userIdSignature":"{{{signature}}}"} """
        );

        Assert.Equal(isSigned, await CustomerOf("user_id:ann") == await CustomerOf("email:ann@x.com"));
        JsonElement traits = (await _host.GetJson("/v1/profiles/email:ann@x.com")).GetProperty("traits");
        Assert.Equal(isSigned ? "platinum" : "gold", traits.GetProperty("plan").GetString());
        JsonElement stored = await _host.GetJson($"/v1/receipts/{receipt.GetProperty("messageId").GetString()}");
        Assert.Equal(isSigned ? "signed" : "claimed", stored.GetProperty("trust").GetString());
        JsonElement email = stored
            .GetProperty("identifiers")
            .EnumerateArray()
            .Single(one => one.GetProperty("type").GetString() == "email");
        Assert.Equal(isSigned ? "linked" : "declined", email.GetProperty("outcome").GetString());
        Assert.True(
            isSigned || email.GetProperty("because").GetString()!.Contains("public source", StringComparison.Ordinal)
        );

        // Whoever has the public key can't take the signed word away.
        await Send(BrowserKey, "identify", """ "userId":"ann","traits":{"plan":"none"} """);
        traits = (await _host.GetJson("/v1/profiles/email:ann@x.com")).GetProperty("traits");
        Assert.Equal(isSigned ? "platinum" : "gold", traits.GetProperty("plan").GetString());
    }

    [Fact]
    public async Task WrongSignature_IsRefusedAsAClaimAndNotAsAMessage()
    {
        JsonElement receipt = await Send(
            BrowserKey,
            "identify",
            $$$""" "userId":"thief","traits":{"email":"ann@x.com","plan":"none"},"context":{"userIdSignature":"{{{Sign("ann")}}}"} """
        );

        Assert.Equal("accepted", receipt.GetProperty("status").GetString());
        JsonElement leftOut = Assert.Single(receipt.GetProperty("leftOut").EnumerateArray());
        Assert.Equal("context", leftOut.GetProperty("field").GetString());
        Assert.Equal("wrong_signature", leftOut.GetProperty("reason").GetString());
        JsonElement traits = (await _host.GetJson("/v1/profiles/email:ann@x.com")).GetProperty("traits");
        Assert.Equal("gold", traits.GetProperty("plan").GetString());
    }

    /// <summary>It is decided by what is stored: after a restart, and when a check folds the log again, it is the same.</summary>
    [Fact]
    public async Task Trust_AfterARestart_IsAsItWasStored()
    {
        await Send(BrowserKey, "identify", """ "traits":{"email":"ann@x.com","plan":"none"} """);
        await _host.DisposeAsync();
        _host = await ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Keys:2:Trust"] = "server",
                ["Customer360:Keys:3:Name"] = "shop",
                ["Customer360:Keys:3:Key"] = ServerKey,
                ["Customer360:Keys:3:Roles:0"] = "collect",
            }
        );

        JsonElement traits = (await _host.GetJson("/v1/profiles/email:ann@x.com")).GetProperty("traits");
        Assert.Equal("gold", traits.GetProperty("plan").GetString());
        await AreApart();
    }

    private async Task AreApart()
    {
        string? ann = await CustomerOf("email:ann@x.com");
        string? ben = await CustomerOf("email:ben@x.com");
        Assert.NotNull(ann);
        Assert.NotNull(ben);
        Assert.NotEqual(ann, ben);
        Assert.Equal(ann, await CustomerOf("anonymous_id:a"));
        Assert.Equal(ben, await CustomerOf("anonymous_id:b"));
    }

    private static string Sign(string userId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(userId)));

    private async Task<JsonElement> Send(string key, string kind, string members)
    {
        JsonElement answer = await Post(
            key,
            $"/v1/{kind}?wait=applied",
            $"{{\"messageId\":\"m-{++_messages}\",{members}}}"
        );
        return answer.GetProperty("receipts")[0];
    }

    private Task<JsonElement> Batch(string path, string kind, string members) =>
        Post(
            BrowserKey,
            $"/v1/{path}?wait=applied",
            $"{{\"batch\":[{{\"type\":\"{kind}\",\"messageId\":\"m-{++_messages}\",{members}}}]}}"
        );

    private async Task<JsonElement> Post(string key, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    private async Task<string?> CustomerOf(string identifier)
    {
        using HttpResponseMessage response = await _host.Client.GetAsync(
            $"/v1/profiles/{Uri.EscapeDataString(identifier)}"
        );
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("customerId").GetString();
    }
}
