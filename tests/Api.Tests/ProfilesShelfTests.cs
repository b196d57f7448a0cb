using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Customer360.Grains;

namespace Customer360.Api.Tests;

/// <summary>Reads of what customers of the same process have published.</summary>
public sealed class ProfilesShelfTests
{
    [Theory]
    [InlineData("user_id:u-1", "")]
    [InlineData("email:Jane@Example.com", "")]
    [InlineData("customer:" + ProfilesWorld.Jane, "")]
    [InlineData("user_id:u-1", "?verbose=true")]
    public async Task Get_WhenPublished_AnswersWhatTheGrainsWouldWithoutAskingThem(string identifier, string query)
    {
        await using ProfilesHost host = await StartWithJane();
        string path = $"/v1/profiles/{identifier}{query}";
        using HttpResponseMessage asked = await host.Client.GetAsync(path);
        host.World.Publish(ProfilesWorld.Jane);
        host.World.Calls.Clear();

        using HttpResponseMessage first = await host.Client.GetAsync(path);
        using HttpResponseMessage second = await host.Client.GetAsync(path);

        Assert.Empty(host.World.Calls);
        foreach (HttpResponseMessage answer in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(asked.Headers.ETag, answer.Headers.ETag);
            Assert.Equal(asked.Headers.CacheControl, answer.Headers.CacheControl);
            Assert.Equal(asked.Content.Headers.ContentType, answer.Content.Headers.ContentType);
            Assert.Equal(await asked.Content.ReadAsStringAsync(), await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Get_WhenPublishedAndKnownToTheCaller_AnswersNotModified()
    {
        await using ProfilesHost host = await StartWithJane();
        host.World.Publish(ProfilesWorld.Jane);
        using HttpResponseMessage first = await host.Client.GetAsync("/v1/profiles/user_id:u-1");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/profiles/user_id:u-1");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await host.Client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(host.World.Calls);
    }

    [Fact]
    public async Task Get_WhenTakenOff_AsksTheGrains()
    {
        await using ProfilesHost host = await StartWithJane();
        ShelfPlace place = host.World.Publish(ProfilesWorld.Jane);
        place.TakeOff();

        await host.GetJson("/v1/profiles/user_id:u-1");

        Assert.Equal(2, host.World.Calls.Count);
    }

    [Fact]
    public async Task Get_WhenAMessageWasFolded_AnswersTheNewStateAndItsTag()
    {
        await using ProfilesHost host = await StartWithJane();
        ShelfPlace place = host.World.Publish(ProfilesWorld.Jane);
        using HttpResponseMessage before = await host.Client.GetAsync("/v1/profiles/user_id:u-1");
        host.World.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"plan":"gold"}""");
        place.Replace(host.World.View(ProfilesWorld.Jane));

        using HttpResponseMessage after = await host.Client.GetAsync("/v1/profiles/user_id:u-1");

        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.Equal(host.World.Document(ProfilesWorld.Jane), await after.Content.ReadAsByteArrayAsync());
        Assert.Empty(host.World.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BatchGet_WhenSomeArePublished_AsksForTheOthersOnly(bool verbose)
    {
        await using ProfilesHost host = await StartWithJane();
        host.World.AddUser(ProfilesWorld.Merged, "user_id", "u-2");
        var body = new { identifiers = new[] { "user_id:u-1", "user_id:u-2", "user_id:nobody" }, verbose };
        using HttpResponseMessage asked = await host.Client.PostAsJsonAsync("/v1/profiles:batchGet", body);
        host.World.Publish(ProfilesWorld.Jane);
        host.World.Calls.Clear();

        using HttpResponseMessage answer = await host.Client.PostAsJsonAsync("/v1/profiles:batchGet", body);

        Assert.Equal(await asked.Content.ReadAsStringAsync(), await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain(host.World.Calls, call => call.Contains("u-1") || call.Contains(ProfilesWorld.Jane));
        Assert.Equal(3, host.World.Calls.Count);
    }

    [Fact]
    public async Task Timeline_WhenPublished_AsksTheCustomerOnly()
    {
        await using ProfilesHost host = await StartWithJane();
        host.World.Publish(ProfilesWorld.Jane);

        JsonElement page = await host.GetJson("/v1/profiles/user_id:u-1/timeline");

        Assert.Equal(ProfilesWorld.Jane, page.GetProperty("customerId").GetString());
        Assert.Equal([$"ICustomerGrain/{ProfilesWorld.Jane}/GetTimeline"], host.World.Calls);
    }

    private static async Task<ProfilesHost> StartWithJane()
    {
        ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        host.World.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"plan":"free"}""");
        host.World.AddUser(ProfilesWorld.Jane, "email", "jane@example.com");
        return host;
    }
}
