using Customer360.Rules.Accounts;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles;

/// <summary>Who left a company belongs to it no more, in whatever order it is told.</summary>
public sealed class StandingAccountsTests
{
    private const string Group = "\"type\":\"group\",\"groupId\":\"acme\"";

    private const string Left = "\"type\":\"track\",\"event\":\"CRM Company Left\",\"context\":{\"groupId\":\"acme\"}";

    [Theory]
    [InlineData(1, 2, "")]
    [InlineData(2, 1, "acme")]
    [InlineData(2, 2, "acme")]
    public void Person_WhoIsSaidToHaveLeft_BelongsUnlessSheIsLinkedAgain(int linked, int left, string expected)
    {
        Envelope[] messages = [Message(Group, linked, "crm", "m-1"), Message(Left, left, "crm", "m-2")];

        Assert.Equal(expected, Accounts(Of(messages)));
        Assert.Equal(expected, Accounts(Of(messages.Reverse())));
        Assert.Equal(expected, Accounts(FromJson(Json(Of(messages)))));
        Assert.Equal(expected.Length > 0 ? 1 : 0, MembersOf(messages));
        Assert.Equal(expected.Length > 0 ? 1 : 0, MembersOf(messages.Reverse()));
    }

    [Fact]
    public void Person_OfWhomOnlyTheLeavingIsKnown_BelongsNowhere_AlsoWhenItIsStored()
    {
        Envelope[] messages = [Message(Left, 1, "crm")];

        ProfileFold stored = FromJson(Json(Of(messages)));

        Assert.Equal(Of(messages), stored);
        Assert.Equal("", Accounts(stored));
        Assert.Equal(0, MembersOf(messages));
        // The link of before comes late.
        Assert.Equal("", Accounts(stored.Apply(Message(Group, 0, "crm", "m-2"), new LogPlace(0, 9))));
    }

    /// <summary>Anybody can send what a browser's key may.</summary>
    [Fact]
    public void Person_WhomAPublicKeySendsAway_Stays()
    {
        Envelope[] messages = [Message(Group, 1, "crm", "m-1"), Message(Left, 2, "web", "m-2", SourceTrust.Public)];

        Assert.Equal("acme", Accounts(Of(messages)));
        Assert.Equal(1, MembersOf(messages));
    }

    /// <summary>One of two identifiers left; the account counts persons.</summary>
    [Fact]
    public void Member_UnderTwoIdentifiers_IsGoneWhenTheLastWordIsThatSheLeft()
    {
        AccountMemberEntry browser = new(Identifier.Create("anonymous_id", "a"), At(1), At(2));
        AccountMemberEntry contact = new(Identifier.Create("user_id", "u"), At(1), At(1)) { LeftAt = At(3) };

        Assert.Empty(AccountPersons.Of([browser, contact], ["c1", "c1"]));
        Assert.Equal(
            ["anonymous_id:a"],
            AccountPersons.Of([browser, contact], ["c1", "c2"]).Select(one => one.Identifier.ToString())
        );
        Assert.Single(AccountPersons.Of([browser with { LastAt = At(4) }, contact], ["c1", "c1"]));
    }

    [Theory]
    [InlineData(1, "other, salesforce.account:2")]
    [InlineData(2, "other, salesforce.account:1, salesforce.account:2")]
    [InlineData(0, "other, salesforce.account:2")]
    public void Contact_OfSalesforce_BelongsToTheAccountThatItWasGivenLast(int contacts, string expected)
    {
        AccountLink[] links =
        [
            new("other", At(1), At(1)),
            new("salesforce.account:1", At(1), At(2)),
            new("salesforce.account:2", At(1), At(3)),
        ];
        ProfileIdentifier[] identifiers =
        [
            .. Enumerable
                .Range(0, contacts)
                .Select(number => new ProfileIdentifier(
                    Identifier.Create(CrmIdentifiers.SalesforceContact, $"c{number}"),
                    "m",
                    "crm",
                    At(1),
                    "v1"
                )),
        ];

        Assert.Equal(expected, Text(StandingAccounts.Of([.. links], [.. identifiers])));
    }

    private static DateTimeOffset At(int day) => new(2026, 11, day, 0, 0, 0, TimeSpan.Zero);

    private static string Accounts(ProfileFold fold) => Text(StandingAccounts.Of(fold.Accounts, []));

    private static string Text(IEnumerable<AccountLink> links) => string.Join(", ", links.Select(link => link.GroupId));

    private static int MembersOf(IEnumerable<Envelope> messages)
    {
        AccountFold account = messages
            .Where(AccountFold.Concerns)
            .Aggregate(AccountFold.Empty, (fold, message) => fold.Apply(message, PlaceOf(message)));
        return AccountPersons.Of(account.Members, [.. account.Members.Select(_ => (string?)"c1")]).Length;
    }
}
