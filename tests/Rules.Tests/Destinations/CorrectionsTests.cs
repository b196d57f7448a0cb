using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What was sent is corrected wherever it may be, and never by what looks like data.</summary>
public sealed class CorrectionsTests
{
    private static readonly ImmutableArray<Identifier> s_known =
    [
        Identifier.Create("email", "a@x.com"),
        Identifier.Create("email", "b@x.com"),
        Identifier.Create("email", "c@x.com"),
        Identifier.Create("phone", "+491711234567"),
        Identifier.Create("user_id", "u-1"),
    ];

    [Fact]
    public void Correction_IsOneForEachIdentifierThatItsRequestNames()
    {
        DeliveryContent erasure = Erasure().Content;

        Assert.Equal(
            ["a@x.com +491711234567", "b@x.com +491711234567", "c@x.com +491711234567"],
            Corrections
                .OneByOne(erasure, ["type", "identifiers.email", "identifiers.phone"])
                .Select(one => $"{From("identifiers.email").ReadText(one)} {From("identifiers.phone").ReadText(one)}")
        );
        Assert.All(
            Corrections.OneByOne(erasure, ["identifiers.email"]),
            one => Assert.Equal("u-1", From("identifiers.user_id").ReadText(one))
        );
        Assert.Same(erasure, Assert.Single(Corrections.OneByOne(erasure, ["customerId", "type"])));
        Assert.Same(erasure, Assert.Single(Corrections.OneByOne(erasure, ["identifiers.passport"])));
    }

    [Fact]
    public void Csv_SaysOfEachLineWhatItIs_AndNamesAllIdentifiersOfWhoIsErased()
    {
        var options = new DeliveryFileOptions(
            IsCsv: true,
            [("email", From("identifiers.email")), ("type", From("type"))]
        );

        Assert.Equal(
            "email,type\r\nz@x.com,profile.changed\r\na@x.com,person.erased\r\nb@x.com,person.erased\r\nc@x.com,person.erased\r\n",
            Encoding.UTF8.GetString(FileLines.Of(options, [Person("c_9", "z@x.com"), Erasure()]))
        );
    }

    [Fact]
    public void Merge_AndSplit_NameBothCustomers_AsWebhooksDo()
    {
        var merged = new DeliveryContent(Effect.Merged("c_young", "c_old", "d_1", Noon), "c_young");
        var split = new DeliveryContent(Effect.Split("c_new", "c_whole", "d_2", Noon), "c_new");

        Assert.Equal(("c_old", "c_young", null), Names(merged));
        Assert.Equal(("c_new", null, "c_whole"), Names(split));

        static (string?, string?, string?) Names(DeliveryContent content) =>
            (
                From("customerId").ReadText(content),
                From("mergedCustomerId").ReadText(content),
                From("fromCustomerId").ReadText(content)
            );
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void Salesforce_OfAKeyThatAnAddressFolds_HasNone(string key)
    {
        var options = new CrmOptions(
            "Lead",
            "E__c",
            ImmutableSortedDictionary
                .Create<string, FieldSource>(StringComparer.Ordinal)
                .Add("E__c", From("identifiers.user_id"))
        );
        var content = new DeliveryContent(Changed().Effect, "c_1")
        {
            Identifiers = [Identifier.Create("user_id", key)],
        };

        Assert.Null(SalesforceUpsert.KeyOf(options, content));
    }

    private static OutgoingItem Erasure()
    {
        Effect erased = Effect.Erased("c_1", "pr_1", s_known, Noon);
        return new OutgoingItem(
            Of(erased, sentBefore: true),
            new DeliveryContent(erased, "c_1") { Identifiers = s_known }
        );
    }
}
