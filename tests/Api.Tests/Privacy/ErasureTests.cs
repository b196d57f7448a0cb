using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.Privacy;

/// <summary>A person is forgotten: by every reader, by every file, and for good.</summary>
public sealed class ErasureTests
{
    private const string Jane = "jane.doe-118@example.com";
    private const string Phone = "+14155550132";

    [Fact]
    public async Task Erase_WhenAPersonAsks_LeavesNothingOfHerAndAllOfTheOthers()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send(
            "identify",
            $$"""
            "userId":"jane-user-1","anonymousId":"jane-device-0001","traits":{"email":"{{Jane}}","phone":"{{Phone}}","name":"Jane Q. Doe-Smythe"}
            """
        );
        await host.Send(
            "track",
            """ "userId":"jane-user-1","event":"Bought","properties":{"street":"Elmtreeway 77"} """
        );
        await host.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com","name":"Bob"} """);
        await host.Send("group", """ "userId":"jane-user-1","groupId":"acme","traits":{"name":"Acme"} """);
        await host.Send("group", """ "userId":"bob-user-22","groupId":"acme","traits":{"name":"Acme"} """);
        string customer = (await host.Profile($"email:{Jane}"))!.Value.GetProperty("customerId").GetString()!;
        JsonElement bob = (await host.Profile("email:bob@example.com"))!.Value;

        JsonElement done = await host.Erase($"email:{Jane}");

        JsonElement found = done.GetProperty("result").GetProperty("found");
        Assert.Equal(
            (1, 4, 3L),
            (
                found.GetProperty("customers").GetInt32(),
                found.GetProperty("identifiers").GetInt32(),
                found.GetProperty("messages").GetInt64()
            )
        );
        Assert.Equal(64, done.GetProperty("result").GetProperty("proof").GetProperty("seal").GetString()!.Length);
        Assert.Equal(0, done.GetProperty("identifiers").GetArrayLength());
        foreach (string gone in new[] { $"email:{Jane}", "user_id:jane-user-1", $"customer:{customer}" })
        {
            Assert.Null(await host.Profile(gone));
        }

        Assert.Equal(bob.ToString(), (await host.Profile("email:bob@example.com"))!.Value.ToString());
        await host.StopAsync();
        foreach (
            string value in new[]
            {
                Jane,
                Phone,
                "jane-user-1",
                "jane-device-0001",
                "Doe-Smythe",
                "smythe",
                "Elmtreeway",
            }
        )
        {
            Assert.Empty(await RawStore.Find(host.Folder, value));
        }

        Assert.NotEmpty(await RawStore.Find(host.Folder, "bob@example.com"));
        await host.RestartAsync();
        Assert.Null(await host.Profile($"email:{Jane}"));
        Assert.Equal(bob.ToString(), (await host.Profile("email:bob@example.com"))!.Value.ToString());
    }

    [Fact]
    public async Task Erase_WhenOthersMentionHer_TakesTheMentionsOutAndKeepsTheRest()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        // Bob's own messages name her in a trait, in a page's address and in a list.
        await host.Send(
            "identify",
            $$"""
            "userId":"bob-user-22","traits":{"name":"Bob","referrer":"{{Jane}}","friends":["{{Jane}}","amy@example.com"]}
            """
        );
        await host.Send(
            "page",
            $$"""
            "userId":"bob-user-22","name":"Invite","properties":{"url":"https://x.example/?to={{Uri.EscapeDataString(
                Jane
            )}}&n=1"}
            """
        );

        await host.Erase($"email:{Jane}");

        JsonElement traits = (await host.Profile("user_id:bob-user-22"))!.Value.GetProperty("traits");
        Assert.Equal("Bob", traits.GetProperty("name").GetString());
        Assert.False(traits.TryGetProperty("referrer", out _));
        Assert.Equal("[null,\"amy@example.com\"]", traits.GetProperty("friends").GetRawText());
        await host.StopAsync();
        Assert.Empty(await RawStore.Find(host.Folder, Jane));
        Assert.Empty(await RawStore.Find(host.Folder, Uri.EscapeDataString(Jane)));
        await host.RestartAsync();
        (_, JsonElement check) = await host.Officer(HttpMethod.Post, "/v1/rebuild:check");
        JsonElement result = await host.WaitForJob(check.GetProperty("id").GetString()!);
        Assert.Equal(0, result.GetProperty("differenceCount").GetInt64());
    }

    /// <summary>A repeat leaves its place in the log empty: what waits for that place waits for nothing.</summary>
    [Fact]
    public async Task Erase_WhenTheLastThatCameWasARepeat_ComesToItsEnd()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        string message = $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """;
        await host.Send("identify", message, "once");
        await host.Send("identify", message, "once");

        await host.Erase($"email:{Jane}");

        Assert.Null(await host.Profile($"email:{Jane}"));
    }

    [Fact]
    public async Task Erase_WhenHerMessagesComeAgain_BringsNothingBack()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """, "old-message");
        await host.Erase("user_id:jane-user-1");

        // The same message, an old queue of her device, and somebody else's message that names her.
        JsonElement replay = await host.Send(
            "identify",
            $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """,
            "old-message"
        );
        await host.Send("track", """ "userId":"jane-user-1","event":"Late" """);
        await host.Send("identify", $$""" "userId":"bob-user-22","traits":{"email":"{{Jane}}","name":"Bob"} """);
        await host.RestartAsync();
        await host.Send("track", $$""" "userId":"jane-user-1","event":"Later","properties":{"email":"{{Jane}}"} """);

        // Who sends is not told whom the grid must not know.
        Assert.Equal("accepted", replay.GetProperty("status").GetString());
        Assert.Null(await host.Profile("user_id:jane-user-1"));
        Assert.Null(await host.Profile($"email:{Jane}"));
        JsonElement bob = (await host.Profile("user_id:bob-user-22"))!.Value;
        Assert.Equal("Bob", bob.GetProperty("traits").GetProperty("name").GetString());
        Assert.False(bob.GetProperty("traits").TryGetProperty("email", out _));
        await host.StopAsync();
        Assert.Empty(await RawStore.Find(host.Folder, Jane));
        Assert.Empty(await RawStore.Find(host.Folder, "jane-user-1"));
        await host.RestartAsync();
    }

    [Fact]
    public async Task Lift_WhenSheHasSignedUpAgain_LetsHerIn()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}","name":"Jane"} """);
        JsonElement done = await host.Erase($"email:{Jane}");
        string id = done.GetProperty("id").GetString()!;

        (HttpStatusCode status, _) = await host.Officer(
            HttpMethod.Post,
            $"/v1/privacy/requests/{id}:lift",
            $$"""{"identifiers":["email:{{Jane}}"]}"""
        );
        await host.Send("identify", $$""" "userId":"jane-new-user-2","traits":{"email":"{{Jane}}"} """);

        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement profile = (await host.Profile($"email:{Jane}"))!.Value;
        Assert.False(profile.GetProperty("traits").TryGetProperty("name", out _));
        Assert.Null(await host.Profile("user_id:jane-user-1"));
    }

    [Fact]
    public async Task Begin_WhenTheIdentifiersLeadToTwoPeople_AsksTheOfficer()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        await host.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com"} """);
        string jane = (await host.Profile($"email:{Jane}"))!.Value.GetProperty("customerId").GetString()!;

        string id = await host.Begin(
            $$"""{"type":"erasure","identifiers":["email:{{Jane}}","email:bob@example.com"]}"""
        );
        JsonElement asks = await host.WaitFor(id, "needs-decision");

        Assert.Equal(2, asks.GetProperty("candidates").GetArrayLength());
        Assert.NotNull(await host.Profile($"email:{Jane}"));
        (HttpStatusCode stranger, _) = await host.Officer(
            HttpMethod.Post,
            $"/v1/privacy/requests/{id}:decide",
            """{"customerIds":["c_019ac8d12f400030000000001"]}"""
        );
        Assert.Equal(HttpStatusCode.Conflict, stranger);
        await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:decide", $$"""{"customerIds":["{{jane}}"]}""");
        await host.WaitFor(id, "done");
        Assert.Null(await host.Profile($"email:{Jane}"));
        Assert.NotNull(await host.Profile("email:bob@example.com"));
        await host.Send("track", """ "userId":"bob-user-22","event":"Still here" """);
        await host.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com","city":"Ulm"} """);
        Assert.NotNull(await host.Profile("email:bob@example.com"));
    }

    /// <summary>The reminder ends itself while nobody has decided; what was decided must go on after a crash all the same.</summary>
    [Fact]
    public async Task Decide_AfterTheReminderHasEnded_RegistersItAgain()
    {
        ConcurrentQueue<string> registered = [];
        await using PrivacyHost host = await PrivacyHost.Start(configure: services =>
            NotedReminders.Around(services, registered)
        );
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        await host.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com"} """);
        string jane = (await host.Profile($"email:{Jane}"))!.Value.GetProperty("customerId").GetString()!;
        string id = await host.Begin(
            $$"""{"type":"erasure","identifiers":["email:{{Jane}}","email:bob@example.com"]}"""
        );
        await host.WaitFor(id, "needs-decision");
        Assert.Equal(1, Registrations());

        await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:decide", $$"""{"customerIds":["{{jane}}"]}""");

        Assert.Equal(2, Registrations());
        await host.WaitFor(id, "done");

        int Registrations() => registered.Count(one => one == $"{id} privacy");
    }

    [Fact]
    public async Task Begin_WhenTheClientSendsItAgain_IsTheSameRequest()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string body = $$"""{"type":"erasure","identifiers":["email:{{Jane}}"],"requestId":"dsr-1"}""";

        string first = await host.Begin(body);
        string second = await host.Begin(body);
        await host.WaitFor(first, "done");
        string third = await host.Begin(body);

        Assert.Equal((first, first), (second, third));
        (_, JsonElement list) = await host.Officer(HttpMethod.Get, "/v1/privacy/requests");
        Assert.Equal(first, Assert.Single(list.GetProperty("requests").EnumerateArray()).GetProperty("id").GetString());
        (HttpStatusCode other, _) = await host.Officer(
            HttpMethod.Post,
            "/v1/privacy/requests",
            body.Replace("erasure", "access", StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.Conflict, other);
    }
}
