using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Silo.Policies;

namespace Customer360.Api.Tests.Policies;

/// <summary>
/// A store that the release before wrote (commit bc45a22, by its program), which kept identity rules and mastership in rows of
/// two forms: of each two versions and a roll back to the first.
/// </summary>
public sealed class FormerStoreTests : IDisposable
{
    private const string TwoUsers = """
        # two logins
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, trust: verified }
          anonymous_id: { priority: 2, limit: 5, kind: device }

        """;

    private const string OnlyCrm = "# only the CRM\nfields:\n  plan: {sources: [crm], writers: [crm]}\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-former-").FullName;

    public FormerStoreTests()
    {
        string packed = Path.Combine(AppContext.BaseDirectory, "Policies", "policies-of-before.db.gz");
        using var from = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        using FileStream to = File.Create(Path.Combine(_folder, "customer360.db"));
        from.CopyTo(to);
    }

    [Fact]
    public async Task Start_OnAFormerStore_TakesTheWholeHistoryOver()
    {
        await using ProfilesHost host = await StartAsync();

        // The first start of this release counts as a change of rules: it reads messages otherwise.
        Assert.Equal(
            [
                $"4 release release {PolicyServices.KnownKinds().Read<IdentityRules>(TwoUsers).Version}",
                "3 rollBack operator 362d7d20703d",
                "2 put operator 821162e354f7",
                "1 put operator 362d7d20703d",
            ],
            await History(host, "identity")
        );
        Assert.Equal(
            ["3 rollBack operator 51f3b63134e2", "2 put operator ef2366805c1d", "1 put operator 51f3b63134e2"],
            await History(host, "mastership")
        );
        JsonElement rules = await host.GetJson("/v1/policies/identity");
        Assert.Equal(TwoUsers, rules.GetProperty("yaml").GetString());
        JsonElement mastership = await host.GetJson("/v1/policies/mastership");
        Assert.Equal(OnlyCrm, mastership.GetProperty("yaml").GetString());
        Assert.Equal(1, mastership.GetProperty("rollBackTo").GetInt64());
        Assert.Equal("ef2366805c1d", mastership.GetProperty("replaces").GetString());
    }

    [Fact]
    public async Task Policies_OfAFormerStore_CountAndCanBeRolledBack()
    {
        await using (ProfilesHost host = await StartAsync())
        {
            Assert.Equal("pro", await Plan(host));
            using HttpResponseMessage back = await host.Client.PostAsync(
                "/v1/policies/mastership:rollBack",
                new StringContent("""{"version":"ef2366805c1d"}""")
            );
            Assert.True(back.IsSuccessStatusCode, await back.Content.ReadAsStringAsync());
            Assert.Equal("free", await Plan(host));
        }

        // What is there now is what is taken over from here on; the former row is looked at no more.
        await using ProfilesHost again = await StartAsync();
        Assert.Equal("free", await Plan(again));
        Assert.Equal(4, (await History(again, "mastership")).Length);
        Assert.Equal(4, (await History(again, "identity")).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ProfilesHost> StartAsync()
    {
        ProfilesHost host = await ProfilesHost.StartReal(_folder);
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            ProfilesHost.AdminKey
        );
        return host;
    }

    private static async Task<string[]> History(ProfilesHost host, string kind) =>
        [
            .. (await host.GetJson($"/v1/policies/{kind}/history"))
                .GetProperty("versions")
                .EnumerateArray()
                .Select(one =>
                    $"{one.GetProperty("number")} {one.GetProperty("action")} {one.GetProperty("by")} "
                    + one.GetProperty("version")
                ),
        ];

    private static async Task<string?> Plan(ProfilesHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/profiles/user_id:jane");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.ReadKey);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        JsonElement profile = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        return profile.GetProperty("traits").GetProperty("plan").GetString();
    }
}
