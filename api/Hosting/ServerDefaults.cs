using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Customer360.Rules.Outcomes;
using Customer360.Silo.Hosting;

namespace Customer360.Api.Hosting;

/// <summary>How the process listens unless its settings say otherwise.</summary>
public static class ServerDefaults
{
    /// <summary>The usual port.</summary>
    public const int Port = 8360;

    /// <summary>The settings by which an address can be given (ASPNETCORE_URLS, --urls, a container image's ports, …).</summary>
    private static readonly string[] s_addressSettings = ["urls", "http_ports", "https_ports"];

    public static void AddServerDefaults(this WebApplicationBuilder builder)
    {
        bool hasAddress =
            s_addressSettings.Any(setting => !string.IsNullOrEmpty(builder.Configuration[setting]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!hasAddress)
        {
            // Somebody who starts two grids on one machine and set nothing wants two grids, no error.
            var chosen = new DefaultPort(PortClaim.TryTakeFrom(IPAddress.Loopback, Port));
            builder.Services.AddSingleton(chosen);
            builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{chosen.Port}"));
        }

        foreach (string setting in s_addressSettings)
        {
            RequirePorts(setting, builder.Configuration[setting]);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = AnswerJson.Encoder;
            // Else the description would say that numbers may be texts.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddSingleton(TimeProvider.System);
    }

    /// <summary>The server would take a port that there is not for a bug of its own.</summary>
    private static void RequirePorts(string setting, string? value)
    {
        foreach (string one in (value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string port = one[(one.LastIndexOf(':') + 1)..].Split('/')[0];
            if (
                long.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                && number > ushort.MaxValue
            )
            {
                throw new SettingInvalidException(
                    $"'{one}' in ASPNETCORE_{setting.ToUpperInvariant()} names the port {port}, and ports end at {ushort.MaxValue}."
                );
            }
        }
    }
}
