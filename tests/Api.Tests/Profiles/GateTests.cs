using System.Net;
using System.Security.Cryptography;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Profiles;

/// <summary>What the gate lets through, and what answers tell of it.</summary>
public sealed class GateTests
{
    private const string Jane = "user_id:u-1";

    private static readonly Asker s_sender = Asker.Of(new ApiKey("web", Roles.Collect));
    private static readonly Asker s_reader = Asker.Of(new ApiKey("desk", Roles.Read));

    [Fact]
    public async Task Gate_ForACallerWithoutARole_RefusesAndAsksNobody()
    {
        await using ProfilesHost host = await Start();
        ProfileAccess access = host.Services.GetRequiredService<ProfileAccess>();
        host.World.Publish(ProfilesWorld.Jane);
        var timeline = new TimelineRequest(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, true, 10, Cursor: null);
        var sessions = new SessionsRequest(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, 10, Before: null);
        CancellationToken none = CancellationToken.None;

        Refusal?[] refusals =
        [
            (await access.Get(s_sender, Jane, ProfileForm.Plain)).Refusal,
            (await access.Get(s_sender, Jane, ProfileForm.Verbose)).Refusal,
            (await access.GetParts(s_sender, Jane)).Refusal,
            (await access.FindCustomer(s_sender, Jane)).Refusal,
            (await access.GetTimeline(s_sender, Jane, timeline, none)).Refusal,
            (await access.GetSessions(s_sender, Jane, sessions, none)).Refusal,
            (await access.Explain(s_sender, Jane, new DecisionsRequest(10, After: null, Naming: []), none)).Refusal,
            (await access.FindMerge(s_sender, "d_0b6c1d5e7f8091a2b3c4d5e6f7081920")).Refusal,
            (await access.GetAccount(s_sender, "acme", new AccountQuery(AfterMember: null, 10))).Refusal,
            (await access.GetReceipt(s_sender, "m-1", none)).Refusal,
            (await access.ListHeldIdentifiers(s_reader, new(0, null), 10)).Refusal,
            (await access.ReleaseIdentifier(s_reader, Jane)).Refusal,
            (await access.ListHeldMessages(s_reader, after: null, 10)).Refusal,
        ];

        Assert.All(refusals, refusal => Assert.IsType<AccessWithheld>(refusal));
        Assert.Empty(host.World.Calls);
        Assert.False(ProfileAccess.MayFollow(s_sender));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?verbose=true")]
    public async Task EntityTag_OfAProfile_IsAHashOfWhatIsShown(string query)
    {
        await using ProfilesHost host = await Start();

        using HttpResponseMessage response = await host.Client.GetAsync($"/v1/profiles/{Jane}{query}");

        byte[] body = await response.Content.ReadAsByteArrayAsync();
        string hash = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 16));
        Assert.Equal($"\"{hash}\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public void EntityTag_WhenOnlyWhatIsWithheldHasChanged_IsTheSame()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"firstName":"Jane"}""");
        var fields = new VisibleFields(FieldSets.Identifiers, FieldSets.None);
        ProfileView before = world.View(ProfilesWorld.Jane);
        world.Add(
            ProfilesWorld.Jane,
            """{"type":"identify","userId":"u-1","traits":{"plan":"gold"}}""",
            ProfilesWorld.Now
        );
        ProfileView after = world.View(ProfilesWorld.Jane);

        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal(TagOf(before, fields), TagOf(after, fields));
        Assert.NotEqual(TagOf(before, VisibleFields.Everything), TagOf(after, VisibleFields.Everything));
    }

    [Fact]
    public void Parts_OfAMaskedProfile_TellNothingOfTheValues()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "email", "jane@example.com", """{"firstName":"Jane"}""");
        world.AddUser(ProfilesWorld.Jane, "email", "jane.doe@example.com");
        ProfileView view = world.View(ProfilesWorld.Jane);

        var masked = new VisibleProfile(
            view,
            MastershipPolicy.Latest,
            new VisibleFields(FieldSets.None, FieldSets.Maskable)
        );
        var withheld = new VisibleProfile(
            view,
            MastershipPolicy.Latest,
            new VisibleFields(FieldSets.Counters, default)
        );

        Assert.Equal("email:***", Assert.Single(masked.Identifiers).Identifier.ToString());
        Assert.Equal("\"***\""u8.ToArray(), Assert.Single(masked.Traits).ValueJson.ToArray());
        Assert.False(masked.ShowsProvenance);
        Assert.Null(masked.First);
        Assert.Empty(withheld.Identifiers);
        Assert.Empty(withheld.Traits);
        Assert.Empty(withheld.Accounts);
        Assert.Null(withheld.Last);
    }

    [Theory]
    [InlineData("/v1/profiles/user_id:u-1", "private, no-cache")]
    [InlineData("/v1/profiles/user_id:u-1?verbose=true", "private, no-cache")]
    [InlineData("/v1/profiles/user_id:u-1/timeline", "private, no-store")]
    [InlineData("/v1/profiles/user_id:u-1/sessions", "private, no-store")]
    [InlineData("/v1/spaces/s/collections/users/profiles/user_id:u-1/traits", "private, no-cache")]
    [InlineData("/v1/spaces/s/collections/users/profiles/user_id:u-1/external_ids", "private, no-cache")]
    [InlineData("/v1/spaces/s/collections/users/profiles/user_id:u-1/events", "private, no-cache")]
    [InlineData("/v1/spaces/s/collections/users/profiles/user_id:u-1/metadata", "private, no-cache")]
    [InlineData("/v1/spaces/s/collections/users/profiles/user_id:u-1/links", "private, no-cache")]
    public async Task Answer_AboutAPerson_IsTheCallersOwn(string path, string cacheControl)
    {
        await using ProfilesHost host = await Start();

        using HttpResponseMessage response = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertIsTheCallersOwn(response, cacheControl);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_ThatNothingHasChanged_IsTheCallersOwn(bool isOnTheShelf)
    {
        await using ProfilesHost host = await Start();
        if (isOnTheShelf)
        {
            host.World.Publish(ProfilesWorld.Jane);
        }

        using HttpResponseMessage first = await host.Client.GetAsync($"/v1/profiles/{Jane}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/profiles/{Jane}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await host.Client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        AssertIsTheCallersOwn(second, "private, no-cache");
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/v1/profiles/user_id:u-1", 200)]
    [InlineData("/v1/profiles/user_id:nobody", 404)]
    [InlineData("/v1/profiles/nonsense", 400)]
    [InlineData("/v1/spaces/s/collections/users/profiles/user_id:u-1/events", 200)]
    [InlineData("/v1/jobs", 403)]
    [InlineData("/v1/batch", 405)]
    [InlineData("/no/such/path", 404)]
    public async Task Answer_OfAnyPath_IsTakenAsWhatItSaysItIs(string path, int status)
    {
        await using ProfilesHost host = await Start();

        using HttpResponseMessage response = await host.Client.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    private static void AssertIsTheCallersOwn(HttpResponseMessage response, string cacheControl)
    {
        Assert.Equal(cacheControl, string.Join(", ", response.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("Authorization", Assert.Single(response.Headers.Vary));
    }

    private static string TagOf(ProfileView view, VisibleFields fields) =>
        new PublishedProfile(view).Render(ProfileForm.Plain, MastershipPolicy.Latest, fields).EntityTag;

    private static async Task<ProfilesHost> Start()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"firstName":"Jane"}""");
        return await ProfilesHost.Start(world);
    }
}
