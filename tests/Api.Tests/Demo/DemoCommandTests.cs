using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Customer360.Api.Commands;
using Customer360.Api.Demo;

namespace Customer360.Api.Tests.Demo;

/// <summary><c>customer360 demo</c> against the program that users run.</summary>
public sealed class DemoCommandTests : IDisposable
{
    private const string Secret = "the-secret-of-the-demo";
    private const long Seed = 7;
    private const int People = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Demo_OfFiftyPeople_FillsTheGridAndAgainChangesNothing()
    {
        await using ProfilesHost host = await Start();
        var company = new DemoCompany(Seed, People);

        (int exit, string output, string error) = await Run(host, ProfilesHost.AdminKey);

        Assert.True(exit == 0, error);
        JsonElement result = ProfilesHost.Parse(output);
        Assert.Equal(People, result.GetProperty("people").GetInt32());
        Assert.Equal(result.GetProperty("messages").GetInt32(), result.GetProperty("newMessages").GetInt32());
        Assert.Empty(result.GetProperty("notes").EnumerateArray());
        int leads = result.GetProperty("leads").GetInt32();
        Assert.InRange(leads, 5, People);
        Assert.InRange(result.GetProperty("deals").GetInt32(), 1, company.Accounts.Length);
        Assert.InRange(result.GetProperty("contacts").GetInt32(), 1, People);
        Assert.InRange(result.GetProperty("consents").GetInt32(), 1, People);

        // A person with several devices is one customer.
        DemoPerson user = company.People.First(one => one.Kind == DemoKind.User);
        JsonElement profile = await Profile(host, user.Identifier);
        string identifiers = profile.GetProperty("identifiers").GetRawText();
        Assert.All(user.Devices, device => Assert.Contains(device, identifiers, StringComparison.Ordinal));
        Assert.True(profile.GetProperty("consent").TryGetProperty("analytics", out _));

        // Companies have members, deals are known, and the CRM's people are those of the site.
        foreach (DemoAccount account in company.Accounts)
        {
            JsonElement found = await host.GetJson($"/v1/accounts/{account.Id}");
            Assert.Equal(account.Name, found.GetProperty("traits").GetProperty("name").GetString());
            Assert.True(found.GetProperty("memberCount").GetInt32() > 0);
        }

        DateTimeOffset any = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
        DemoDeal deal = company.Deals(any)[0];
        JsonElement buyer = (await Profile(host, deal.Person.Identifier)).GetProperty("traits");
        Assert.Equal(deal.Stage == "proposal", buyer.GetProperty("openOpportunity").GetBoolean());
        Assert.Equal(deal.Owner, buyer.GetProperty("opportunityOwner").GetString());
        DemoPerson contact = new DemoCrm(company, any).Contacts[0];
        Assert.Contains(
            "hubspot.contact",
            (await Profile(host, contact.Identifier)).GetProperty("identifiers").GetRawText(),
            StringComparison.Ordinal
        );

        // Two colleagues are one, and there is something to mend.
        (DemoPerson owner, DemoPerson guest) = company.WrongMerges[0];
        Assert.Equal(
            (await Profile(host, owner.Identifier)).GetProperty("customerId").GetString(),
            (await Profile(host, guest.Identifier)).GetProperty("customerId").GetString()
        );

        // People are in audiences, and files tell of it as far as they have agreed.
        long buyers = (await GetAsAdmin(host, "/v1/audiences/recent-buyers")).GetProperty("members").GetInt64();
        Assert.InRange(buyers, 1, People);
        await Until(async () =>
            (await GetAsAdmin(host, "/v1/destinations")).GetProperty("destinations").EnumerateArray().ToList()
                is [{ } newsletter, { } warehouse]
            && newsletter.GetProperty("sent").GetInt64() + newsletter.GetProperty("withheld").GetInt64() > 0
            && warehouse.GetProperty("sent").GetInt64() > 0
        );
        Assert.NotEmpty(
            Directory.GetFiles(Path.Combine(_folder, "files"), "*.manifest.json", SearchOption.AllDirectories)
        );

        (exit, output, error) = await Run(host, ProfilesHost.AdminKey);

        Assert.True(exit == 0, error);
        JsonElement again = ProfilesHost.Parse(output);
        Assert.Equal(0, again.GetProperty("newMessages").GetInt32());
        Assert.Equal(0, again.GetProperty("acceptedLeads").GetInt32());
        Assert.Equal(leads, again.GetProperty("leads").GetInt32());
        Assert.Equal(profile.GetRawText(), (await Profile(host, user.Identifier)).GetRawText());
    }

