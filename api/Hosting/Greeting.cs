using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Silo.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Customer360.Api.Hosting;

/// <summary>What a started API says of itself: to a person in Development what to try, to a log elsewhere one line.</summary>
internal static partial class Greeting
{
    public static void Greet(this WebApplication app)
    {
        IServer server = app.Services.GetRequiredService<IServer>();
        string[] addresses = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses];
        string place = GridPlace.Of(app.Configuration);
        if (app.Environment.IsDevelopment())
        {
            System.Console.Out.WriteLine(
                Text(addresses, place, app.Services.GetRequiredService<KnownKeys>(), IsUsual(app))
            );
        }
        else
        {
            LogStarted(app.Logger, string.Join(", ", addresses), place);
        }
    }

    /// <summary>The text for a person.</summary>
    /// <param name="addresses">Where the server listens.</param>
    /// <param name="place">Where the data is.</param>
    /// <param name="keys">The keys; those that were made for Development are shown.</param>
    /// <param name="isUsualAddress">False: the usual port was taken.</param>
    internal static string Text(IReadOnlyList<string> addresses, string place, KnownKeys keys, bool isUsualAddress)
    {
        string address = addresses.Count > 0 ? addresses[0].TrimEnd('/') : "http://localhost";
        string collect = SecretOf(keys, Roles.Collect) ?? "COLLECT_KEY";
        string read = SecretOf(keys, Roles.Read) ?? "READ_KEY";
        string[] lines =
        [
            "",
            $"Customer 360 Grid is ready on {string.Join(" and ", addresses)}",
            .. isUsualAddress ? [] : new[] { $"  (port {ServerDefaults.Port} is taken; ASPNETCORE_URLS chooses)" },
            $"  console   {address}/ (sign in with the admin key)",
            $"  data      {place}",
            .. Keys(keys),
            $$$"""  send      curl -u {{{collect}}}: '{{{address}}}/v1/identify?wait=applied' -d '{"userId":"jane","traits":{"plan":"pro"}}'""",
            $"  read      curl -H 'Authorization: Bearer {read}' {address}/v1/profiles/user_id:jane",
            "  stop      Ctrl+C",
            "",
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private static IEnumerable<string> Keys(KnownKeys keys) =>
        keys.Made is { } made
            ?
            [
                $"  keys      {(made.AreNew ? "made now and kept" : "kept")} in {made.File}",
                .. made.Keys.Select(pair => $"            {RoleOf(pair.Key), -8}{pair.Secret}"),
            ]
            : ["  keys      those of the settings (CUSTOMER360__KEYS__…)"];

    private static string RoleOf(ApiKey key) => key.Roles.ToString().ToLowerInvariant();

    private static string? SecretOf(KnownKeys keys, Roles role) =>
        keys.Made?.Keys.FirstOrDefault(pair => pair.Key.Roles == role).Secret;

    private static bool IsUsual(WebApplication app) =>
        app.Services.GetService<DefaultPort>() is not { } chosen || chosen.Port == ServerDefaults.Port;

    [LoggerMessage(401, LogLevel.Information, "The grid is ready on {Addresses}; its data is in {Place}.")]
    private static partial void LogStarted(ILogger logger, string addresses, string place);
}
