using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Api.Demo;

/// <summary>A company that is a customer, or could be one.</summary>
internal sealed record DemoAccount(
    string Id,
    string Name,
    string Domain,
    string Industry,
    string Country,
    string Language,
    string Territory,
    int Employees
);

/// <summary>What the grid is to learn of somebody.</summary>
internal enum DemoKind
{
    /// <summary>Has signed up: user id, e-mail address, several devices.</summary>
    User = 0,

    /// <summary>Has filled in a form: e-mail address, a device or two.</summary>
    Contact = 1,

    /// <summary>Only looks.</summary>
    Visitor = 2,
}

/// <param name="Number">From 0.</param>
/// <param name="Account">Null: nobody knows for whom they work.</param>
/// <param name="Email">Empty: not known.</param>
/// <param name="Devices">Their anonymous ids, the first one first.</param>
internal sealed record DemoPerson(
    int Number,
    DemoKind Kind,
    string FirstName,
    string LastName,
    string Email,
    string Title,
    DemoAccount? Account,
    ImmutableArray<string> Devices
)
{
    public string? UserId { get; init; }

    /// <summary>By what the grid knows the person best: <c>type:value</c>.</summary>
    public string Identifier =>
        UserId is not null ? $"user_id:{UserId}"
        : Email.Length > 0 ? $"email:{Email}"
        : $"anonymous_id:{Devices[0]}";
}

/// <param name="Stage"><c>proposal</c>, <c>won</c> or <c>lost</c>.</param>
internal sealed record DemoDeal(
    string Id,
    DemoPerson Person,
    string Owner,
    string Stage,
    int Amount,
    DateTimeOffset At
);

/// <summary>
/// A believable small company's customers, made of a seed and nothing else: the same seed gives the same people, and of more people the
/// first ones are the same. It knows no time but the one that it is given, and sends nothing.
/// </summary>
internal sealed class DemoCompany
{
    public const int AccountsMax = 60;
    public const int WrongMergesMax = 6;

    private const int PeopleAnAccount = 25;

    public DemoCompany(long seed, int people)
    {
        Seed = seed;
        Accounts = [.. Enumerable.Range(0, Math.Clamp(people / PeopleAnAccount, 3, AccountsMax)).Select(Account)];
        People = [.. Enumerable.Range(0, people).Select(Person)];
    }

    public long Seed { get; }

    public ImmutableArray<DemoAccount> Accounts { get; }

    public ImmutableArray<DemoPerson> People { get; }

    /// <summary>
    /// Two people who gave one telephone number, the reception's, for their own: the grid takes them for one, until somebody mends it.
    /// </summary>
    public ImmutableArray<(DemoPerson Owner, DemoPerson Guest)> WrongMerges
    {
        get
        {
            DemoPerson[] contacts = [.. People.Where(one => one.Kind == DemoKind.Contact)];
            int pairs = Math.Clamp(People.Length / 50, 1, WrongMergesMax);
            return
            [
                .. Enumerable
                    .Range(0, Math.Min(pairs, contacts.Length / 2))
                    .Select(at => (contacts[2 * at], contacts[(2 * at) + 1])),
            ];
        }
    }

    /// <summary>About as many as half of the companies, each with somebody who works there.</summary>
    /// <param name="until">When the ninety days end.</param>
    public ImmutableArray<DemoDeal> Deals(DateTimeOffset until)
    {
        var deals = ImmutableArray.CreateBuilder<DemoDeal>();
        foreach (DemoAccount account in Accounts)
        {
            var dice = new DemoDice(Seed, $"deal {account.Id}");
            DemoPerson[] all = [.. People.Where(one => one.Account == account && one.Email.Length > 0)];
            DemoPerson[] asking = [.. all.Where(one => one.Kind == DemoKind.Contact)];

            // Who buys has asked before, where anybody of the company has.
            DemoPerson[] known = asking.Length > 0 ? asking : all;
            if (known.Length == 0 || !dice.Chance(60))
            {
                continue;
            }

            string stage = dice.Pick((string[])["proposal", "proposal", "won", "lost"]);
            int amount = dice.Between(20, 900) * 100;
            deals.Add(
                new DemoDeal(
                    $"deal-{account.Id}",
                    dice.Pick(known),
                    dice.Pick((string[])["ann", "bob", "kim"]),
                    stage,
                    amount,
                    until.AddDays(-dice.Between(1, 40))
                )
            );
        }

        return deals.DrainToImmutable();
    }

    private DemoAccount Account(int number)
    {
        var dice = new DemoDice(Seed, $"account {Text(number)}");
        int first = number % DemoNames.CompanyFirst.Length;
        int second = ((number / DemoNames.CompanyFirst.Length) + number) % DemoNames.CompanySecond.Length;
        string name = $"{DemoNames.CompanyFirst[first]} {DemoNames.CompanySecond[second]}";
        string id = name.ToLowerInvariant().Replace(' ', '-');
        (string country, string language, string territory) = dice.Pick(DemoNames.Places);
        return new DemoAccount(
            id,
            name,
            $"{id}.example",
            DemoNames.Industries[second],
            country,
            language,
            territory,
            dice.Pick((int[])[12, 40, 85, 150, 420, 1_200, 6_000])
        );
    }

    private DemoPerson Person(int number)
    {
        var dice = new DemoDice(Seed, $"person {Text(number)}");
        DemoKind kind = (number % 10) switch
        {
            < 5 => DemoKind.User,
            < 8 => DemoKind.Contact,
            _ => DemoKind.Visitor,
        };
        string first = dice.Pick(DemoNames.First);
        string last = dice.Pick(DemoNames.Last);
        DemoAccount? account = dice.Chance(65) ? Accounts[number % Accounts.Length] : null;
        string domain = account?.Domain ?? dice.Pick(DemoNames.FreeMail);
        string mailbox = $"{first}.{last}.{Text(number)}".ToLowerInvariant();
        int devices =
            kind == DemoKind.Visitor ? 1
            : kind == DemoKind.Contact ? dice.Between(1, 2)
            : dice.Between(2, 3);
        return new DemoPerson(
            number,
            kind,
            first,
            last,
            kind == DemoKind.Visitor ? "" : $"{mailbox}@{domain}",
            dice.Pick(DemoNames.Titles),
            account,
            [.. Enumerable.Range(0, devices).Select(device => $"demo-{Text(Seed)}-{Text(number)}-{Text(device)}")]
        )
        {
            UserId = kind == DemoKind.User ? $"demo-{Text(Seed)}-u{Text(number)}" : null,
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
