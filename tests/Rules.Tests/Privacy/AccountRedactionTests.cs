using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Privacy;

/// <summary>A person who is erased is gone from what is known of her company, wherever people have written her down.</summary>
public sealed class AccountRedactionTests
{
    private static readonly ErasureTargets s_jane = new([Identifier.Parse("email:jane@x.com")]);

    [Theory]
    [InlineData("name")]
    [InlineData("stage")]
    [InlineData("amount")]
    [InlineData("currency")]
    [InlineData("closeDate")]
    [InlineData("owner")]
    public void Deal_WithHerInAText_IsKeptWithoutIt(string member)
    {
        AccountFold account = Deal($"\"{member}\":\"with Jane@x.com\"");

        AccountFold redacted = AccountRedaction.Redact(account, s_jane);

        Assert.DoesNotContain("jane", Json(redacted), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("1", Assert.Single(redacted.Opportunities).Id);
    }

    [Fact]
    public void Deal_WithHerInARole_IsKeptWithoutIt()
    {
        AccountFold account = Deal(
            "\"contacts\":[{\"type\":\"hubspot.contact\",\"id\":\"7:1\",\"role\":\"boss of jane@x.com\"}]"
        );

        Assert.DoesNotContain("jane", Json(AccountRedaction.Redact(account, s_jane)), StringComparison.Ordinal);
    }

    [Fact]
    public void Account_WithoutHer_IsTheSame()
    {
        AccountFold account = Deal("\"name\":\"Big deal\"");

        Assert.Same(account, AccountRedaction.Redact(account, s_jane));
    }

    private static AccountFold Deal(string members) =>
        AccountFold.Empty.Apply(
            Accept(
                "{\"type\":\"track\",\"userId\":\"crm\",\"messageId\":\"m\",\"event\":\"CRM Opportunity Changed\",\"context\":{"
                    + "\"groupId\":\"acme\"},\"properties\":{\"recordId\":\"1\","
                    + members
                    + "}}"
            ),
            new LogPlace(0, 1)
        );

    private static string Json(AccountFold fold)
    {
        using var buffer = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            fold.WriteJson(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
