using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Crash;
using Customer360.Api.Tests.Hosting;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Outage;

/// <summary>
/// A part of the database of the real program is damaged: who needs it is told that waiting does not help, and so is the
/// operator; everybody else is served.
/// </summary>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class DamageTests : IDisposable
{
    private const int Customers = 40;
    private const int Damaged = 17;
    private const int PageBytes = 8_192;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-damage-").FullName;

    [Fact]
    public async Task Read_OfADamagedCustomer_IsToldAsDamageAndOthersAreServed()
    {
        string customerId = await FillAsync();
        DamagePageOf(Marker(Damaged), customerId);
        int port = ProgramRun.FreePort();
        await using var run = ProgramRun.StartApi(port, ("CUSTOMER360__DATA", _folder));
        await run.WaitForOutputAsync("The grid is ready");
        using HttpClient http = Client(port);

        (HttpStatusCode Status, string Body)[] answers = await Task.WhenAll(
            Enumerable.Range(0, Customers).Select(customer => GetAsync(http, $"/v1/profiles/user_id:u{customer}"))
        );

        Assert.Equal(HttpStatusCode.InternalServerError, answers[Damaged].Status);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer => Assert.Contains("\"code\":\"storage_damaged\"", answer.Body, StringComparison.Ordinal)
        );
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), Customers / 2, Customers - 1);

        (HttpStatusCode status, string body) = await GetAsync(http, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("damaged", body, StringComparison.Ordinal);
        Assert.Contains("restore the data folder from a backup", body, StringComparison.Ordinal);
        Assert.Contains("damaged", run.Output, StringComparison.Ordinal);
        (_, string metrics) = await GetAsync(http, "/metrics");
        Assert.Contains("customer360_storage_damaged", metrics, StringComparison.Ordinal);

        // Whoever does not need that part goes on sending.
        await (await http.PostTextAsync("/v1/track?wait=applied", Wire.TrackOf("somebody-new", "m-new"))).ReadJsonAsync(
            HttpStatusCode.OK
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Marker(int customer) => $"marker-{customer}-";

    /// <summary>Customers, each of which fills a fifth of a page; answers the id of the one whose page is to be damaged.</summary>
    private async Task<string> FillAsync()
    {
        int port = ProgramRun.FreePort();
        await using var run = ProgramRun.StartApi(port, ("CUSTOMER360__DATA", _folder));
        await run.WaitForOutputAsync("The grid is ready");
        using HttpClient http = Client(port);
        for (int customer = 0; customer < Customers; customer++)
        {
            string text = Marker(customer) + new string('x', 1_400);
            HttpResponseMessage response = await http.PostTextAsync(
                "/v1/identify?wait=applied",
                $$$"""{"userId":"u{{{customer}}}","messageId":"m{{{customer}}}","traits":{"text":"{{{text}}}"}}"""
            );
            await response.ReadJsonAsync(HttpStatusCode.OK);
        }

        (_, string body) = await GetAsync(http, $"/v1/profiles/user_id:u{Damaged}");
        using var profile = JsonDocument.Parse(body);
        string id = profile.RootElement.GetProperty("customerId").GetString()!;
        run.Terminate();
        Assert.Equal(0, await run.WaitForExitAsync());
        return id;
    }

    private void DamagePageOf(string marker, string customerId)
    {
        string path = Path.Combine(_folder, "customer360.db");
        byte[] file = File.ReadAllBytes(path);
        int damaged = 0;
        for (int page = PageBytes; page + PageBytes <= file.Length; page += PageBytes)
        {
            Span<byte> content = file.AsSpan(page, PageBytes);
            // The log has the marker as well, and the decisions have the id: the state has both.
            if (
                content.IndexOf(Encoding.UTF8.GetBytes(marker)) >= 0
                && content.IndexOf(Encoding.UTF8.GetBytes(customerId)) >= 0
            )
            {
                content[..8].Fill(0xFF);
                damaged++;
            }
        }

        Assert.True(damaged > 0, "The state was not found.");
        File.WriteAllBytes(path, file);
    }

    private static HttpClient Client(int port)
    {
        HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProgramRun.Key);
        return http;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient http, string path)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
