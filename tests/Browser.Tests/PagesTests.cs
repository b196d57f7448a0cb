using System.Diagnostics;
using Customer360.Tests.Support;
using Microsoft.Playwright;

namespace Customer360.Browser.Tests;

/// <summary>Every page, by its address, in both lights and on a desk and a phone.</summary>
[Collection(GridCollection.Name)]
public sealed class PagesTests(Grid grid)
{
    private const long ScriptBytesMax = 400 * 1024;

    private static readonly (string Kind, int Width, ColorScheme Light)[] s_looks =
    [
        ("light", 1280, ColorScheme.Light),
        ("dark", 1280, ColorScheme.Dark),
        ("phone", 390, ColorScheme.Light),
    ];

    /// <summary>The pages by the name of their picture.</summary>
    public static TheoryData<string, string> All { get; } =
        new()
        {
            { "home", "/" },
            { "find", "/find?q=jane@acme.example" },
            { "find-name", "/find?q=roe%20ja" },
            { "customer", "/customers/user_id:jane" },
            { "timeline", "/customers/user_id:jane?tab=timeline" },
            { "consent", "/customers/user_id:jane?tab=consent" },
            { "identity", "/identity" },
            { "why", "/identity/user_id:jane" },
            { "compare", "/compare?one=user_id:jane&other=user_id:lena" },
            { "compare-choose", "/compare" },
            { "leads", "/leads" },
            { "leads-list", "/leads?tab=list" },
            { "fairness", "/leads?tab=fairness" },
            { "decide", "/leads?tab=decide" },
            { "team", "/leads?tab=team&month=2026-12" },
            { "backtest", "/leads?tab=backtest" },
            { "audiences", "/audiences" },
            { "definitions", "/audiences?tab=definitions&audience=repeat-buyers" },
            { "definitions-text", "/audiences?tab=definitions&as=text" },
            { "backfill", "/audiences?tab=backfill" },
            { "audience", "/audiences/buyers?other=repeat-buyers" },
            { "members", "/audiences/buyers?tab=members" },
            { "audience-why", "/audiences/repeat-buyers?tab=why&who=user_id:shopper-5" },
            { "destinations", "/destinations" },
            { "destination", "/destinations/crm-hook" },
            { "dead-letters", "/destinations/crm-hook?outcome=failed" },
            { "policies", "/policies" },
            { "policy", "/policies/routing" },
            { "requests", "/privacy" },
            { "audit", "/privacy?tab=audit" },
            { "keys", "/privacy?tab=keys" },
            { "accounts", "/accounts" },
            { "account", "/accounts/acme" },
            { "sources", "/sources" },
            { "cluster", "/cluster" },
            { "start", "/start" },
            { "lost", "/find/nothing/here" },
        };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Page_InEveryLightAndSize_IsWholeAndBreaksNoRule(string name, string path)
    {
        Visitor visitor = grid.Admin;
        visitor.Forgive();
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync(path);
        List<string> faults = [];
        foreach ((string kind, int width, ColorScheme light) in s_looks)
        {
            await visitor.LookAsync(width, light);
            await visitor.PictureAsync($"{name}-{kind}");
            string[] broken = kind switch
            {
                "light" => await visitor.BrokenRulesAsync(),
                "dark" => await visitor.PaleTextsAsync(),
                _ => [],
            };
            faults.AddRange(broken.Select(rule => $"{kind}: {rule}"));
            if (await visitor.OverflowAsync() is > 0 and int pixels)
            {
                faults.Add($"{kind}: the page is {pixels} pixels wider than the window.");
            }
        }

        if (visitor.ScriptBytes is 0 or > ScriptBytesMax)
        {
            faults.Add($"{visitor.ScriptBytes} bytes of scripts were sent.");
        }

        faults.AddRange(visitor.Faults);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task SignIn_InEveryLight_BreaksNoRule()
    {
        foreach (ColorScheme light in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api, light: light);
            await visitor.Page.GotoAsync("/customers/user_id:jane");
            await visitor.Page.GetByLabel("Key", new() { Exact = true }).WaitForAsync();

            Assert.Empty(await visitor.BrokenRulesAsync());
            await visitor.PictureAsync($"sign-in-{light}");
        }
    }

    [Fact]
    public async Task Navigation_OfAnAdministrator_LeadsToPagesThatAnswerAtTheirAddress()
    {
        Visitor visitor = grid.Admin;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/");
        string[] paths = await visitor.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('#nav li a')].map(a => a.getAttribute('href'))"
        );

        Assert.True(paths.Length >= 9, string.Join(' ', paths));
        foreach (string path in paths)
        {
            await visitor.OpenAsync(path);
            await Assertions
                .Expect(visitor.Page.Locator("main h1"))
                .Not.ToHaveTextAsync("There is no such page", new() { Timeout = 1_000 });
        }
    }

    [Fact]
    public async Task Types_OfTheApi_AreThoseOfItsDescription()
    {
        using Process script = Process.Start(
            new ProcessStartInfo("node", ["scripts/describe.mjs", "--check", grid.Api.Address.ToString()])
            {
                WorkingDirectory = Repository.Path("api", "Console", "App"),
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        string said = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();

        Assert.True(script.ExitCode == 0, said);
    }
}
