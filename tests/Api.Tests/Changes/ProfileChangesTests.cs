using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;

namespace Customer360.Api.Tests.Changes;

/// <summary><c>GET /v1/profiles/{…}/changes</c> on the program that users run, over real HTTP.</summary>
public sealed class ProfileChangesTests : IAsyncLifetime
{
    /// <summary>A role that sees no activity of anybody: else each message is a change of when she was last seen.</summary>
    private const string Access = """
        classes:
          public: [plan, user_id]
        purposes: [support, personalization]
        roles:
          narrow: {purposes: [support], read: {public: allow}}
          personalization: {purposes: [personalization], consent: required, read: {public: allow}}
        """;

    private readonly string _policies = Directory.CreateTempSubdirectory("c360-changes-").FullName;
    private PrivacyHost _grid = null!;

    private static string Narrow => PrivacyHost.KeyOf("narrow");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_policies, "access.yaml"), Access);
        _grid = await PrivacyHost.Start(
            keys: PrivacyHost.KeysFor("narrow", "personalization"),
            more:
            [
                ("Customer360:Policies:Folder", _policies),
                ("Customer360:Changes:HeartbeatSeconds", "1"),
                ("Customer360:Changes:StreamsPerCallerMax", "2"),
                ("Customer360:Access:MaskKey", new string('k', 32)),
            ]
        );
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
        Directory.Delete(_policies, recursive: true);
    }

    [Fact]
    public async Task Change_OfAFollowedProfile_IsToldAtOnce_AndBeatsBetween()
    {
        await Identify("u-1", """{"plan":"free"}""");
        using EventReader reader = await Follow("user_id:u-1", ProfilesHost.ReadKey);
        ServerSentEvent first = (await reader.Next())!;
        await Identify("u-1", """{"plan":"pro"}""");
        ServerSentEvent then = await reader.Next(one => PlanOf(one) == "pro");
        await reader.Beat();

        Assert.Equal("text/event-stream", reader.Response.Content.Headers.ContentType!.MediaType);
        Assert.True(reader.Response.Headers.CacheControl is { NoStore: true, Private: true });
        Assert.Equal(("profile", "free"), (first.Name, PlanOf(first)));
        Assert.NotEqual(first.Id, then.Id);
        Assert.Equal((await _grid.Profile("user_id:u-1"))!.Value.GetRawText(), then.Data.GetRawText());
    }

    [Fact]
    public async Task Reader_ThatComesAgain_IsToldWhatItMissed_AndNothingWhereNothingWas()
    {
        await Identify("u-2", """{"plan":"free"}""");
        string? id;
        using (EventReader reader = await Follow("user_id:u-2", ProfilesHost.ReadKey))
        {
            id = (await reader.Next())!.Id;
        }

        await Identify("u-2", """{"plan":"pro"}""");
        // Also from what is stored: another process would tell the same.
        await _grid.RestartAsync();
        using EventReader again = await Follow("user_id:u-2", ProfilesHost.ReadKey, id);
        ServerSentEvent missed = (await again.Next())!;
        using EventReader then = await Follow("user_id:u-2", ProfilesHost.ReadKey, missed.Id);
        await then.Beat();
        await then.Beat();

        Assert.Equal("pro", PlanOf(missed));
    }

    [Fact]
    public async Task Change_OfAFieldThatTheRoleDoesNotSee_IsNotTold()
    {
        await Identify("u-3", """{"plan":"free","ssn":"078-05-1120"}""");
        using EventReader reader = await Follow("user_id:u-3", Narrow);
        ServerSentEvent first = (await reader.Next())!;
        using EventReader all = await Follow("user_id:u-3", ProfilesHost.ReadKey);
        await all.Next();

        await Identify("u-3", """{"ssn":"219-09-9999"}""");
        await all.Next(one => one.Data.GetProperty("traits").GetProperty("ssn").GetString() == "219-09-9999");
        await Identify("u-3", """{"plan":"pro"}""");
        ServerSentEvent next = (await reader.Next())!;

        // The next that is told is the change of the plan; what it is told has no number of the other.
        Assert.Equal("pro", PlanOf(next));
        Assert.False(first.Data.GetProperty("traits").TryGetProperty("ssn", out _));
        Assert.False(next.Data.TryGetProperty("version", out _));
    }

    [Fact]
    public async Task Profile_OfAMergedCustomer_IsFollowedToTheOneThatRemains()
    {
        await _grid.Send("identify", """ "anonymousId":"a-4","traits":{"plan":"free"} """);
        await Identify("u-4", """{"company":"Acme"}""");
        using EventReader reader = await Follow("anonymous_id:a-4", ProfilesHost.ReadKey);
        string before = CustomerOf((await reader.Next())!);

        await _grid.Send("identify", """ "anonymousId":"a-4","userId":"u-4" """);
        ServerSentEvent merged = await reader.Next(one =>
            one.Data.GetProperty("traits").TryGetProperty("company", out _)
        );
        await Identify("u-4", """{"plan":"pro"}""");
        ServerSentEvent after = await reader.Next(one => PlanOf(one) == "pro");

        string now = (await _grid.Profile("user_id:u-4"))!.Value.GetProperty("customerId").GetString()!;
        Assert.Equal(now, CustomerOf(merged));
        Assert.Equal(now, CustomerOf(after));
        using EventReader byFormerId = await Follow($"customer:{before}", ProfilesHost.ReadKey);
        Assert.Equal(now, CustomerOf((await byFormerId.Next())!));
    }

    [Fact]
    public async Task Erasure_OfAFollowedPerson_EndsTheStream()
    {
        await Identify("u-5", """{"plan":"pro"}""");
        using EventReader reader = await Follow("user_id:u-5", ProfilesHost.ReadKey);
        string? id = (await reader.Next())!.Id;

        await _grid.Erase("user_id:u-5");
        ServerSentEvent last = await reader.Next(one => one.Name == "ended");

        Assert.Equal("gone", last.Data.GetProperty("code").GetString());
        Assert.Null(await reader.Next());
        using EventReader again = await Follow("user_id:u-5", ProfilesHost.ReadKey, id);
        Assert.Equal(HttpStatusCode.NotFound, again.Response.StatusCode);
    }

    [Fact]
    public async Task Consent_WhenWithdrawn_TakesTheFieldsAway()
    {
        await _grid.Send("identify", Consented("u-6", isGranted: true, ""","traits":{"plan":"pro"} """));
        using EventReader reader = await Follow("user_id:u-6", PrivacyHost.KeyOf("personalization"));
        ServerSentEvent granted = (await reader.Next())!;

        await _grid.Send("identify", Consented("u-6", isGranted: false, ""));
        ServerSentEvent withdrawn = (await reader.Next())!;

        Assert.Equal("pro", PlanOf(granted));
        Assert.DoesNotContain("pro", withdrawn.Data.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_WhenRevoked_EndsTheStream()
    {
        await Identify("u-7", """{"plan":"pro"}""");
        (_, JsonElement made) = await _grid.Officer(
            HttpMethod.Post,
            "/v1/keys",
            """{"name":"short","roles":["read"]}"""
        );
        using EventReader reader = await Follow("user_id:u-7", made.GetProperty("key").GetString()!);
        await reader.Next();

        await _grid.Officer(HttpMethod.Delete, "/v1/keys/short");
        ServerSentEvent last = await reader.Next(one => one.Name == "ended");

        Assert.Equal("key_unknown", last.Data.GetProperty("code").GetString());
        Assert.Null(await reader.Next());
    }

    [Fact]
    public async Task Streams_OverTheCallersNumber_AreRefused_UntilOneIsLeft()
    {
        await Identify("u-8", """{"plan":"pro"}""");
        EventReader one = await Follow("user_id:u-8", ProfilesHost.ReadKey);
        using EventReader two = await Follow("user_id:u-8", ProfilesHost.ReadKey);
        using (EventReader three = await Follow("user_id:u-8", ProfilesHost.ReadKey))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, three.Response.StatusCode);
            Assert.True(three.Response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        }

        using EventReader other = await Follow("user_id:u-8", Narrow);
        Assert.Equal(HttpStatusCode.OK, other.Response.StatusCode);
        one.Dispose();

        HttpStatusCode status;
        do
        {
            using EventReader again = await Follow("user_id:u-8", ProfilesHost.ReadKey);
            status = again.Response.StatusCode;
        } while (status == HttpStatusCode.TooManyRequests);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData("user_id:nobody", HttpStatusCode.NotFound)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    public async Task Stream_OfNobody_IsRefusedAsTheProfileIs(string identifier, HttpStatusCode expected)
    {
        using EventReader reader = await Follow(identifier, ProfilesHost.ReadKey);

        Assert.Equal(expected, reader.Response.StatusCode);
        Assert.Equal("application/problem+json", reader.Response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Head_OfAStream_IsAnsweredAndWaitsForNothing()
    {
        await Identify("u-9", """{"plan":"pro"}""");
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/profiles/user_id:u-9/changes");
        request.Headers.Authorization = new("Bearer", ProfilesHost.ReadKey);

        using HttpResponseMessage response = await _grid.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Program_ThatStops_EndsItsStreamsAtOnce()
    {
        await Identify("u-10", """{"plan":"pro"}""");
        using EventReader reader = await Follow("user_id:u-10", ProfilesHost.ReadKey);
        await reader.Next();

        Task stopped = _grid.RestartAsync();
        Assert.Null(await reader.Next());
        await stopped;
    }

    private Task<JsonElement> Identify(string user, string traits) =>
        _grid.Send("identify", $"\"userId\":\"{user}\",\"traits\":{traits}");

    private Task<EventReader> Follow(string identifier, string key, string? lastEventId = null) =>
        EventReader.OpenAsync(
            _grid.Client.BaseAddress!,
            $"/v1/profiles/{Uri.EscapeDataString(identifier)}/changes",
            key,
            lastEventId
        );

    private static string Consented(string user, bool isGranted, string more) =>
        $$"""
            "userId":"{{user}}","context":{"consent":{"categoryPreferences":{"personalization":{{(
                isGranted ? "true" : "false"
            )}}} } }{{more}}
            """;

    private static string? PlanOf(ServerSentEvent one) =>
        one.Data.GetProperty("traits").TryGetProperty("plan", out JsonElement plan) ? plan.GetString() : null;

    private static string CustomerOf(ServerSentEvent one) => one.Data.GetProperty("customerId").GetString()!;
}
