using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Customer360.Browser.Tests;

/// <summary>What marketing and whoever runs destinations come for, from end to end.</summary>
[Collection(GridCollection.Name)]
public sealed class ActivationStoriesTests(Grid grid)
{
    [Fact]
    public async Task Marketer_WithAMember_SeesWhyAndWhenItChangesByItself()
    {
        Visitor visitor = grid.Admin;
        IPage page = visitor.Page;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/audiences");
        await page.GetByRole(AriaRole.Link, new() { Name = "repeat-buyers" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Members" }).ClickAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Members" })
            .GetByRole(AriaRole.Link, new() { Name = "Why" })
            .First.ClickAsync();

        await Expect(page.Locator("main")).ToContainTextAsync("In the audience");
        await Expect(page.Locator(".condition").First).ToContainTextAsync("count of Order Completed within 30d");
        await Expect(page.Locator(".condition").First).ToContainTextAsync("changes by itself");
        Assert.Empty(await visitor.BrokenRulesAsync());

        await page.GetByLabel("Identifier").FillAsync("user_id:shopper-0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Say why" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Not in the audience");
    }

    [Fact]
    public async Task Marketer_WithOtherNumbersInTheForm_SeesWhoWouldLeaveAndPutsItInForce()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/audiences?tab=definitions&new=1");
        await page.GetByLabel("Name", new() { Exact = true }).First.FillAsync("three-orders");
        await page.GetByLabel("Purpose", new() { Exact = true }).FillAsync("personalization");
        ILocator first = page.GetByRole(AriaRole.Listitem, new() { Name = "Condition 1" });
        await first.GetByLabel("Name").FillAsync("Order Completed");
        await first.GetByLabel("With", new() { Exact = true }).FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to the file" }).ClickAsync();
        await Expect(page.GetByText("It is valid").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Count", Exact = true }).ClickAsync();
        ILocator counted = page.GetByRole(AriaRole.Region, new() { Name = "three-orders" });
        await Expect(counted).ToContainTextAsync("4 enter", new() { Timeout = 30_000 });
        await counted.GetByText("4 examples").ClickAsync();
        await Expect(counted.Locator(".value-masked").First).ToContainTextAsync("email:****");
        Assert.Empty(await visitor.BrokenRulesAsync());
        await visitor.PictureAsync("story-preview");

        // The form and the text are the same file, and what stands around the audience stays.
        await page.GetByLabel("Edit").First.SelectOptionAsync("The whole file, as text");
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("name: three-orders");
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("# Whoever has ordered for a hundred or more.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();
        await page.GetByText("It is in force.").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Backfill" }).ClickAsync();
        await Expect(page.Locator("li.entry").First).ToContainTextAsync("done", new() { Timeout = 30_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "All", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "three-orders" }))
            .ToContainTextAsync("4", new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Marketer_WithoutAllFields_SeesMembersAndIsToldThatReasonsAreNotForTheRole()
    {
        string key = await grid.MakeKeyAsync("mara", "marketing-automation", "email-marketing");
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(key, "/audiences");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Definitions" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "buyers", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Members" }).ClickAsync();
        await page.Locator("main .table-box, main .empty").First.WaitForAsync();
        visitor.Forgive();
        await page.GetByRole(AriaRole.Link, new() { Name = "Why in or out" }).ClickAsync();
        await page.GetByLabel("Identifier").FillAsync("user_id:shopper-2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Say why" }).ClickAsync();

        await Expect(page.GetByText("The reasons are not for your role")).ToBeVisibleAsync();
        Assert.DoesNotContain("shopper-2@shop.example", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await visitor.BrokenRulesAsync());
        await visitor.PictureAsync("story-marketer");
    }

    [Fact]
    public async Task Operator_WithDeadLetters_SeesWhyPausesReplaysAndResumes()
    {
        await using Visitor visitor = await Visitor.ComeAsync(grid.Browser, grid.Api);
        IPage page = visitor.Page;
        await visitor.SignInAsync(Grid.AdminKey, "/destinations");
        await page.GetByRole(AriaRole.Link, new() { Name = "crm-hook" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        ILocator table = page.GetByRole(AriaRole.Region, new() { Name = "Deliveries" });
        await Expect(table).ToContainTextAsync("refused", new() { Timeout = 30_000 });
        await Expect(table).ToContainTextAsync("HTTP 400");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("It is paused")).ToBeVisibleAsync();
        Assert.Empty(await visitor.BrokenRulesAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay these" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Expect(page.GetByText("wait again")).ToBeVisibleAsync();
        await page.GetByLabel("Which").SelectOptionAsync("Waiting");
        await Expect(table).ToContainTextAsync("waiting");
        await visitor.PictureAsync("story-replay");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();
        await Expect(page.GetByText("The test was not taken")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("It is paused")).ToHaveCountAsync(0);
        JsonElement standing = await Company.SendAsync(grid.Api, HttpMethod.Get, "/v1/destinations", body: null);
        Assert.Equal(
            "running",
            standing
                .GetProperty("destinations")
                .EnumerateArray()
                .Single(one => one.GetProperty("name").GetString() == "crm-hook")
                .GetProperty("status")
                .GetString()
        );
    }

    [Fact]
    public async Task Operator_WithWithheldDeliveries_SeesTheReasonAndTheTestThatIsTaken()
    {
        Visitor visitor = grid.Admin;
        IPage page = visitor.Page;
        await visitor.LookAsync(1280, ColorScheme.Light);
        await visitor.OpenAsync("/destinations/newsletter?outcome=withheld");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Deliveries" }))
            .ToContainTextAsync("consent denied", new() { Timeout = 30_000 });

        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();

        await Expect(page.GetByText("The test was taken, HTTP 200")).ToBeVisibleAsync();
    }
}
