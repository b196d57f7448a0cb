using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Access;

/// <summary>What is shown of a field.</summary>
public sealed class FieldTableTests
{
    private const string Classes = """
        public: plan address.country
        personal: email phone address emails
        sensitive: health.*
        secret: ssn
        """;

    [Theory]
    [InlineData("personal=allow", "email", "allow")]
    [InlineData("personal=allow", "ssn", "withhold")]
    [InlineData("personal=allow", "Email", "withhold")]
    [InlineData("personal=allow", "e-mail", "withhold")]
    [InlineData("personal=allow", "emailer", "withhold")]
    [InlineData("personal=allow", "email.domain", "allow")]
    // A field beats its class, whichever of them shows less.
    [InlineData("personal=allow, phone=withhold", "phone", "withhold")]
    [InlineData("personal=withhold, phone=mask last4", "phone", "mask last4")]
    // Of two patterns the one that says more counts.
    [InlineData("personal=allow, address=withhold, address.country=allow", "address.country", "allow")]
    [InlineData("personal=allow, address=withhold, address.country=allow", "address.city", "withhold")]
    [InlineData("personal=withhold, public=allow", "address.country", "allow")]
    [InlineData("sensitive=allow", "health.notes", "allow")]
    [InlineData("sensitive=allow", "health", "withhold")]
    [InlineData("", "plan", "withhold")]
    public void Field_ByRules_IsShownAsTheMostExactSays(string rules, string field, string gives) =>
        Assert.Equal(gives, Table(Of(Classes, ("desk", Role(rules))), "desk").Of(field).ToString());

    [Theory]
    [InlineData("personal=allow", "personal=mask hash", "mask hash")]
    [InlineData("personal=mask hash", "personal=mask last4", "mask full")]
    [InlineData("personal=allow", "personal=withhold", "withhold")]
    [InlineData("personal=withhold", "email=allow", "allow")]
    [InlineData("email=withhold", "email=allow", "withhold")]
    [InlineData("", "personal=allow", "allow")]
    public void Field_OfTwoRoles_IsShownAsTheStricterRuleOfOneLevelSays(string one, string other, string gives)
    {
        AccessPolicy policy = Of(Classes, ("one", Role(one)), ("other", Role(other)));

        AccessRight right = Tables(policy).Decide(Roles("one", "other"), new Purpose(Use)).Value!;

        Assert.Equal(gives, right.Fields.Table!.Of("email").ToString());
    }

    [Theory]
    [InlineData("last4", "\"+4930123456\"", "\"***3456\"")]
    [InlineData("last4", "4930123456", "\"***3456\"")]
    [InlineData("last4", "\"1234\"", "\"***\"")]
    [InlineData("last4", "\"1234567\"", "\"***\"")]
    [InlineData("last4", "\"12345678\"", "\"***5678\"")]
    [InlineData("last4", "\"12345678\\uD83D\\uDE00abc\"", "\"***abc\"")]
    [InlineData("domain", "\"jane@example.com\"", "\"***@example.com\"")]
    [InlineData("domain", "\"jane\"", "\"***\"")]
    [InlineData("domain", "\"@example.com\"", "\"***\"")]
    [InlineData("domain", "\"x@my whole secret\"", "\"***\"")]
    [InlineData("domain", "12", "\"***\"")]
    [InlineData("year", "\"1984-05-06\"", "\"1984\"")]
    [InlineData("year", "\"1984-05-06T10:00:00Z\"", "\"1984\"")]
    [InlineData("year", "\"1984-05-067\"", "\"***\"")]
    [InlineData("year", "1984", "\"***\"")]
    [InlineData("full", "\"anything\"", "\"***\"")]
    [InlineData("full", "{\"a\":[1,2]}", "\"***\"")]
    [InlineData("last4", "true", "\"***\"")]
    [InlineData("hash", "false", "\"***\"")]
    [InlineData("hash", "null", "\"***\"")]
    [InlineData("last4", "[\"+4930123456\",[4930999999],true]", "[\"***3456\",[\"***9999\"],\"***\"]")]
    [InlineData(
        "last4",
        "{\"home\":\"+4930123456\",\"n\":{\"deep\":12345678}}",
        "{\"home\":\"***3456\",\"n\":{\"deep\":\"***5678\"}}"
    )]
    // A member that is named by data would tell it.
    [InlineData("last4", "{\"+4930123456\":true}", "\"***\"")]
    [InlineData("hash", "{\"jane@example.com\":1}", "\"***\"")]
    public void Value_Masked_TellsWhatItsMaskTells(string mask, string json, string shown)
    {
        FieldTable table = Table(Of(Classes, ("desk", Role($"personal=mask {mask}"))), "desk");

        Assert.Equal(shown, table.Show("phone", json));
    }

