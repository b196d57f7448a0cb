using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Customer360.Api.Collect;
using Customer360.Silo.Start;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Customer360.Api.Tests.Support;

/// <summary>The whole service as it runs in production, on a free port, with a data folder of its own.</summary>
public sealed class GridHost : WebApplicationFactory<CollectOptions>
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"customer360-{Path.GetRandomFileName()}");

    public GridHost()
    {
        UseKestrel();
        StartServer();

        // The server listens from the beginning; tests want the grid behind it.
        Services.GetRequiredService<StartProgress>().Completion.GetAwaiter().GetResult();
        Anybody = CreateClient();
        Reader = CreateClient();
        Reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", CollectHost.ReadKey);
    }

    public const string AdminKey = "operator-key";

    /// <summary>Sends no key of its own.</summary>
    public HttpClient Anybody { get; }

    /// <summary>Sends the read key.</summary>
    public HttpClient Reader { get; }

    /// <summary>Without a slash at its end, as SDKs take it.</summary>
    public string Address => Reader.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>The profile of an identifier, once it has what is waited for; fails after ten seconds.</summary>
    public async Task<JsonElement> WaitForProfileAsync(string identifier, Func<JsonElement, bool> isComplete)
    {
        string last = "";
        for (int attempt = 0; attempt < 200; attempt++)
        {
            HttpResponseMessage response = await Reader.GetAsync(
                new Uri($"/v1/profiles/{Uri.EscapeDataString(identifier)}", UriKind.Relative)
            );
            last = await response.Content.ReadAsStringAsync();
            if (response.StatusCode == HttpStatusCode.OK)
            {
                using var document = JsonDocument.Parse(last);
                if (isComplete(document.RootElement))
                {
                    return document.RootElement.Clone();
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new InvalidOperationException($"{identifier} did not become complete: {last}");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Customer360:Data", _folder);
        builder.UseSetting("Customer360:Grid:ErasureSettles", "00:00:00");
        builder.UseSetting("Customer360:Keys:0:Name", CollectHost.SourceName);
        builder.UseSetting("Customer360:Keys:0:Key", CollectHost.CollectKey);
        builder.UseSetting("Customer360:Keys:0:Roles:0", "collect");
        builder.UseSetting("Customer360:Keys:1:Name", "personalization");
        builder.UseSetting("Customer360:Keys:1:Key", CollectHost.ReadKey);
        builder.UseSetting("Customer360:Keys:1:Roles:0", "read");
        builder.UseSetting("Customer360:Keys:2:Name", "operator");
        builder.UseSetting("Customer360:Keys:2:Key", AdminKey);
        builder.UseSetting("Customer360:Keys:2:Roles:0", "admin");
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}
