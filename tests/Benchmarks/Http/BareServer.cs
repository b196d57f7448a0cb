using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Benchmarks.Http;

/// <summary>The limit that reads are compared with: Kestrel alone, answering every request with the same bytes.</summary>
internal static class BareServer
{
    /// <summary>Runs until the process is killed. Arguments: the port, and the file with the bytes to answer with.</summary>
    public static async Task RunAsync(string port, string file)
    {
        byte[] body = await File.ReadAllBytesAsync(file);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        await using WebApplication app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.BodyWriter.WriteAsync(body);
        });
        await app.RunAsync();
    }
}
