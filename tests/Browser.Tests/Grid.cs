using System.Text.Json;
using Customer360.Api.Tests.Crash;
using Customer360.Tests.Support;
using Microsoft.Playwright;

namespace Customer360.Browser.Tests;

/// <summary>The real API with a small company in it, and a browser. Tests share both, so each makes the people that it changes.</summary>
public sealed class Grid : IAsyncLifetime
{
    public const string AdminKey = "browser-admin-0123456789";
    public const string ReadKey = "browser-reader-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-browser-").FullName;
    private IPlaywright? _playwright;
    private Receiver? _receiver;

    public ApiProcess Api { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>An administrator who is signed in. For tests that only look.</summary>
    internal Visitor Admin { get; private set; } = null!;

    /// <summary>Where pictures go: a folder that continuous integration keeps, or one beside the tests.</summary>
    public static string Pictures { get; } =
        Directory
            .CreateDirectory(
                Environment.GetEnvironmentVariable("CUSTOMER360_PICTURES") is { Length: > 0 } folder
                    ? folder
                    : Path.Combine(AppContext.BaseDirectory, "pictures")
            )
            .FullName;

    /// <summary>The settings of a process that people of the tests sign in to.</summary>
    public static (string, string)[] Settings(string data) =>
        [
            ("CUSTOMER360__DATA", data),
            ("CUSTOMER360__KEYS__2__NAME", "ada-admin"),
            ("CUSTOMER360__KEYS__2__KEY", AdminKey),
            ("CUSTOMER360__KEYS__2__ROLES__0", "admin"),
            ("CUSTOMER360__KEYS__3__NAME", "rob-reader"),
            ("CUSTOMER360__KEYS__3__KEY", ReadKey),
            ("CUSTOMER360__KEYS__3__ROLES__0", "read"),
        ];

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        Api = new ApiProcess([
            .. Settings(Path.Combine(_folder, "data")),
            ("CUSTOMER360__POLICIES__FOLDER", WritePolicies(_receiver.Address)),
            ("CUSTOMER360__DESTINATIONS__FOLDER", Path.Combine(_folder, "files")),
            ("CUSTOMER360__DESTINATIONS__PRIVATEHOSTS__0", _receiver.Address.Host),
            ("CUSTOMER360__DESTINATIONS__SECRETS__HOOK", Activation.Secret),
        ]);
        Api.Start();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
                Args = ["--no-sandbox"],
            }
        );
        await Api.WaitUntilReadyAsync();
        await Company.FillAsync(Api);
        await Activation.FillAsync(Api);
        Admin = await Visitor.ComeAsync(Browser, Api);
        await Admin.SignInAsync(AdminKey);
    }

    public async Task DisposeAsync()
    {
        await Admin.DisposeAsync();
        await Browser.DisposeAsync();
        _playwright?.Dispose();
        await Api.DisposeAsync();
        await _receiver!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string WritePolicies(Uri receiver)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "policies")).FullName;
        foreach (string name in (string[])["lifecycle", "scoring", "routing", "sales-team"])
        {
            File.Copy(Repository.Path("docs", "policies", $"{name}.yaml"), Path.Combine(folder, $"{name}.yaml"));
        }

        File.WriteAllText(Path.Combine(folder, "audiences.yaml"), Activation.Audiences);
        File.WriteAllText(Path.Combine(folder, "destinations.yaml"), Activation.DestinationsAt(receiver));
        return folder;
    }

    /// <summary>Makes a key that the grid keeps, and answers its text.</summary>
    public Task<string> MakeKeyAsync(string name, string role, params string[] purposes) =>
        MakeKeyAsync(Api, name, role, purposes);

    /// <inheritdoc cref="MakeKeyAsync(string,string,string[])"/>
    public static async Task<string> MakeKeyAsync(ApiProcess api, string name, string role, params string[] purposes)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal) { ["name"] = name, ["roles"] = new[] { role } };
        if (purposes.Length > 0)
        {
            body["purposes"] = purposes;
        }

        JsonElement made = await Company.SendAsync(api, HttpMethod.Post, "/v1/keys", body);
        return made.GetProperty("key").GetString()!;
    }
}

/// <summary>All tests of pages, one after the other, on one grid.</summary>
[CollectionDefinition(Name)]
public sealed class GridCollection : ICollectionFixture<Grid>
{
    public const string Name = "grid";
}
