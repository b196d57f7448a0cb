using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Customer360.Browser.Tests;

/// <summary>A receiver of webhooks on loopback: it takes what comes to <c>/take</c>, and refuses all else for good.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Where it is, without a path.</summary>
    public Uri Address => new(_app.Urls.Single());

    public static async Task<Receiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{0}"));
        WebApplication app = builder.Build();
        app.MapPost("/take", () => Results.Ok());
        app.MapFallback(() => Results.BadRequest());
        await app.StartAsync();
        return new Receiver(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
