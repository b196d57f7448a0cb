using System.Text;
using Customer360.Api.Tests.Crash;

namespace Customer360.Api.Tests.Hosting;

/// <summary>
/// What Orleans measures, in a process of its own: hosts that share a process share the names of their meters, and the end of one
/// takes them from the others.
/// </summary>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class EngineMetricsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-metrics-").FullName;

    [Fact]
    public async Task Metrics_OnOneProcess_HaveTheEnginesFamilies()
    {
        int port = ProgramRun.FreePort();
        await using var run = ProgramRun.StartApi(
            port,
            ("CUSTOMER360__DATA", _folder),
            ("CUSTOMER360__METRICS__ANONYMOUS", "true")
        );
        await run.WaitForOutputAsync("The grid is ready");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ProgramRun.Key);
        using var message = new StringContent("""{"userId":"u","event":"e"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage collected = await http.PostAsync(
            new Uri("/v1/track?wait=applied", UriKind.Relative),
            message
        );
        collected.EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Authorization = null;

        string text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains("orleans_catalog_activation", text, StringComparison.Ordinal);
        Assert.Contains("orleans_grains", text, StringComparison.Ordinal);
        Assert.Contains("customer360_", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