    [Fact]
    public void Hash_OfAValue_NeedsTheKeyAndTellsOnlyWhichAreEqual()
    {
        AccessPolicy policy = Of(Classes, ("desk", Role("personal=mask hash")));
        FieldTable table = Table(policy, "desk");
        string hash = table.Show("email", "\"jane@example.com\"")!;

        Assert.Matches("^\"h_[A-Za-z0-9_-]{22}\"$", hash);
        Assert.Equal(hash, table.Show("email", "\"jane@example.com\""));
        Assert.NotEqual(hash, table.Show("phone", "\"jane@example.com\""));
        Assert.NotEqual(hash, table.Show("email", "\"jane@example.org\""));
        Assert.Equal(hash, $"\"{table.Show(Id("email@eu:jane@example.com"))!.Value.Value}\"");
        AccessTables other = Tables(policy, new MaskKey(() => new byte[32]), new AccessFaults());
        FieldTable underAnotherKey = other.Decide(Roles("desk"), new Purpose(Use)).Value!.Fields.Table!;
        Assert.NotEqual(hash, underAnotherKey.Show("email", "\"jane@example.com\""));
    }

    [Fact]
    public void Value_WithOtherClassesInside_IsShownInParts()
    {
        FieldTable table = Table(Of(Classes, ("desk", Role("public=allow, sensitive=mask full"))), "desk");

        Assert.Equal(
            """{"country":"DE"}""",
            table.Show("address", """{"street":"Sesame","country":"DE","geo":{"country":"x"}}""")
        );
        Assert.Equal(
            """[{"country":"DE"}]""",
            table.Show("address", """[{"street":"Sesame","country":"DE"},{"city":"B"}]""")
        );
        Assert.Null(table.Show("address", """{"street":"Sesame"}"""));
        Assert.Null(table.Show("address", "\"Sesame 1\""));
        Assert.Equal("""{"notes":"***"}""", table.Show("health", """{"notes":"flu"}"""));
        Assert.Null(table.Show("health", "\"flu\""));
        Assert.Null(table.Show("health", "null"));
    }

