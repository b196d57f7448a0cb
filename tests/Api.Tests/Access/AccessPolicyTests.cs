using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Access;

/// <summary>What <c>access.yaml</c> may say.</summary>
public sealed class AccessPolicyTests
{
    private const string Good = """
        classes:
          public: [plan]
          personal: [email, phone, "address.*"]
          secret: [ssn]
        purposes: [support, ads]
        roles:
          desk:
            purposes: [support]
            read: {public: allow, personal: allow, phone: {mask: last4}}
            sees: [accounts, activity]
          shop:
            purposes: {ads: {read: {public: allow}, consent: required}}
            write: [public, email]
            does: [consent]
        overrides:
          eu: {roles: {desk: {read: {personal: {mask: hash}}, sees: [activity]}}}
        examples:
          - {input: {role: desk, purpose: support, field: phone}, expect: {gives: mask last4, because: field}}
          - {input: {role: desk, purpose: support, field: ssn}, expect: {gives: withhold, because: class secret}}
          - {input: {role: desk, purpose: support, field: hobby}, expect: {gives: withhold, because: unclassified}}
          - {input: {role: desk, purpose: ads, field: plan}, expect: {gives: withhold}}
          - {input: {role: shop, purpose: ads, field: plan}, expect: {gives: withhold, because: consent}}
          - {input: {role: shop, purpose: ads, field: plan, consent: granted}, expect: {gives: allow, because: class public}}
          - {region: eu, input: {role: desk, purpose: support, field: email}, expect: {gives: mask hash}}
        """;

    private static readonly PolicyKinds s_kinds = PolicyServices.KnownKinds();

    [Fact]
    public void File_ThatIsGood_IsReadAndItsExamplesHold()
    {
        PolicyReading<AccessPolicy> reading = s_kinds.Read<AccessPolicy>(Good);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        Assert.Equal(FieldClass.Personal, reading.Body!.Base.ClassOf("address.city"));
        Assert.Equal(["eu"], reading.Body.Overrides.Keys);
        Assert.Equal(2, reading.Body.Base.Roles["shop"].Write!.Value.Length);
        Assert.Null(reading.Body.Base.Roles["desk"].Write);
        Assert.Equal(RoleTasks.Consent, reading.Body.Base.Roles["shop"].Does);
        Assert.Equal(RoleTasks.None, reading.Body.Base.Roles["desk"].Does);
    }

    [Fact]
    public void Version_OfAFile_IsOfWhatItDecides()
    {
        string version = s_kinds.Read<AccessPolicy>(Good).Version!;

        Assert.Equal(version, s_kinds.Read<AccessPolicy>($"# a comment\n{Good}").Version);
        foreach (
            (string from, string to) in ((string, string)[])
                [
                    ("public: [plan]", "public: [plan, country]"),
                    ("phone: {mask: last4}", "phone: {mask: full}"),
                    ("sees: [accounts, activity]", "sees: [accounts, activity, events]"),
                    ("consent: required}}", "}}"),
                    ("write: [public, email]", "write: [public]"),
                    ("sees: [activity]", "sees: []"),
                    ("does: [consent]", "does: [consent, privacy]"),
                ]
        )
        {
            string examples = Good[..Good.IndexOf("examples", StringComparison.Ordinal)];
            Assert.NotEqual(
                s_kinds.Read<AccessPolicy>(examples).Version,
                s_kinds.Read<AccessPolicy>(examples.Replace(from, to, StringComparison.Ordinal)).Version
            );
        }
    }

