using System.Net.Http.Headers;
using System.Reflection;
using Customer360.Api.Collect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Api.Tests.Support;

/// <summary>The API on a real socket, with <see cref="FakeIntake"/> in place of the grid.</summary>
public sealed class CollectHost : WebApplicationFactory<CollectOptions>
{
    public const string CollectKey = "collect-key-0123456789";
    public const string ReadKey = "read-key-0123456789";
    public const string AdminKey = "admin-key-0123456789";
    public const string SourceName = "website";

    private readonly Dictionary<string, string> _settings = new(StringComparer.OrdinalIgnoreCase)
    {
        // The port is given as a setting: UseKestrel(port) races with the program that starts its server itself.
        ["urls"] = "http://127.0.0.1:0",
        // It packs its pages anew at every start, which takes longer than all else of it.
        ["Customer360:Cluster:Dashboard"] = "false",
        ["Customer360:Keys:0:Name"] = SourceName,
        ["Customer360:Keys:0:Key"] = CollectKey,
        ["Customer360:Keys:0:Roles:0"] = "collect",
        ["Customer360:Keys:1:Name"] = "personalization",
        ["Customer360:Keys:1:Key"] = ReadKey,
        ["Customer360:Keys:1:Roles:0"] = "read",
        ["Customer360:Keys:2:Name"] = "operator",
        ["Customer360:Keys:2:Key"] = AdminKey,
        ["Customer360:Keys:2:Roles:0"] = "admin",
    };

    /// <param name="settings">Settings on top of the three keys.</param>
    public CollectHost(params (string Name, string Value)[] settings)
    {
        foreach ((string name, string value) in settings)
        {
            _settings[name] = value;
        }

        UseKestrel();
        StartServer();
        Http = CreateClient();
        Http.Timeout = TimeSpan.FromSeconds(30);
        Authorized = CreateClient();
        Authorized.Timeout = TimeSpan.FromSeconds(30);
        Authorized.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", CollectKey);
    }

    public FakeIntake Intake { get; } = new();

    public LogLines Logs { get; } = new();

    /// <summary>Sends no key.</summary>
    public HttpClient Http { get; }

    /// <summary>Sends the collect key.</summary>
    public HttpClient Authorized { get; }

    public Uri Address => Http.BaseAddress!;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach ((string name, string value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs));
        builder.ConfigureTestServices(services =>
        {
            // The grid's own services would open storage; only what answers HTTP runs here.
            foreach (ServiceDescriptor grid in services.Where(IsOfTheGrid).ToArray())
            {
                services.Remove(grid);
            }

            services.AddSingleton(Intake.ToGrainFactory());
        });
    }

    private static bool IsOfTheGrid(ServiceDescriptor service)
    {
        Assembly? assembly = (
            service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType
        )?.Assembly;
        return service.ServiceType == typeof(IHostedService)
            && assembly != typeof(CollectOptions).Assembly
            && assembly?.GetName().Name?.StartsWith("Customer360.", StringComparison.Ordinal) == true;
    }
}
