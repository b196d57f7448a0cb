using System.Collections.Frozen;
using Customer360.Rules.Accounts;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Accounts;

/// <summary>To which account a person belongs: the one function for routing and for reports.</summary>
public sealed class AccountMatchingTests
{
    private static readonly AccountMatchingPolicy s_policy = AccountMatchingPolicy.Default;
    private static readonly DateTimeOffset s_day = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1_000);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Match_ByADomainThatIsOnlyClaimed_LosesAgainstWhoIsBelieved()
    {
        AccountCard claimed = Card("a1", "acme.com") with { AreDomainsClaimed = true, HasOpenOpportunity = true };
        var clues = new AccountClues { Emails = ["jane@sales.acme.com"] };

        Assert.Equal("a2", AccountMatching.Match(s_policy, clues, [claimed, Card("a2", "acme.com")]).AccountId);
        Assert.Equal("a1", AccountMatching.Match(s_policy, clues, [claimed]).AccountId);
    }

    [Fact]
    public void Match_ByStrongerEvidence_ComesFirst()
    {
        AccountCard byDomain = Card("a1", "acme.com");
        AccountCard byGroup = Card("a2") with { GroupIds = ["g1"] };
        AccountCard byCrm = Card("a3") with { CrmIds = ["001X"] };
        AccountClues clues = new()
        {
            Emails = ["j@acme.com"],
            GroupIds = ["g1"],
            CrmAccountIds = ["001X"],
        };

        AccountMatch all = AccountMatching.Match(s_policy, clues, [byDomain, byGroup, byCrm]);

        Assert.Equal(
            ["a3 CrmRelation 001X", "a2 GroupCall g1", "a1 EmailDomain acme.com"],
            all.Candidates.Select(one => $"{one.AccountId} {one.Evidence} {one.Clue}")
        );
        Assert.Equal(("a3", AccountEvidence.CrmRelation, null), (all.AccountId, all.Evidence, all.DecidedBy));
        Assert.Equal("a2", AccountMatching.Match(s_policy, clues, [byDomain, byGroup]).AccountId);
    }

    [Theory]
    [InlineData("j@acme.com", "acme.com", AccountEvidence.EmailDomain)]
    [InlineData("J@ACME.com", "acme.com", AccountEvidence.EmailDomain)]
    [InlineData("j@mail.eu.acme.com", "acme.com", AccountEvidence.ParentDomain)]
    [InlineData("j@shop.acme.co.uk", "acme.co.uk", AccountEvidence.ParentDomain)]
    [InlineData("j@acme.co.uk", "co.uk", AccountEvidence.None)]
    [InlineData("j@acme.com", "com", AccountEvidence.None)]
    [InlineData("j@notacme.com", "acme.com", AccountEvidence.None)]
    [InlineData("j@acme.com", "eu.acme.com", AccountEvidence.None)]
    [InlineData("j@gmail.com", "gmail.com", AccountEvidence.None)]
    [InlineData("j@de.yahoo.com", "yahoo.com", AccountEvidence.None)]
    [InlineData("j@mailinator.com", "mailinator.com", AccountEvidence.None)]
    [InlineData("j@acme.github.io", "github.io", AccountEvidence.None)]
    [InlineData("j@acme.github.io", "acme.github.io", AccountEvidence.EmailDomain)]
    [InlineData("no address", "acme.com", AccountEvidence.None)]
    public void Match_ByTheDomain_KnowsWhatItSays(string email, string domain, AccountEvidence evidence) =>
        Assert.Equal(
            evidence,
            AccountMatching.Match(s_policy, new AccountClues { Emails = [email] }, [Card("a1", domain)]).Evidence
        );

    [Fact]
    public void Match_OfFreeMail_SaysWhyItIsLeftOut()
    {
        AccountClues clues = new()
        {
            Emails = ["j@gmail.com", "j@trashmail.com", "j@acme.com", "j@co.uk", "j@localhost"],
        };

        AccountMatch match = AccountMatching.Match(s_policy, clues, [Card("a1", "acme.com")]);

        Assert.Equal("a1", match.AccountId);
        Assert.Equal(
            ["co.uk Suffix", "gmail.com FreeMail", "localhost NoDomain", "trashmail.com Disposable"],
            match.LeftOut.Select(one => $"{one.Domain} {one.Because}")
        );
    }

    [Fact]
    public void Match_WhereDomainsAreOff_AsksNone()
    {
        AccountMatchingPolicy off = s_policy with { Domains = DomainUse.Off };

        Assert.Null(
            AccountMatching.Match(off, new AccountClues { Emails = ["j@acme.com"] }, [Card("a1", "acme.com")]).AccountId
        );
    }

    [Fact]
    public void Match_OfTheNearerDomain_ComesBeforeItsParent()
    {
        AccountCard group = Card("a1", "acme.com") with { HasOpenOpportunity = true };
        AccountCard labs = Card("a2", "labs.acme.com");

        AccountMatch match = AccountMatching.Match(
            s_policy,
            new AccountClues { Emails = ["j@labs.acme.com"] },
            [group, labs]
        );

        Assert.Equal(("a2", AccountEvidence.EmailDomain), (match.AccountId, match.Evidence));
    }

    [Theory]
    [InlineData(AccountTieBreaker.OpenOpportunity)]
    [InlineData(AccountTieBreaker.Customer)]
    [InlineData(AccountTieBreaker.SameTerritory)]
    [InlineData(AccountTieBreaker.SameCountry)]
    [InlineData(AccountTieBreaker.OwnerActive)]
    [InlineData(AccountTieBreaker.Tier)]
    [InlineData(AccountTieBreaker.MostContacts)]
    [InlineData(AccountTieBreaker.LatestActivity)]
    [InlineData(AccountTieBreaker.Oldest)]
    [InlineData(AccountTieBreaker.Id)]
    public void Match_OfAccountsOfOneDomain_IsDecidedByTheTieBreaker(AccountTieBreaker breaker)
    {
        // Where nothing else differs the first id would win: so the winner of a tie-breaker is the second.
        AccountCard first = Card("a1", "acme.com");
        AccountCard second = Card("a2", "acme.com");
        second = breaker switch
        {
            AccountTieBreaker.OpenOpportunity => second with { HasOpenOpportunity = true },
            AccountTieBreaker.Customer => second with { IsCustomer = true },
            AccountTieBreaker.SameTerritory => second with { Territory = "emea" },
            AccountTieBreaker.SameCountry => second with { Country = "DE" },
            AccountTieBreaker.OwnerActive => second with { IsOwnerActive = true },
            AccountTieBreaker.Tier => second with { Tier = 2 },
            AccountTieBreaker.MostContacts => second with { Contacts = 1 },
            AccountTieBreaker.LatestActivity => second with { LastActivityAt = s_day },
            AccountTieBreaker.Oldest => second with { CreatedAt = s_day.AddDays(-1) },
            _ => second,
        };
        AccountClues clues = new()
        {
            Emails = ["j@acme.com"],
            Country = "DE",
            Territory = "emea",
        };

        AccountMatch match = AccountMatching.Match(s_policy, clues, [first, second]);

        Assert.Equal(breaker, match.DecidedBy);
        Assert.Equal(breaker == AccountTieBreaker.Id ? "a1" : "a2", match.AccountId);
    }

    [Fact]
    public void Match_OfAccountsInAnyOrder_IsTheSame() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    AccountCard[] cards =
                    [
                        .. Enumerable
                            .Range(0, 8)
                            .Select(n =>
                                Card($"a{n}", random.Next(2) == 0 ? "acme.com" : "eu.acme.com") with
                                {
                                    IsCustomer = random.Next(2) == 0,
                                    Contacts = random.Next(3),
                                    GroupIds = random.Next(4) == 0 ? ["g1"] : [],
                                }
                            ),
                    ];
                    AccountClues clues = new() { Emails = ["j@eu.acme.com", "j@acme.com"], GroupIds = ["g1"] };
                    AccountMatch one = AccountMatching.Match(s_policy, clues, cards);
                    AccountMatch other = AccountMatching.Match(
                        s_policy,
                        clues with
                        {
                            Emails = ["j@acme.com", "j@eu.acme.com"],
                        },
                        [.. cards.OrderBy(_ => random.Next())]
                    );
                    return one.Candidates.SequenceEqual(other.Candidates) && one.DecidedBy == other.DecidedBy;
                }
            )
            .Check(s_many);

    [Fact]
    public void LookUps_OfADomain_GoDownToTheOneThatCanBeRegistered()
    {
        AccountMatchingPolicy own = s_policy with { Suffixes = s_policy.Suffixes.Append("apps.example").ToFrozenSet() };

        Assert.Equal(
            ["a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk"],
            AccountDomains.LookUps("a.b.acme.co.uk", own).AsEnumerable()
        );
        Assert.Equal(["x.apps.example"], AccountDomains.LookUps("x.apps.example", own).AsEnumerable());
        Assert.Empty(AccountDomains.LookUps("gmail.com", own));
        Assert.Equal("bücher.de", AccountDomains.OfEmail("a@xn--bcher-kva.de"));
        Assert.Equal("bücher.de", AccountDomains.OfEmail("a@B\u00fccher.de"));
        Assert.Equal("bücher.de", AccountDomains.Normal("XN--bcher-kva.de"));
    }

    private static AccountCard Card(string id, params string[] domains) =>
        new(id) { Domains = [.. domains], CreatedAt = s_day };
}