    [Theory]
    [InlineData("secret: [ssn]", "secret: [ssn, plan]", "classes.secret: The field is in class public already")]
    [InlineData("secret: [ssn]", "secret: [\"*\"]", "classes.secret: A field is named by its path")]
    [InlineData("secret: [ssn]", "secret: [a*b]", "classes.secret: A field is named by its path")]
    [InlineData("secret: [ssn]", "secret: [public]", "classes.secret: A field is named by its path")]
    [InlineData("secret: [ssn]", "hidden: [ssn]", "classes.hidden: There is no such rule here.")]
    [InlineData(
        "purposes: [support, ads]",
        "purposes: [support, Ads]",
        "purposes: A name is 1 to 40 lower-case letters"
    )]
    [InlineData("purposes: [support]", "purposes: [suport]", "roles.desk.purposes: There is no such purpose.")]
    [InlineData("phone: {mask: last4}", "fax: {mask: last4}", "roles.desk.read.fax: The field has no class")]
    [InlineData("phone: {mask: last4}", "phone: {mask: last5}", "roles.desk.read.phone.mask: There is no such mask.")]
    [InlineData(
        "phone: {mask: last4}",
        "phone: deny",
        "roles.desk.read.phone: It must be allow, withhold or {mask: …}."
    )]
    [InlineData("sees: [accounts, activity]", "sees: [everything]", "roles.desk.sees: There is no such part.")]
    [InlineData(
        "consent: required",
        "consent: no",
        "roles.shop.purposes.ads.consent: It must be required, or left out."
    )]
    [InlineData("does: [consent]", "does: [everything]", "roles.shop.does: There is no such task.")]
    [InlineData("write: [public, email]", "write: [nothing]", "roles.shop.nothing: The field has no class")]
    [InlineData("  shop:", "  admin:", "roles.admin: The role is the same in every policy")]
    [InlineData("  shop:", "  Shop:", "roles.Shop: A name is 1 to 40 lower-case letters")]
    [InlineData("gives: mask hash", "gives: allow", "examples[6].expect.gives: The example fails")]
    // A region may only tighten.
    [InlineData(
        "personal: {mask: hash}",
        "personal: {mask: hash}, phone: allow",
        "overrides.eu.roles.desk.read: A region can't show more."
    )]
    [InlineData(
        "personal: {mask: hash}",
        "personal: {mask: hash}, phone: {mask: hash}",
        "overrides.eu.roles.desk.read: A region can't show more."
    )]
    [InlineData("personal: {mask: hash}", "secret: allow", "overrides.eu.roles.desk.read: A region can't show more.")]
    [InlineData(
        "personal: {mask: hash}",
        "address.street: {mask: full}, secret: {mask: full}",
        "overrides.eu.roles.desk.read: A region can't show more."
    )]
    [InlineData(
        "sees: [activity]",
        "sees: [activity, timeline]",
        "overrides.eu.roles.desk.sees: A region can't show more parts."
    )]
    [InlineData(
        "sees: [activity]",
        "purposes: [support, ads]",
        "overrides.eu.roles.desk.read: A region can't show more."
    )]
    [InlineData(
        "eu: {roles: {desk: {",
        "eu: {roles: {new: {purposes: [support], read: {public: allow}}, desk: {",
        "overrides.eu.roles.new.read: A region can't show more."
    )]
    [InlineData(
        "eu: {roles: {desk: {",
        "eu: {roles: {shop: {write: [personal]}, desk: {",
        "overrides.eu.roles.shop.write: A region can't let a role write more."
    )]
    [InlineData(
        "eu: {roles: {desk: {",
        "eu: {roles: {shop: {write: all}, desk: {",
        "overrides.eu.roles.shop.write: A region can't let a role write more."
    )]
    [InlineData(
        "eu: {roles: {desk: {",
        "eu: {roles: {shop: {does: [privacy]}, desk: {",
        "overrides.eu.roles.shop.does: A region can't let a role do more."
    )]
    [InlineData(
        "eu: {roles: {desk: {",
        "eu: {classes: {public: [ssn]}, roles: {desk: {",
        "overrides.eu.classes: A region can't override it."
    )]
    public void File_WithAFault_IsRefusedAtItsPlace(string from, string to, string fault)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);

        PolicyReading<AccessPolicy> reading = s_kinds.Read<AccessPolicy>(
            Good.Replace(from, to, StringComparison.Ordinal)
        );

        Assert.Contains(
            reading.Faults,
            one => $"{one.Rule}: {one.Message}".StartsWith(fault, StringComparison.Ordinal) && one.Line > 0
        );
    }

    [Theory]
    [InlineData("personal: {mask: hash}", "personal: withhold")]
    [InlineData("personal: {mask: hash}", "personal: {mask: hash}, address.street: withhold")]
    [InlineData("sees: [activity]", "consent: required")]
    [InlineData("eu: {roles: {desk: {", "eu: {roles: {shop: {write: [email]}, desk: {")]
    public void Region_ThatTightens_IsTaken(string from, string to)
    {
        string examples = Good[..Good.IndexOf("examples", StringComparison.Ordinal)];

        Assert.Empty(s_kinds.Read<AccessPolicy>(examples.Replace(from, to, StringComparison.Ordinal)).Faults);
    }

    [Fact]
    public void BuiltInFile_GivesEachReadyMadeRoleItsPurpose()
    {
        PolicyReading<AccessPolicy> reading = s_kinds.Read<AccessPolicy>(s_kinds.Of<AccessPolicy>().BuiltIn);

        Assert.True(reading.IsValid, string.Join('\n', reading.Faults));
        Assert.Equal(
            ["analytics", "marketing-automation", "personalization", "privacy-officer", "sales", "steward"],
            reading.Body!.Base.Roles.Keys
        );
        Assert.All(reading.Body.Base.Roles.Values, role => Assert.NotEmpty(role.Purposes));
        // Whatever nobody has classified, and passwords, are for nobody who asks for a purpose.
        Assert.Equal(FieldClass.Secret, reading.Body.Base.ClassOf("password"));
        Assert.Equal(FieldClass.Unclassified, reading.Body.Base.ClassOf("whatever"));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(reading.Body.Json).RootElement.ValueKind);
    }

    [Fact]
    public void ExampleFile_OfTheDocumentation_IsValid()
    {
        string text = File.ReadAllText(Repository.Path("docs", "policies", "access.yaml"));

        PolicyReading<AccessPolicy> reading = s_kinds.Read<AccessPolicy>(text);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
    }
}