    [Theory]
    [InlineData("""{"total":5,"email":"jane@x.com"}""", """{"total":5}""")]
    [InlineData("""{"customer":{"email":"jane@x.com","name":"shop"}}""", """{"customer":{"name":"shop"}}""")]
    [InlineData(
        """{"list":[{"ssn":"1"},{"sku":"a","deep":{"ssn":{"x":"1"}}}]}""",
        """{"list":[{},{"sku":"a","deep":{}}]}"""
    )]
    [InlineData("""{"plan":"pro"}""", """{"plan":"pro"}""")]
    public void Property_OfAnEvent_IsWithheldByItsNameWhereverItStands(string properties, string shown)
    {
        AccessPolicy policy = Of(Classes + "\ninternal: properties.*", ("desk", Role("internal=allow, public=allow")));
        using var document = System.Text.Json.JsonDocument.Parse(properties);

        byte[] json = Table(policy, "desk").ShowMembers(document.RootElement, FieldScope.Properties);

        Assert.Equal(shown, Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void Context_OfAMessage_HoldsNoIdentifiersAndItsTraitsAreAPersons()
    {
        AccessPolicy policy = Of(Classes + "\ninternal: context.*", ("desk", Role("internal=allow, public=allow")));
        using var document = System.Text.Json.JsonDocument.Parse(
            """{"ip":"1.2.3.4","externalIds":[{"id":"jane@x.com","type":"email"}],"traits":{"plan":"pro","ssn":"1","other":2},"email":"jane@x.com"}"""
        );

        byte[] json = Table(policy, "desk").ShowMembers(document.RootElement, FieldScope.Context);

        Assert.Equal("""{"ip":"1.2.3.4","traits":{"plan":"pro"}}""", Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void Value_ThatCanNotBeDecided_IsWithheldAndCounted()
    {
        var faults = new AccessFaults();
        AccessTables tables = Tables(
            Of(Classes, ("desk", Role("personal=mask hash, public=allow"))),
            new MaskKey(() => throw new IOException("The file is gone.")),
            faults
        );
        FieldTable table = tables.Decide(Roles("desk"), new Purpose(Use)).Value!.Fields.Table!;

        Assert.Null(table.Show("email", "{\"half"));
        Assert.Null(table.Show("email", "\"\\uD800\""));
        Assert.Null(table.Show("email", "\"jane@example.com\""));
        Assert.Null(table.Show(Id("email:jane@example.com")));
        Assert.Equal("\"pro\"", table.Show("plan", "\"pro\""));
        Assert.Equal(4, faults.Count);
    }

    /// <summary>The winner is masked, and so is who lost against it.</summary>
    [Theory]
    [InlineData(FieldSets.Provenance | FieldSets.Overruled)]
    [InlineData(FieldSets.Provenance)]
    [InlineData(FieldSets.None)]
    public void Profile_Verbose_TellsOfNoSourceWhatItWithholds(FieldSets sees)
    {
        AccessPolicy policy = Of(Classes, ("desk", Role("public=allow, phone=mask last4", sees)));
        ProfileView view = View(
            ["email:jane@winner.com", "user_id:u-1"],
            Profiles.Folds.Message(
                "\"type\":\"identify\",\"traits\":{\"plan\":\"pro\",\"ssn\":\"ssn-winner\",\"phone\":\"+49301110000\"}",
                2,
                "crm",
                "m1"
            ),
            Profiles.Folds.Message(
                "\"type\":\"identify\",\"traits\":{\"plan\":\"free\",\"ssn\":\"ssn-loser\",\"phone\":\"+49301110001\"}",
                1,
                "web",
                "m2"
            )
        );
        AccessRight right = Tables(policy).Decide(Roles("desk"), new Purpose(Use)).Value!;

        string plain = Encoding.UTF8.GetString(
            ProfileDocument.Render(view, MastershipPolicy.Latest, right.Of(view, default))
        );
        string verbose = Encoding.UTF8.GetString(
            ProfileDocument.RenderVerbose(view, MastershipPolicy.Latest, right.Of(view, default))
        );

        Assert.Equal(
            """{"customerId":"c_1","identifiers":[],"traits":{"phone":"***0000","plan":"pro"}""",
            plain[..plain.IndexOf(",\"consent\"", StringComparison.Ordinal)]
        );
        foreach (string hidden in (string[])["ssn-", "winner", "u-1", "+4930", "\"version\""])
        {
            Assert.DoesNotContain(hidden, plain, StringComparison.Ordinal);
            Assert.DoesNotContain(hidden, verbose, StringComparison.Ordinal);
        }

        Assert.Equal(sees.HasFlag(FieldSets.Overruled), verbose.Contains("***0001", StringComparison.Ordinal));
        Assert.Equal(sees.HasFlag(FieldSets.Overruled), verbose.Contains("\"free\"", StringComparison.Ordinal));
        Assert.Equal(sees.HasFlag(FieldSets.Provenance), verbose.Contains("\"crm\"", StringComparison.Ordinal));
        Assert.Contains("""{"field":"ssn","because":"class secret"}""", verbose, StringComparison.Ordinal);
        Assert.Contains("""{"field":"*","because":"unclassified"}""", verbose, StringComparison.Ordinal);
        Assert.Contains("""{"field":"phone","mask":"last4","because":"field"}""", verbose, StringComparison.Ordinal);
        Assert.Contains("""{"part":"timeline","because":"not granted"}""", verbose, StringComparison.Ordinal);
    }
}
