using System.Text.Json.Nodes;
using Customer360.Api.Demo;

namespace Customer360.Api.Tests.Demo;

/// <summary>The demo's people and what they do: pure, and the same every time.</summary>
public sealed class DemoCompanyTests
{
    private static readonly DateTimeOffset s_until = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Company_OfTheSameSeed_IsTheSame()
    {
        Assert.Equal(TextOf(seed: 7, people: 200), TextOf(seed: 7, people: 200));
        Assert.NotEqual(TextOf(seed: 7, people: 200), TextOf(seed: 8, people: 200));
    }

    [Fact]
    public void Company_WithMorePeople_ChangesNothingAboutTheFirst()
    {
        // Companies are as many in both, so that only the number of people differs.
        var few = new DemoCompany(7, 1_500);
        var many = new DemoCompany(7, 2_000);

        Assert.Equal(DemoCompany.AccountsMax, few.Accounts.Length);
        Assert.Equal(
            few.People.Select(one => (one.Email, one.Kind, one.Devices.Length, one.Account)),
            many.People.Take(1_500).Select(one => (one.Email, one.Kind, one.Devices.Length, one.Account))
        );
    }

    [Fact]
    public void Company_OfTheUsualSize_IsAsPromised()
    {
        var company = new DemoCompany(DemoArguments.SeedDefault, DemoArguments.PeopleDefault);
        IReadOnlyList<DemoMessage> messages = new DemoMessages(company, s_until).All();

        Assert.Equal(2_000, company.People.Length);
        Assert.Equal(60, company.Accounts.Select(one => one.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.True(company.People.Count(one => one.Devices.Length > 1) > 800);
        Assert.Equal(6, company.WrongMerges.Length);
        Assert.InRange(company.Deals(s_until).Length, 20, 60);
        Assert.InRange(messages.Count, 15_000, 60_000);
        Assert.All(messages, one => Assert.InRange(one.At, s_until.AddDays(-91), s_until.AddHours(1)));
        Assert.True(messages.Min(one => one.At) < s_until.AddDays(-85));
        Assert.Equal(messages.Count, messages.Select(one => one.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            company.People.Count(one => one.Email.Length > 0),
            company
                .People.Where(one => one.Email.Length > 0)
                .Select(one => one.Email)
                .Distinct(StringComparer.Ordinal)
                .Count()
        );
    }

    [Fact]
    public void Dice_OfASeedAndAName_FallTheSameInEveryRelease()
    {
        // They are part of the ids and contents of messages: other numbers would be other people.
        var dice = new DemoDice(360, "person 0");

        Assert.Equal([65, 59, 41, 29, 60], Enumerable.Range(0, 5).Select(_ => dice.Next(100)));
    }

    private static string TextOf(long seed, int people)
    {
        var company = new DemoCompany(seed, people);
        var crm = new DemoCrm(company, s_until);
        return new JsonArray([
            .. new DemoMessages(company, s_until).All().Select(one => one.Json),
            .. crm.ContactChanges(),
            .. crm.Deals(),
        ]).ToJsonString();
    }
}
