using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.FieldCases;

/// <summary>
/// A store goes by the reading that it was written with. A release that reads otherwise must say so, or repeats of messages
/// from before would count twice.
/// </summary>
public sealed class ReadingVersionTests
{
    private static readonly string[] s_values =
    [
        "1234",
        "1234.0",
        "1.234e3",
        "-7.50",
        "\"Jane\"",
        "\" jane \"",
        "\"jane\\u200b\"",
        "\"ju\\u0308@example.com\"",
        "\"J@M\\u00dcNCHEN.example\"",
        "\"j@xn--mnchen-3ya.example\"",
        "\"mailto:J@example.com\"",
        "\"j@\uff45xample.com\"",
        "\"+1 (415) 555-0142\"",
        "\"+4930901820.0\"",
        "\"undefined\"",
        "\"NONE\"",
        "\"9774d56d682e549c\"",
        "\"a\\u0000b\"",
        "\"a\\ud800b\"",
        "true",
        "1e999",
    ];

    /// <summary>
    /// Where this fails, messages are read otherwise than before: raise <see cref="ReadingVersion.Number"/>, then pin what it
    /// says now.
    /// </summary>
    [Fact]
    public void Readings_OfThisVersion_AreTheseToTheByte()
    {
        var readings = new StringBuilder();
        readings.Append(Encoding.UTF8.GetString(IdentityRulesJson.WriteAnchoring(IdentityRules.Default))).Append('\n');
        foreach (string value in s_values)
        {
            Envelope envelope = Accept(
                $$"""
                {"type":"group","userId":{{value}},"anonymousId":{{value}},"groupId":{{value}},"messageId":{{value}},
                 "properties":{"email":{{value}},"phone":{{value}}},
                 "context":{"traits":{"email":{{value}},"phone":{{value}}},"groupId":{{value}},
                  "device":{"id":{{value}},"token":{{value}},"advertisingId":{{value}},"adTrackingEnabled":true,"type":"android"},
                  "externalIds":[{"id":{{value}},"type":"ios.id"},{"id":"always","type":"ga_client_id"}] } }
                """
            );
            readings
                .Append(value)
                .Append(' ')
                .Append(string.Join(' ', IdsOf(envelope)))
                .Append(" | ")
                .Append(envelope.GroupId)
                .Append(" | ")
                .Append(envelope.MessageId.StartsWith("derived-", StringComparison.Ordinal) ? "" : envelope.MessageId)
                .Append('\n');
        }

        string pinned = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(readings.ToString())))[..20];
        Assert.Equal("4, libphonenumber 9.0.43", ReadingVersion.Of(new Customer360.Phones.LibPhoneNumbers()));
        Assert.True(pinned == "5d9aa01f907afe02b426", $"{pinned}\n{readings}");
    }
}
