using Customer360.Api.Tests.Crash;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Customer360.Browser.Tests;

/// <summary>Hostile texts, sessions that end, rights that are missing, and a grid that is away.</summary>
[Collection(GridCollection.Name)]
public sealed class BadInputTests(Grid grid)
{
    [Theory]
    [InlineData("/customers/user_id:naughty")]
    [InlineData("/customers/user_id:naughty?tab=timeline")]
    [InlineData("/identity/user_id:naughty")]
    [InlineData("/find?q=user_id:naughty")]
    [InlineData("/find?q=<script>window.hasRun=true</script>")]
    [InlineData("/accounts/%3Cscript%3Ewindow.hasRun=true%3C%2Fscript%3E")]
    [InlineData("/audiences/%3Cscript%3Ewindow.hasRun=true%3C%2Fscript%3E")]
    [InlineData("/audiences/buyers?tab=why&who=email:<img src=x onerror=window.hasRun=true>")]
    [InlineData("/audiences/buyers?other=<img src=x onerror=window.hasRun=true>")]
    [InlineData("/audiences?tab=definitions&audience=<svg onload=window.hasRun=true>")]
    [InlineData("/destinations/%3Cscript%3Ewindow.hasRun=true%3C%2Fscript%3E")]
    [InlineData(
        "/destinations/crm-hook?reason=<img src=x onerror=window.hasRun=true>&customer=javascript:window.hasRun=true&from=never"
    )]
    [InlineData("/privacy?tab=audit&object=<img src=x onerror=window.hasRun=true>")]
    public async Task Texts_ThatBreakPages_AreShownAsTexts(string path)
    {
        Visitor visitor = grid.Admin;
        visitor.Forgive();
        foreach (int width in (int[])[1280, 390])
        {
            await visitor.LookAsync(width, ColorScheme.Light);
            await visitor.OpenAsync(path);
            await visitor.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

            Assert.False(await visitor.Page.EvaluateAsync<bool>("window.hasRun === true"));
            Assert.Equal(0, await visitor.OverflowAsync());
        }

        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Session_WhoseKeyIsRevokedWhileAPolicyIsEdited_KeepsWhatWasTyped()
    {
        string key = await grid.MakeKeyAsync("eve-editor", "admin");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(key, "/policies/scoring");
        ILocator editor = page.Locator(".cm-content");
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.TypeAsync("# typed before the session ended\n");
        await Company.SendAsync(grid.Api, HttpMethod.Delete, "/v1/keys/eve-editor", body: null);
        await page.Keyboard.TypeAsync("# and after\n");
        await page.GetByText("Your session has ended").WaitForAsync();
        await visitor.PictureAsync("session-ended");
        Assert.Empty(await visitor.BrokenRulesAsync());

        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(Grid.AdminKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(editor).ToContainTextAsync("# typed before the session ended");
        await Expect(editor).ToContainTextAsync("# and after");
    }

    [Fact]
    public async Task Policy_WithAFault_NamesItsLineAndCanNotBePutInForce()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/policies/mastership");
        await page.Locator(".cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("default: {strategy: nope}");

        await page.GetByText("the strategy is not known").First.WaitForAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Put in force" })).ToBeDisabledAsync();
        await Expect(page.Locator(".cm-lintRange-error")).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Policy_ThatTwoPeopleEdit_IsNotOverwrittenUnseen()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/policies/retention");
        await page.Locator(".cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("deadlines: {erasure: 21}");
        ILocator put = page.GetByRole(AriaRole.Button, new() { Name = "Put in force" });
        await Expect(put).ToBeEnabledAsync();
        using (var theirs = new StringContent("deadlines: {erasure: 14}"))
        {
            using HttpResponseMessage answer = await grid.Api.Http.PutAsync("/v1/policies/retention", theirs);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        await put.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();

        await page.GetByText("Somebody else changed it meanwhile").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("erasure: 21");
    }

    [Fact]
    public async Task SignOut_Done_LeavesNothingToReadWith()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        await visitor.SignInAsync(Grid.AdminKey);
        Assert.Equal("", await visitor.Page.EvaluateAsync<string>("document.cookie"));

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await visitor.Page.GetByLabel("Key", new() { Exact = true }).WaitForAsync();
        Assert.Equal(
            401,
            await visitor.Page.EvaluateAsync<int>("fetch('/v1/profiles/user_id:jane').then(r => r.status)")
        );
    }

    [Theory]
    [InlineData("/policies")]
    [InlineData("/cluster")]
    [InlineData("/leads")]
    [InlineData("/audiences")]
    [InlineData("/audiences/buyers")]
    [InlineData("/destinations")]
    [InlineData("/destinations/crm-hook")]
    public async Task Address_OfAPageThatIsNotForTheRole_SaysSo(string path)
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        await visitor.SignInAsync(Grid.ReadKey, path);

        await Expect(visitor.Page.Locator("main h1")).ToHaveTextAsync("This page is not for your role");
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Grid_ThatGoesAwayAndComesBack_IsToldAndReadAgain()
    {
        string folder = Directory.CreateTempSubdirectory("c360-browser-away-").FullName;
        try
        {
            await using ApiProcess api = new(Grid.Settings(folder));
            api.Start();
            await api.WaitUntilReadyAsync();
            await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, api);
            IPage page = visitor.Page;
            await visitor.SignInAsync(Grid.AdminKey);
            await page.GetByText("Messages a second").WaitForAsync();
            await api.KillAsync();
            await page.GetByText("The grid does not answer").First.WaitForAsync();
            await visitor.PictureAsync("grid-away");

            api.Start();

            await Expect(page.GetByText("The grid does not answer")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
            await Expect(page.GetByText("Messages a second")).ToBeVisibleAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
