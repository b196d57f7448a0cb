using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Customer360.Browser.Tests;

/// <summary>What people come for, from end to end, each with a browser of their own.</summary>
[Collection(GridCollection.Name)]
public sealed class StoriesTests(Grid grid)
{
    [Fact]
    public async Task Newcomer_WithAnAdminKey_MakesAKeyAndSeesAnEventArrive()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/start");
        await page.GetByLabel("Name").FillAsync("shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        await page.GetByText("It is shown now and never again").WaitForAsync();
        await Expect(page.GetByLabel("Snippet")).ToContainTextAsync("c360_collect_");

        await page.GetByRole(AriaRole.Link, new() { Name = "Python" }).ClickAsync();
        await Expect(page.GetByLabel("Snippet")).ToContainTextAsync("import segment.analytics");
        await Expect(page.GetByLabel("Snippet")).ToContainTextAsync("c360_collect_");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test event" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See who it belongs to" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Timeline" }).ClickAsync();
        await page.GetByText("Console Tested").WaitForAsync();
    }

    [Fact]
    public async Task Steward_WithAWrongMerge_SeesWhyAndTakesItBack()
    {
        await Company.MergeAsync(grid.Api, "sue");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/find?q=sue-other@home.example");
        await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "sue-other@home.example" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Why one person?" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "sue-tablet" }).ClickAsync();
        await page.GetByText("came by merge").WaitForAsync();
        await visitor.PictureAsync("story-steward");

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo this merge" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("the tablet is the family's");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.NotEqual(await CustomerOfAsync("user_id:sue"), await CustomerOfAsync("email:sue-other@home.example"));
    }

    [Fact]
    public async Task Steward_WithTwoPeopleInOne_SplitsAfterSeeingWhoGetsWhat()
    {
        await Company.MergeAsync(grid.Api, "pat");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/identity/user_id:pat");
        await page.GetByLabel("Split off email:pat-other@home.example").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Split off 1" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("user_id:pat");
        await dialog.GetByLabel("Reason").FillAsync("two people");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Split", Exact = true }).ClickAsync();

        await page.GetByText("They are two now").WaitForAsync();
        Assert.NotEqual(await CustomerOfAsync("user_id:pat"), await CustomerOfAsync("email:pat-other@home.example"));
    }

    [Fact]
    public async Task Somebody_WithHalfAName_FindsThePerson()
    {
        Visitor visitor = grid.Admin;
        IPage page = visitor.Page;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/find");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("RÖE, jan");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "Jane Roe" }).ClickAsync();

        await Expect(page.Locator("main h1")).ToHaveTextAsync("Jane Roe");
    }

    [Fact]
    public async Task Steward_WithTwoCustomers_SeesWhatAMergeWouldChange()
    {
        Visitor visitor = grid.Admin;
        IPage page = visitor.Page;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/customers/user_id:jane");
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await page.GetByLabel("Another, type:value").FillAsync("user_id:lena");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();

        await page.GetByText("The rules would refuse to merge them").WaitForAsync();
        ILocator traits = page.GetByRole(AriaRole.Region, new() { Name = "Traits of both" });
        await Expect(traits).ToContainTextAsync("jane@acme.example");
        await Expect(traits).ToContainTextAsync("lena@globex.example");
        await Expect(traits).ToContainTextAsync("would not be shown");
        Assert.NotEqual(await CustomerOfAsync("user_id:jane"), await CustomerOfAsync("user_id:lena"));
    }

    [Fact]
    public async Task SalesPerson_WithAnOfferedLead_SeesTheRulesAndAccepts()
    {
        string key = await grid.MakeKeyAsync("sam-sales", "sales", "sales-contact");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(key, "/leads");
        await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "offered" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();

        await Expect(page.Locator(".page-head")).ToContainTextAsync("accepted");
        await visitor.PictureAsync("story-sales");
    }

    [Fact]
    public async Task SalesOps_WithTypedFacts_SeesWhichRuleWouldFire()
    {
        Visitor visitor = grid.Admin;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/leads?tab=decide");
        await visitor.Page.GetByLabel("One a line").FillAsync("source: demo\nterritory: emea\nscore: 62");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Decide" }).ClickAsync();

        await Expect(visitor.Page.Locator(".rules .fired")).ToContainTextAsync("hot-demo");
    }

