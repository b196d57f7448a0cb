using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Policies;

/// <summary>
/// That a kind is cheap: <see cref="GreetingKind"/> and one line of registration have everything that policies have, here
/// with four eyes.
/// </summary>
public sealed class ThirdKindTests : IDisposable
{
    private const string Path = "/v1/policies/greeting";
    private const string SecondKey = "second-key";

    private const string German = """
        word: Hallo
        overrides:
          ch: {word: Grüezi}
        examples:
          - {input: {name: Jane}, expect: {greeting: "Hallo, Jane!"}}
          - {region: ch, input: {name: Jane}, expect: {greeting: "Grüezi, Jane!"}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-third-kind-").FullName;

    [Fact]
    public async Task Policy_FromProposalToRollBack_GoesTheWholeWay()
    {
        await using ProfilesHost host = await StartAsync();
        var policy = host.Services.GetRequiredService<IPolicy<Greeting>>();
        JsonElement first = await Ok(host, HttpMethod.Get, Path);
        string builtIn = Text(first, "version");
        Assert.Equal(("Hello", "builtIn"), (policy.Current.Word, Text(first, "action")));

        JsonElement valid = await Ok(host, HttpMethod.Post, $"{Path}:validate", German);
        Assert.Equal((builtIn, "greeting"), (Text(valid, "inForce"), Text(first, "kind")));
        string version = Text(valid, "version");

        // Proposed: nothing counts yet, whatever the author does.
        JsonElement proposed = await Expect(host, HttpStatusCode.Accepted, HttpMethod.Put, Path, German);
        Assert.Equal((version, builtIn), (Text(proposed, "version"), Text(proposed, "replaces")));
        Assert.Equal("Hello", policy.Current.Word);
        string approval = JsonSerializer.Serialize(new { version, replaces = builtIn });
        JsonElement own = await Expect(host, HttpStatusCode.Forbidden, HttpMethod.Post, $"{Path}:approve", approval);
        Assert.Equal("own_proposal", Text(own, "code"));

        // Approved by another key: in force for the next reader, with the override of its region.
        JsonElement approved = await Ok(host, HttpMethod.Post, $"{Path}:approve", approval, SecondKey);
        Assert.Equal(("operator", "second"), (Text(approved, "by"), Text(approved, "approvedBy")));
        Assert.Equal("Hallo", policy.Current.Word);
        Assert.Equal(new PolicyApplied<Greeting>(new Greeting("Grüezi"), version, "ch"), policy.InForce.For("ch"));
        Assert.Equal(new PolicyApplied<Greeting>(new Greeting("Hallo"), version, null), policy.InForce.For("us"));
        JsonElement repeated = await Ok(host, HttpMethod.Post, $"{Path}:approve", approval, SecondKey);
        Assert.Equal(1, repeated.GetProperty("number").GetInt64());

        JsonElement back = await Ok(host, HttpMethod.Post, $"{Path}:rollBack", $$"""{"version":"{{builtIn}}"}""");
        Assert.Equal(("rollBack", version), (Text(back, "action"), Text(back, "replaces")));
        Assert.Equal("Hello", policy.Current.Word);
        back = await Ok(host, HttpMethod.Post, $"{Path}:rollBack", $$"""{"version":"{{version}}"}""");
        Assert.Equal(("Hallo", "second"), (policy.Current.Word, Text(back, "approvedBy")));
        JsonElement history = await Ok(host, HttpMethod.Get, $"{Path}/history");
        Assert.Equal(
            ["rollBack", "rollBack", "approved"],
            history.GetProperty("versions").EnumerateArray().Select(one => Text(one, "action"))
        );
    }

    [Fact]
    public async Task Approve_WhenAnotherVersionCameInForce_IsRefused()
    {
        await using ProfilesHost host = await StartAsync();
        string builtIn = Text(await Ok(host, HttpMethod.Get, Path), "version");
        JsonElement one = await Expect(host, HttpStatusCode.Accepted, HttpMethod.Put, Path, "word: One");
        JsonElement two = await Expect(host, HttpStatusCode.Accepted, HttpMethod.Put, Path, "word: Two");
        await Ok(host, HttpMethod.Post, $"{Path}:approve", Approval(two, builtIn), SecondKey);

        JsonElement late = await Expect(
            host,
            HttpStatusCode.PreconditionFailed,
            HttpMethod.Post,
            $"{Path}:approve",
            Approval(one, builtIn),
            SecondKey
        );

        Assert.Equal("policy_changed", Text(late, "code"));
        JsonElement now = await Ok(host, HttpMethod.Get, Path);
        Assert.Equal((Text(two, "version"), 0), (Text(now, "version"), now.GetProperty("proposals").GetArrayLength()));
    }

    [Fact]
    public async Task Put_WhenAnExampleFails_NamesItsLineAndProposesNothing()
    {
        await using ProfilesHost host = await StartAsync();

        JsonElement refused = await Expect(
            host,
            HttpStatusCode.BadRequest,
            HttpMethod.Put,
            Path,
            German.Replace("word: Grüezi", "word: Salut", StringComparison.Ordinal)
        );

        JsonElement error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal((6, "examples[1].expect.greeting"), (error.GetProperty("line").GetInt32(), Text(error, "rule")));
        Assert.Empty((await Ok(host, HttpMethod.Get, Path)).GetProperty("proposals").EnumerateArray());
    }

    [Fact]
    public async Task Validate_WithoutAnExample_WarnsAndDryRunCompares()
    {
        await using ProfilesHost host = await StartAsync();

        JsonElement valid = await Ok(host, HttpMethod.Post, $"{Path}:validate", "word: Hi");
        JsonElement tried = await Ok(host, HttpMethod.Post, $"{Path}:dryRun", "word: Hi");

        Assert.Equal("examples", Text(Assert.Single(valid.GetProperty("warnings").EnumerateArray()), "rule"));
        JsonElement change = Assert.Single(tried.GetProperty("changes").EnumerateArray());
        Assert.Equal(("word", "Hello", "Hi"), (Text(change, "path"), Text(change, "before"), Text(change, "after")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ProfilesHost> StartAsync() =>
        ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Keys:3:Name"] = "second",
                ["Customer360:Keys:3:Key"] = SecondKey,
                ["Customer360:Keys:3:Roles:0"] = "admin",
            },
            services => services.AddPolicyKind<Greeting, GreetingKind>()
        );

    private static string Approval(JsonElement proposal, string replaces) =>
        JsonSerializer.Serialize(new { version = Text(proposal, "version"), replaces });

    private static Task<JsonElement> Ok(
        ProfilesHost host,
        HttpMethod method,
        string path,
        string? body = null,
        string key = ProfilesHost.AdminKey
    ) => Expect(host, HttpStatusCode.OK, method, path, body, key);

    private static async Task<JsonElement> Expect(
        ProfilesHost host,
        HttpStatusCode status,
        HttpMethod method,
        string path,
        string? body = null,
        string key = ProfilesHost.AdminKey
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        return ProfilesHost.Parse(text);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