    [Fact]
    public async Task Demo_IntoAGridWithData_IsRefusedUnlessItIsMeant()
    {
        await using ProfilesHost host = await Start();
        await host.Collect("""{"batch":[{"type":"identify","userId":"somebody","messageId":"m-1"}]}""");

        (int refused, _, string error) = await Run(host, ProfilesHost.AdminKey);
        (int meant, _, _) = await Run(host, ProfilesHost.AdminKey, "--into-existing", "--people", "20");

        Assert.Equal((int)CommandExit.HasData, refused);
        Assert.Contains("--into-existing", error, StringComparison.Ordinal);
        Assert.Equal((int)CommandExit.Done, meant);
    }

    [Theory]
    [InlineData(ProfilesHost.ReadKey, "role admin")]
    [InlineData("no-such-key", "does not know the key")]
    public async Task Demo_WithAKeyThatWillNotDo_SaysSo(string key, string words)
    {
        await using ProfilesHost host = await Start();

        (int exit, string output, string error) = await Run(host, key);

        Assert.Equal((int)CommandExit.NotAllowed, exit);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Demo_WithAnotherSecretOfTheWebhooks_SaysSo()
    {
        await using ProfilesHost host = await Start();

        (int exit, _, string error) = await Run(
            host,
            ProfilesHost.AdminKey,
            "--webhook-secret",
            "another",
            "--people",
            "20"
        );

        Assert.Equal((int)CommandExit.NotAllowed, exit);
        Assert.Contains("CUSTOMER360__WEBHOOKS__HUBSPOT__SECRETS__0", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_WhereNoGridAnswers_SaysSo()
    {
        // Nobody listens on the port of a listener that has been closed.
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (int exit, _, string error) = await Run(["--url", $"http://127.0.0.1:{port}", "--key", "k"]);

        Assert.Equal((int)CommandExit.NotReachable, exit);
        Assert.Contains("dotnet run --project api", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--key k --people 5")]
    [InlineData("--key k --seed -1")]
    [InlineData("--key k --url grid")]
    [InlineData("--key k --nonsense 1")]
    [InlineData("--key")]
    public async Task Demo_ThatIsNotUnderstood_ShowsHowToCallIt(string arguments)
    {
        (int exit, _, string error) = await Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((int)CommandExit.Failed, exit);
        Assert.Contains("Usage: customer360 demo", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsPutOff_IsSentAgain()
    {
        using var handler = new PuttingOff();
        using var client = new GridClient(handler, new Uri("http://grid.example"), "k", TimeProvider.System);

        JsonElement answer = await client.Get("/v1/cluster", CancellationToken.None);

        Assert.Equal(3, handler.Calls);
        Assert.Equal(JsonValueKind.Object, answer.ValueKind);
    }

    private Task<ProfilesHost> Start() =>
        ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Webhooks:hubspot:Secrets:0"] = Secret,
                ["Customer360:Webhooks:deals:Secrets:0"] = Secret,
                ["Customer360:Destinations:Folder"] = Path.Combine(_folder, "files"),
            }
        );

    private static async Task<JsonElement> GetAsAdmin(ProfilesHost host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<JsonElement> Profile(ProfilesHost host, string identifier) =>
        await host.GetJson($"/v1/profiles/{Uri.EscapeDataString(identifier)}");

    private static Task<(int Exit, string Output, string Error)> Run(
        ProfilesHost host,
        string key,
        params string[] more
    ) =>
        Run([
            "--url",
            host.Client.BaseAddress!.AbsoluteUri,
            "--key",
            key,
            "--seed",
            "7",
            "--people",
            "50",
            "--webhook-secret",
            Secret,
            "--json",
            .. more,
        ]);

    private static async Task<(int Exit, string Output, string Error)> Run(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await DemoCommand.RunAsync(
            args,
            static _ => null,
            TimeProvider.System,
            output,
            error,
            CancellationToken.None
        );
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Too busy, then away, then there.</summary>
    private sealed class PuttingOff : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Calls++;
            var response = new HttpResponseMessage(
                Calls switch
                {
                    1 => HttpStatusCode.TooManyRequests,
                    2 => HttpStatusCode.ServiceUnavailable,
                    _ => HttpStatusCode.OK,
                }
            )
            {
                Content = new StringContent("{}"),
            };
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero);
            return Task.FromResult(response);
        }
    }
}