    [Fact]
    public async Task SalesOps_WithOtherRules_SeesWhichLeadsWouldGoElsewhere()
    {
        Visitor visitor = grid.Admin;
        IPage page = visitor.Page;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/leads?tab=backtest");
        ILocator file = page.GetByLabel("routing.yaml, as it would be");
        await Expect(file).ToHaveValueAsync(new Regex("rules:", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await file.FillAsync(
            """
            queues: [triage]
            answers: {duplicate: continue, openOpportunity: continue, territoryMissing: continue, ownerAway: {queue: triage}, noCapacity: {queue: triage}, outsideHours: assign, otherwise: {queue: triage}}
            rules:
              - name: nobody
                if: {fact: score, atLeast: 100000}
                then: {queue: triage}
                examples: [{facts: {score: 100000}, fires: true}]
            owner: {team: sales-operations, contact: "#sales-operations"}
            examples:
              - input: {lead: {score: 100000}}
                expect: {to: queue triage, rule: nobody}
            """
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();

        ILocator differences = page.GetByRole(AriaRole.Region, new() { Name = "Differences" });
        await Expect(differences).ToContainTextAsync("queue triage", new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Leads of each person" })).ToBeVisibleAsync();
        Assert.Empty(await visitor.BrokenRulesAsync());
        await visitor.PictureAsync("story-backtest");
    }

    [Fact]
    public async Task Somebody_WithTheBeginningOfAName_FindsTheAccount()
    {
        Visitor visitor = grid.Admin;
        IPage page = visitor.Page;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/find?q=acme b");
        await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "Acme Bricks" }).ClickAsync();
        await Expect(page.Locator("main h1")).ToContainTextAsync("cme");

        await visitor.OpenAsync("/accounts");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Globex" })).ToBeVisibleAsync();
        await page.GetByLabel("Name or account id").FillAsync("ACM");
        await page.GetByRole(AriaRole.Button, new() { Name = "Names that begin so" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Globex" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Acme Bricks" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Officer_WithARequest_BeginsItAndSeesItDone()
    {
        string key = await grid.MakeKeyAsync("olga", "privacy-officer");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(key, "/privacy");
        await page.GetByRole(AriaRole.Button, new() { Name = "New request" }).ClickAsync();
        await page.GetByLabel("Identifiers, one a line").FillAsync("user_id:jane");
        await page.GetByLabel("Your number for it").FillAsync("dsr-browser");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();

        ILocator row = page.Locator("li.entry").Filter(new() { HasText = "dsr-browser" });
        await Expect(row).ToContainTextAsync("done", new() { Timeout = 30_000 });
        await row.GetByRole(AriaRole.Button, new() { Name = "Make a link" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await Expect(page.GetByText("/v1/privacy/packages/")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Analyst_WithMaskedFields_SeesThatTheyAreMaskedAndWhatIsWithheld()
    {
        string key = await grid.MakeKeyAsync("ana", "analytics");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        await visitor.SignInAsync(key, "/customers/user_id:jane");

        await Expect(visitor.Page.Locator(".value-masked").Filter(new() { HasText = "***@acme.example" }).First)
            .ToBeVisibleAsync();
        await visitor.Page.GetByText("The list is the same for every person").ClickAsync();
        await Expect(visitor.Page.Locator(".value-withheld").First).ToBeVisibleAsync();
        Assert.DoesNotContain("jane@acme.example", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await visitor.BrokenRulesAsync());
        await visitor.PictureAsync("story-analyst");
    }

    [Fact]
    public async Task Keyboard_Alone_SignsInFindsSomebodyAndOpensTheirPayload()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Key", new() { Exact = true }).WaitForAsync();
        await page.Keyboard.TypeAsync(Grid.AdminKey);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();

        await TabToAsync(page, "Find a customer or an account");
        await page.Keyboard.TypeAsync("jane@acme.example");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".hit").First.WaitForAsync();
        await TabToAsync(page, "Jane Roe");
        await page.Keyboard.PressAsync("Enter");
        await visitor.SettleAsync();
        await TabToAsync(page, "Timeline");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".event").First.WaitForAsync();
        await TabToAsync(page, "Payload");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".event details[open]")).ToHaveCountAsync(1);
        Assert.Empty(visitor.Faults);
    }

    /// <summary>Presses Tab until what has the focus is called so.</summary>
    private static async Task TabToAsync(IPage page, string name)
    {
        const string Focused =
            "(() => { const e = document.activeElement; return (e?.getAttribute('aria-label') ?? '') + ' ' + (e?.textContent ?? '') })()";
        for (int pressed = 0; pressed < 80; pressed++)
        {
            string text = await page.EvaluateAsync<string>(Focused);
            bool isWhole = text.Length < 4_000 && text.Contains(name, StringComparison.Ordinal);
            if (
                isWhole && await page.EvaluateAsync<bool>("document.activeElement.matches('a, button, input, summary')")
            )
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"'{name}' can't be reached with the keyboard.");
    }

    private async Task<string?> CustomerOfAsync(string identifier)
    {
        JsonElement profile = await Company.SendAsync(
            grid.Api,
            HttpMethod.Get,
            $"/v1/profiles/{Uri.EscapeDataString(identifier)}",
            body: null
        );
        return profile.GetProperty("customerId").GetString();
    }
}
