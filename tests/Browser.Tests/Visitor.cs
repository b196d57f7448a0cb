using System.Collections.Concurrent;
using System.Globalization;
using Customer360.Api.Tests.Crash;
using Customer360.Tests.Support;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Customer360.Browser.Tests;

/// <summary>Somebody with a browser of their own, and all that their browser complained about.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private const string RunAxe = """
        async ({ kind, rules }) => {
          const found = await axe.run(document, { runOnly: { type: kind, values: rules }, resultTypes: ['violations'] })
          return found.violations.map(rule => `${rule.id}: ${rule.nodes.slice(0, 3).map(node => node.html).join(' | ')}`)
        }
        """;

    /// <summary>The pictures that the documentation shows.</summary>
    public static string TourPictures { get; } = Repository.Path("docs", "tours", "pictures");

    // Else a run of the tests would leave changed files behind.
    private static readonly bool s_writesTours = Environment.GetEnvironmentVariable("CUSTOMER360_WRITE_TOURS") == "1";

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();
    private static readonly string[] s_rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, long> _scripts = new(StringComparer.Ordinal);
    private readonly IBrowserContext _context;
    private readonly Uri _address;

    private Visitor(IBrowserContext context, IPage page, Uri address)
    {
        _context = context;
        _address = address;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Bytes of scripts as they were sent since the last page was opened.</summary>
    public long ScriptBytes => _scripts.Values.Sum();

    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<Visitor> ComeAsync(
        IBrowser browser,
        ApiProcess api,
        int width = 1280,
        ColorScheme light = ColorScheme.Light
    )
    {
        IBrowserContext context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = api.Address.ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 800 },
                ColorScheme = light,
                Locale = "en-GB",
                TimezoneId = "Europe/Berlin",
            }
        );
        context.SetDefaultTimeout(20_000);
        IPage page = await context.NewPageAsync();
        Visitor visitor = new(context, page, api.Address);
        visitor.Watch();
        return visitor;
    }

    /// <summary>Signs in with a key, on the page that is asked for.</summary>
    public async Task SignInAsync(string key, string path = "/")
    {
        await Page.GotoAsync(path);
        await Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    /// <summary>Opens a page by its address and waits until what it reads is there.</summary>
    public async Task OpenAsync(string path)
    {
        _scripts.Clear();
        await Page.GotoAsync(path);
        await SettleAsync();
    }

    public async Task SettleAsync()
    {
        // Not the heading of the card that stands there while it is asked who has come.
        await Page.Locator(".frame main h1").First.WaitForAsync();
        await Assertions.Expect(Page.Locator(".waiting")).ToHaveCountAsync(0, new() { Timeout = 20_000 });
    }

    /// <summary>Rules of WCAG 2.2 AA that the page breaks, one a line.</summary>
    public Task<string[]> BrokenRulesAsync() => BrokenRulesAsync("tag", s_rules);

    /// <summary>The same of what another light changes: texts that can't be read on what is behind them.</summary>
    public Task<string[]> PaleTextsAsync() => BrokenRulesAsync("rule", ["color-contrast"]);

    private async Task<string[]> BrokenRulesAsync(string kind, string[] rules)
    {
        await Page.EvaluateAsync(s_axe);
        return await Page.EvaluateAsync<string[]>(RunAxe, new { kind, rules });
    }

    /// <summary>Looks at the same page in another light, or with another width.</summary>
    public async Task LookAsync(int width, ColorScheme light)
    {
        await Page.SetViewportSizeAsync(width, width < 600 ? 844 : 800);
        await Page.EmulateMediaAsync(new() { ColorScheme = light });
    }

    /// <summary>How far the page is wider than the window, in pixels.</summary>
    public Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)");

    public async Task PictureAsync(string name)
    {
        string file = $"{name}.png";
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Grid.Pictures, file) });
        string ofTour = Path.Combine(TourPictures, file);
        if (s_writesTours && File.Exists(ofTour))
        {
            File.Copy(Path.Combine(Grid.Pictures, file), ofTour, overwrite: true);
        }
    }

    /// <summary>What the browser complained about so far is forgotten: it was meant.</summary>
    public void Forgive() => _faults.Clear();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Watch()
    {
        Page.Console += (_, message) =>
        {
            // Who looks for somebody is told that nobody is there, and browsers write that down.
            if (message.Type == "error" && !message.Text.Contains("404 (Not Found)", StringComparison.Ordinal))
            {
                _faults.Enqueue($"console: {message.Text}");
            }
        };
        Page.PageError += (_, error) => _faults.Enqueue($"script: {error}");
        Page.Dialog += async (_, dialog) =>
        {
            _faults.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        Page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is "http" or "https" && address.Authority != _address.Authority)
            {
                _faults.Enqueue($"another host: {request.Url}");
            }
        };
        Page.Response += (_, response) =>
        {
            // As it was sent, packed: also where the browser took it from its own cache.
            if (
                response.Request.ResourceType == "script"
                && response.Headers.TryGetValue("content-length", out string? length)
            )
            {
                _scripts[response.Url] = long.Parse(length, CultureInfo.InvariantCulture);
            }
        };
    }
}
