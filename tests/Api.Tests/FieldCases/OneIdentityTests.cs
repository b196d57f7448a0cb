using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>One person under several spellings is one customer, and what names nobody joins nobody.</summary>
public sealed class OneIdentityTests : FieldCases
{
    [Theory]
    [InlineData("identify", """ "userId":1234 """, """ "userId":1234.0 """, "user_id:1234")]
    [InlineData(
        "identify",
        """ "anonymousId":"a","traits":{"email":"j@example.com"} """,
        """ "anonymousId":"b","traits":{"email":"j@example.com\u200b"} """,
        "email:j@example.com"
    )]
    [InlineData(
        "identify",
        """ "anonymousId":"a","traits":{"email":"j\u00fc@example.com"} """,
        """ "anonymousId":"b","traits":{"email":"ju\u0308@example.com"} """,
        "email:ju\u0308@example.com"
    )]
    [InlineData(
        "identify",
        """ "anonymousId":"a","traits":{"email":"j@münchen.example"} """,
        """ "anonymousId":"b","traits":{"email":"j@xn--mnchen-3ya.example"} """,
        "email:j@MÜNCHEN.example"
    )]
    [InlineData(
        "identify",
        """ "anonymousId":"a","traits":{"phone":14155550142.0} """,
        """ "anonymousId":"b","traits":{"phone":"+14155550142"} """,
        "phone:(415) 555-0142"
    )]
    public async Task Identifier_WhenSpelledInTwoWays_IsOneCustomer(string kind, string one, string other, string asked)
    {
        await Host.SendNew(kind, one);
        await Host.SendNew(kind, other);

        JsonElement profile = await Host.Get($"/v1/profiles/{Uri.EscapeDataString(asked)}");
        Assert.Equal(2, profile.GetProperty("lifecycle").GetProperty("messageCount").GetInt32());
        JsonElement batch = await Host.PostRead(
            "/v1/profiles:batchGet",
            JsonSerializer.Serialize(new { identifiers = new[] { asked, asked + "\u200b" } })
        );
        Assert.All(
            batch.GetProperty("profiles").EnumerateArray(),
            one =>
                Assert.Contains(
                    profile.GetProperty("customerId").GetString()!,
                    one.GetRawText(),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Account_WhenSpelledInTwoWays_IsOne()
    {
        await Host.SendNew("group", """ "userId":"u","groupId":77,"traits":{"a":1} """);
        await Host.SendNew("group", """ "userId":"v","groupId":77.0,"traits":{"b":2} """);

        foreach (string asked in (string[])["77", "77.0", "77%E2%80%8B"])
        {
            JsonElement account = await Host.Get($"/v1/accounts/{asked}");
            Assert.Equal("77", account.GetProperty("groupId").GetString());
            Assert.Equal(2, account.GetProperty("memberCount").GetInt32());
        }

        JsonElement traits = await Host.Get("/v1/spaces/s/collections/accounts/profiles/group_id:77.0/traits");
        Assert.Equal(2, traits.GetProperty("traits").EnumerateObject().Count());
    }

    [Fact]
    public async Task Phone_WhenAFloat_IsNobodyElses()
    {
        await Host.SendNew("identify", """ "anonymousId":"a","traits":{"phone":"+4930901820.0"} """);

        Assert.Null(await Host.CustomerOf("phone:+49309018200"));
        Assert.NotNull(await Host.CustomerOf("phone:+4930901820"));
    }

    /// <summary>Everybody's events do not go to whoever logs in first.</summary>
    [Theory]
    [InlineData("anonymousId", "anonymousId", "anonymous_id")]
    [InlineData("userId", "[object Undefined]", "user_id")]
    [InlineData("userId", "[object Null]", "user_id")]
    [InlineData("userId", "Null", "user_id")]
    [InlineData("userId", "NONE", "user_id")]
    [InlineData("userId", "nan", "user_id")]
    public async Task Identifier_WhenItNamesNobody_IsNone(string field, string value, string type)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await Host.PostAnything("/v1/page", $$"""{"{{field}}":"{{value}}"}"""));
        JsonElement receipt = await Host.SendNew(
            "identify",
            $"\"{field}\":\"{value}\",\"context\":{{\"traits\":{{\"email\":\"j@example.com\"}}}}"
        );

        Assert.Equal("accepted", receipt.GetProperty("status").GetString());
        Assert.Null(await Host.CustomerOf($"{type}:{value}"));
    }

    [Fact]
    public async Task Device_WhenManyShareItsId_JoinsNobody()
    {
        foreach (string visitor in (string[])["a", "b"])
        {
            await Host.SendNew(
                "track",
                $$"""
                 "anonymousId":"{{visitor}}","event":"e","context":{"device":{"id":"9774d56d682e549c","type":"android"} }
                """
            );
        }

        Assert.NotEqual(await Host.CustomerOf("anonymous_id:a"), await Host.CustomerOf("anonymous_id:b"));
    }

    [Theory]
    [InlineData("undefined")]
    [InlineData("null")]
    [InlineData("0")]
    public async Task MessageId_WhenItNamesNothing_LosesNoMessage(string id)
    {
        foreach (string name in (string[])["one", "other"])
        {
            JsonElement receipt = await Host.Send(
                "track",
                $" \"userId\":\"u\",\"messageId\":\"{id}\",\"event\":\"{name}\" "
            );
            Assert.Equal("accepted", receipt.GetProperty("status").GetString());
            Assert.StartsWith("derived-", receipt.GetProperty("messageId").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(2, (await Host.Get("/v1/profiles/user_id:u/timeline")).GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Properties_WhenTheyHoldTheShopsPhone_JoinNobody()
    {
        foreach (string visitor in (string[])["a", "b"])
        {
            await Host.SendNew(
                "track",
                $$"""
                 "anonymousId":"{{visitor}}","event":"Store Viewed","properties":{"phone":"+14155550142"}
                """
            );
        }

        Assert.NotEqual(await Host.CustomerOf("anonymous_id:a"), await Host.CustomerOf("anonymous_id:b"));
    }
}
