namespace Customer360.Api.Endpoints;

/// <summary>How the process listens unless its settings say otherwise.</summary>
public static class ServerDefaults
{
    private const string Url = "http://localhost:8360";

    /// <summary>The settings by which an address can be given (ASPNETCORE_URLS, --urls, a container image's ports, …).</summary>
    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    public static void AddServerDefaults(this WebApplicationBuilder builder)
    {
        bool hasAddress =
            AddressSettings.Any(setting => !string.IsNullOrEmpty(builder.Configuration[setting]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!hasAddress)
        {
            builder.WebHost.UseUrls(Url);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(TimeProvider.System);
    }
}
