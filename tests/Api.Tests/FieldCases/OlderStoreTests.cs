using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>
/// A store that the release before wrote (commit 322dcd8, by its program), which knew nothing of spellings, placeholders and
/// arrivals. The first start of this one counts as a change of rules.
/// </summary>
public sealed class OlderStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-older-").FullName;
    private FieldHost _host = null!;

    public async Task InitializeAsync()
    {
        string packed = Path.Combine(AppContext.BaseDirectory, "FieldCases", "store-of-before.db.gz");
        await using (var from = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress))
        await using (FileStream to = File.Create(Path.Combine(_folder, "customer360.db")))
        {
            await from.CopyToAsync(to);
        }

        _host = await FieldHost.StartOn(_folder);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task FirstStart_IsNumberedOnce()
    {
        await Check();
        await _host.RestartAsync();
        await Check();

        async Task Check()
        {
            JsonElement history = await _host.AdministratorGet("/v1/policies/identity/history");
            JsonElement entry = Assert.Single(history.GetProperty("versions").EnumerateArray());
            Assert.Equal("builtIn", entry.GetProperty("action").GetString());
            Assert.Equal(1, entry.GetProperty("number").GetInt64());
        }
    }

    /// <summary>Each of these messages is stored under an anchor that it does not have any more.</summary>
    [Theory]
    [InlineData("identify", """ "messageId":"m-number","userId":1234.0,"traits":{"plan":"gold"} """, 3, 1)]
    [InlineData("identify", """ "messageId":"m-number","userId":"1234" """, 3, 1)]
    [InlineData(
        "identify",
        """ "messageId":"m-zero","anonymousId":"a","traits":{"email":"j@example.com\u200b"} """,
        1,
        1
    )]
    [InlineData(
        "identify",
        """ "messageId":"m-puny","anonymousId":"b","traits":{"email":"j@xn--mnchen-3ya.example"} """,
        7,
        1
    )]
    [InlineData(
        "track",
        """ "messageId":"m-shop","anonymousId":"c","event":"Store Viewed","properties":{"phone":"+14155550142"} """,
        3,
        3
    )]
    [InlineData(
        "track",
        """ "messageId":"m-copy","userId":"u","event":"Seen","context":{"traits":{"plan":"silver"}} """,
        0,
        3
    )]
    [InlineData("track", """ "messageId":"m\u200b-id","userId":"v","event":"Seen" """, 5, 1)]
    public async Task Repeat_OfWhatIsStored_IsFoundWhereItIs(string kind, string members, int partition, int position)
    {
        JsonElement receipt = await _host.Send(kind, members);

        Assert.Equal("duplicate", receipt.GetProperty("status").GetString());
        Assert.Equal(partition, receipt.GetProperty("partition").GetInt32());
        Assert.Equal(position, receipt.GetProperty("position").GetInt32());
    }

    [Fact]
    public async Task Message_OfNobody_IsNobodysFromNowOn() =>
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await _host.PostAnything("/v1/track", """{"messageId":"m-null","userId":"Null","event":"Seen"}""")
        );

    /// <summary>The stored word has no arrival; one of the same time that comes now is the later one, whatever its id.</summary>
    [Fact]
    public async Task Word_OfTheSameTime_IsLaterThanWhatIsStored()
    {
        Assert.Equal("0", await _host.TraitOf("user_id:u", "q"));
        await _host.Send(
            "identify",
            """ "messageId":"aaa","userId":"u","traits":{"q":1},"timestamp":"2026-11-20T10:00:05Z" """
        );

        Assert.Equal("1", await _host.TraitOf("user_id:u", "q"));
    }

    /// <summary>What was stored before sources had a trust is as trusted as it was then.</summary>
    [Fact]
    public async Task Claim_OfAnotherSource_DoesNotBeatWhatIsStored()
    {
        await _host.Claim("identify", """ "userId":"u","traits":{"q":9,"new":1} """);

        Assert.Equal("0", await _host.TraitOf("user_id:u", "q"));
        Assert.Equal("1", await _host.TraitOf("user_id:u", "new"));
    }

    /// <summary>What is stored in another spelling is still found by it.</summary>
    [Fact]
    public async Task Spellings_OfBefore_AreStillFound()
    {
        Assert.NotNull(await _host.CustomerOf("user_id:1234.0"));
        Assert.Equal("77.0", (await _host.Get("/v1/accounts/77.0")).GetProperty("groupId").GetString());
        Assert.Equal("m-number", (await _host.Get("/v1/receipts/m-number")).GetProperty("messageId").GetString());
        Assert.Equal(
            "m\u200B-id",
            (await _host.Get("/v1/receipts/m%E2%80%8B-id")).GetProperty("messageId").GetString()
        );
    }
}
