using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>
/// <c>customer360 health</c>: asks the silo or the API of this machine whether it is ready, and says so by its exit code. For images,
/// which have no program to ask with.
/// </summary>
public static class HealthCommand
{
    public const string Name = "health";

    private const int PortDefault = 8360;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    /// <summary>0: it is ready; 1: it is not, or does not answer. The port is the one of the setting <c>HealthPort</c>, else 8360.</summary>
    public static async Task<int> RunAsync()
    {
        IConfiguration settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        int port = ClusterSettings.Read(settings).HealthPort ?? PortDefault;
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/health/ready"));
        using HttpClient http = new() { Timeout = s_patience };
        try
        {
            using HttpResponseMessage response = await http.GetAsync(address);
            await Console.Out.WriteLineAsync(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Nobody answers at {address}.");
            return 1;
        }
    }
}
