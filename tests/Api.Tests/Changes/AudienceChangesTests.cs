using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;

namespace Customer360.Api.Tests.Changes;

/// <summary><c>GET /v1/audiences/{name}/changes</c> on the program that users run, over real HTTP.</summary>
public sealed class AudienceChangesTests : IAsyncLifetime
{
    private const string Policy = """
        owner: {team: marketing, contact: marketing@example.com}
        audiences:
          - {name: germans, purpose: ads, if: {fact: country, equals: DE}}
          - {name: french, purpose: ads, if: {fact: country, equals: FR}}
        """;

    private PrivacyHost _grid = null!;

    private static string Marketing => PrivacyHost.KeyOf("marketing-automation");

    public async Task InitializeAsync()
    {
        _grid = await PrivacyHost.Start(
            keys: PrivacyHost.KeysFor("marketing-automation", "sales"),
            more: [("Customer360:Changes:HeartbeatSeconds", "1"), ("Customer360:Access:MaskKey", new string('k', 32))]
        );
        (HttpStatusCode status, JsonElement answer) = await _grid.Officer(
            HttpMethod.Put,
            "/v1/policies/audiences",
            Policy
        );
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
    }

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Fact]
    public async Task Entering_AndLeaving_AreToldInOrder_OfThisAudienceAlone()
    {
        using EventReader reader = await Follow("germans", ProfilesHost.AdminKey);
        await reader.Beat();
        await Live("u-1", "DE");
        await Live("u-2", "FR");
        await Live("u-1", "FR");
        ServerSentEvent entered = (await reader.Next())!;
        ServerSentEvent left = entered.Name == "entered" ? (await reader.Next())! : entered;

        // Where she has left before it was read that she entered, the last of both is told.
        Assert.Equal("left", left.Name);
        Assert.Equal(await CustomerOf("u-1"), left.Data.GetProperty("customerId").GetString());
        Assert.Equal("germans", left.Data.GetProperty("audience").GetString());
        Assert.False(left.Data.GetProperty("isHeldOut").GetBoolean());
        Assert.Equal(0, await SizeOf("germans"));
        Assert.Equal(2, await SizeOf("french"));
    }

    [Fact]
    public async Task Reader_ThatComesAgain_IsToldAllThatItMissed_AlsoByAnotherProcess()
    {
        await Live("u-3", "DE");
        string? id;
        using (EventReader reader = await Follow("germans", ProfilesHost.AdminKey))
        {
            // Its place is told before anything happens.
            await reader.Beat();
            id = reader.LastId;
        }

        await Live("u-3", "FR");
        await Live("u-4", "DE");
        await Live("u-5", "DE");
        await _grid.RestartAsync();
        using EventReader again = await Follow("germans", ProfilesHost.AdminKey, id);
        ServerSentEvent[] missed = [(await again.Next())!, (await again.Next())!, (await again.Next())!];
        using EventReader middle = await Follow("germans", ProfilesHost.AdminKey, missed[1].Id);
        ServerSentEvent rest = (await middle.Next())!;

        Assert.NotNull(id);
        Assert.Equal(["left", "entered", "entered"], missed.Select(one => one.Name));
        Assert.Equal(
            [await CustomerOf("u-3"), await CustomerOf("u-4"), await CustomerOf("u-5")],
            missed.Select(one => one.Data.GetProperty("customerId").GetString())
        );
        Assert.Equal(missed[2].Data.GetRawText(), rest.Data.GetRawText());
    }

    [Fact]
    public async Task Reader_OfAManyMembers_GetsEachOnce_AndIsToldThatItIsBehind()
    {
        string? id;
        using (EventReader reader = await Follow("germans", ProfilesHost.AdminKey))
        {
            await reader.Beat();
            id = reader.LastId;
        }

        string batch = string.Join(
            ',',
            Enumerable
                .Range(0, 450)
                .Select(number =>
                    $$"""{"type":"identify","messageId":"many-{{number}}","userId":"many-{{number}}","traits":{"country":"DE"} }"""
                )
        );
        await _grid.Send("batch", $"\"batch\":[{batch}]");
        using EventReader again = await Follow("germans", ProfilesHost.AdminKey, id);
        HashSet<string> entered = [];
        int lagged = 0;
        while (entered.Count < 450)
        {
            ServerSentEvent one = (await again.Next())!;
            if (one.Name == "lagged")
            {
                Assert.Equal("behind", one.Data.GetProperty("reason").GetString());
                lagged++;
            }
            else
            {
                Assert.True(entered.Add(one.Data.GetProperty("customerId").GetString()!));
            }
        }

        Assert.Equal(2, lagged);
    }

    [Fact]
    public async Task Somebody_WhoHasNotConsented_IsNotNamedToARoleThatNeedsIt()
    {
        using EventReader reader = await Follow("germans", Marketing, query: "?purpose=ads");
        await reader.Beat();
        await Live("u-6", "DE");
        await Live("u-7", "DE", ",\"context\":{\"consent\":{\"categoryPreferences\":{\"ads\":true}}}");
        ServerSentEvent only = (await reader.Next())!;

        Assert.Equal(await CustomerOf("u-7"), only.Data.GetProperty("customerId").GetString());
    }

    [Fact]
    public async Task Erasure_OfAMember_IsToldAsLeaving()
    {
        await Live("u-8", "DE");
        string customer = await CustomerOf("u-8");
        using EventReader reader = await Follow("germans", ProfilesHost.AdminKey);
        await reader.Beat();

        await _grid.Erase("user_id:u-8");
        ServerSentEvent left = (await reader.Next())!;

        Assert.Equal("left", left.Name);
        Assert.Equal(customer, left.Data.GetProperty("customerId").GetString());
    }

    [Fact]
    public async Task Audience_ThatIsTakenOutOfTheFile_EndsItsStream()
    {
        using EventReader reader = await Follow("french", ProfilesHost.AdminKey);
        await reader.Beat();

        await _grid.Officer(
            HttpMethod.Put,
            "/v1/policies/audiences",
            string.Join('\n', Policy.Split('\n').Where(line => !line.Contains("french", StringComparison.Ordinal)))
        );
        ServerSentEvent last = await reader.Next(one => one.Name == "ended");

        Assert.Equal("gone", last.Data.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("nobody", null, HttpStatusCode.NotFound)]
    [InlineData("germans", "nonsense", HttpStatusCode.BadRequest)]
    public async Task Stream_ThatCanNotBe_IsRefused(string audience, string? lastEventId, HttpStatusCode expected)
    {
        using EventReader reader = await Follow(audience, ProfilesHost.AdminKey, lastEventId);

        Assert.Equal(expected, reader.Response.StatusCode);
    }

    [Fact]
    public async Task Id_OfAnotherAudience_IsRefused_AndARoleWithoutTheTaskIsToo()
    {
        using EventReader french = await Follow("french", ProfilesHost.AdminKey);
        await french.Beat();
        using EventReader germans = await Follow("germans", ProfilesHost.AdminKey, french.LastId);
        using EventReader sales = await Follow("germans", PrivacyHost.KeyOf("sales"));

        Assert.Equal(HttpStatusCode.BadRequest, germans.Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, sales.Response.StatusCode);
    }

    private Task<JsonElement> Live(string user, string country, string more = "") =>
        _grid.Send("identify", $"\"userId\":\"{user}\",\"traits\":{{\"country\":\"{country}\"}}{more}");

    private async Task<string> CustomerOf(string user) =>
        (await _grid.Profile($"user_id:{user}"))!.Value.GetProperty("customerId").GetString()!;

    private async Task<long> SizeOf(string audience)
    {
        (_, JsonElement answer) = await _grid.Officer(HttpMethod.Get, $"/v1/audiences/{audience}");
        return answer.GetProperty("members").GetInt64();
    }

    private Task<EventReader> Follow(string audience, string key, string? lastEventId = null, string query = "") =>
        EventReader.OpenAsync(_grid.Client.BaseAddress!, $"/v1/audiences/{audience}/changes{query}", key, lastEventId);
}
