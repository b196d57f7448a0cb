using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Crm.Verification;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Tests.Crm.Sources;

public sealed class SourcesPolicyTests
{
    private const string Rules =
        "'id':'$.id','rules':[{'name':'seen','type':'identify','identifiers':{'email':'$.email'},'fields':{'plan':'$.plan'}}]";

    private const string Shop = "'shop':{'verify':{'template':'shopify'}," + Rules + "}";

    [Fact]
    public void Read_WhenATemplateIsNamed_ProvesByIt()
    {
        Assert.Equal(VerificationTemplates.All["shopify"], Source(Shop).Verification);
        var stripe = (SignatureTemplate)
            SourceFiles.Shop($"'verify':{{'template':'stripe','windowSeconds':60}},{Rules}").Verification;
        Assert.Equal(60, stripe.Timestamp!.WindowSeconds);
        Assert.Equal("{timestamp}.{body}", stripe.Content.Text);
    }

    [Fact]
    public void Read_WhenATemplateIsWrittenOut_ItIsTheSameAsTheReadyOne()
    {
        WebhookSource standard = SourceFiles.Shop(
            "'verify':{'header':['webhook-signature','svix-signature'],'content':'{id}.{timestamp}.{body}','encoding':'base64',"
                + "'keyEncoding':'prefixed','separator':' ','assignment':',','signatureName':'v1','idHeader':['webhook-id','svix-id'],"
                + $"'timestampHeader':['webhook-timestamp','svix-timestamp'],'windowSeconds':300}},{Rules}"
        );
        WebhookSource hubSpot = SourceFiles.Shop(
            $"'verify':{{'header':'X-HubSpot-Signature','content':'{{secret}}{{body}}','keyed':false}},{Rules}"
        );
        WebhookSource token = SourceFiles.Shop($"'verify':{{'scheme':'body','name':'$.token'}},{Rules}");

        Assert.Equal(VerificationTemplates.All["standard-webhooks"], standard.Verification);
        Assert.Equal(VerificationTemplates.All["hubspot-v1"], hubSpot.Verification);
        Assert.Equal(VerificationTemplates.All["zoho"], token.Verification);
    }

    [Theory]
    [InlineData("'Shop':{'verify':{'template':'github'}," + Rules + "}", "sources.Shop: A source is named by")]
    [InlineData("'a__b':{'verify':{'template':'github'}," + Rules + "}", "sources.a__b: A source is named by")]
    [InlineData(
        "'shop':{" + Rules + "}",
        "sources.shop.verify: It is missing: anybody could send in the source's name."
    )]
    [InlineData(
        "'shop':{'kind':'other','verify':{'template':'github'}," + Rules + "}",
        "sources.shop.kind: It must be one of"
    )]
    [InlineData(
        "'shop':{'verify':{'template':'github'},'id':'$.id'}",
        "sources.shop.rules: It must be a list of rules."
    )]
    [InlineData(
        "'shop':{'verify':{'template':'nobody'}," + Rules + "}",
        "sources.shop.verify.template: There is no such template."
    )]
    [InlineData(
        "'shop':{'verify':{'template':'github','header':'X'}," + Rules + "}",
        "sources.shop.verify.header: A template says that already"
    )]
    [InlineData(
        "'shop':{'verify':{'template':'github','windowSeconds':60}," + Rules + "}",
        "sources.shop.verify.windowSeconds: The template has no time"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{timestamp}'}," + Rules + "}",
        "sources.shop.verify.content: It must have {body}"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{timestamp}{body}'}," + Rules + "}",
        "sources.shop.verify.content: It has {timestamp}"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{id}{body}'}," + Rules + "}",
        "sources.shop.verify.content: It has {id}"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{body}','timestampHeader':'T'}," + Rules + "}",
        "sources.shop.verify.content: It must have {timestamp}"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{body}','keyed':false}," + Rules + "}",
        "sources.shop.verify.content: It must have {secret}"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{secret}{body}'}," + Rules + "}",
        "sources.shop.verify.content: It must have {secret}"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{body}','separator':','}," + Rules + "}",
        "sources.shop.verify.separator: It is for a header that is a list"
    )]
    [InlineData(
        "'shop':{'verify':{'header':'X','content':'{body}','windowSeconds':60}," + Rules + "}",
        "sources.shop.verify.windowSeconds: There is no time"
    )]
    [InlineData(
        "'shop':{'verify':{'scheme':'bearer','header':'X'}," + Rules + "}",
        "sources.shop.verify.header: It is for signatures."
    )]
    [InlineData("'shop':{'verify':{'scheme':'query'}," + Rules + "}", "sources.shop.verify.name: It is missing.")]
    [InlineData(
        "'shop':{'verify':{'scheme':'body','name':'token'}," + Rules + "}",
        "sources.shop.verify.name: It must be a path"
    )]
    [InlineData(
        "'crm':{'kind':'hubspot','verify':{'template':'hubspot'},'accounts':['x']}",
        "sources.crm.accounts: It must be the number"
    )]
    [InlineData(
        "'crm':{'kind':'salesforce','verify':{'template':'salesforce'},'organizations':['x']}",
        "sources.crm.organizations: It must be an organization's id"
    )]
    [InlineData(
        "'crm':{'kind':'hubspot','verify':{'template':'hubspot'}," + Rules + "}",
        "sources.crm.id: There is no such rule here."
    )]
    public void Read_WhenASourceIsWrong_SaysWhere(string source, string fault) =>
        Assert.Contains(
            SourceFiles.Faults($"{{'sources':{{{source}}}}}"),
            found => found.StartsWith(fault, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("{'type':'identify','identifiers':{'email':'$.e'}}", "name: It is missing.")]
    [InlineData("{'name':'a b','type':'identify','identifiers':{'email':'$.e'}}", "name: It must be of letters")]
    [InlineData("{'name':'a','identifiers':{'email':'$.e'}}", "type: It is missing.")]
    [InlineData("{'name':'a','type':'upsert','identifiers':{'email':'$.e'}}", "type: It must be one of")]
    [InlineData("{'name':'a','type':'identify'}", "identifiers: It must say whom the record is about")]
    [InlineData("{'name':'a','type':'identify','identifiers':{'email':'e'}}", "identifiers.email: It must be a path")]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'a:b':'$.e'}}",
        "identifiers.a:b: A type of identifiers has no colon."
    )]
    [InlineData("{'name':'a','type':'track','identifiers':{'email':'$.e'}}", "event: It is missing.")]
    [InlineData("{'name':'a','type':'group','identifiers':{'email':'$.e'}}", "group: It is missing.")]
    [InlineData(
        "{'name':'a','type':'identify','group':'$.g','identifiers':{'email':'$.e'}}",
        "group: It is for rules of type group."
    )]
    [InlineData("{'name':'a','type':'skip'}", "because: It is missing.")]
    [InlineData("{'name':'a','type':'read','object':'$.o'}", "record: It is missing.")]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'when':{'x':'y'}}",
        "when.x: It must be a path"
    )]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'timeUnit':'minor'}",
        "timeUnit: It must be one of: usual"
    )]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'fields':{'f':{'type':'text'}}}",
        "fields.f: It must have either path or constant."
    )]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'fields':{'f':{'path':'$.f','type':'money'}}}",
        "fields.f.currency: It is missing."
    )]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'fields':{'f':{'path':'$.f','unit':'seconds'}}}",
        "fields.f.unit: Times have the units"
    )]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'fields':{'f':{'path':'$.f','separator':','}}}",
        "fields.f.separator: It is for lists."
    )]
    [InlineData(
        "{'name':'a','type':'identify','identifiers':{'email':'$.e'},'fields':{'f':{'path':'$.f','currency':'EUR'}}}",
        "fields.f.currency: It is for money."
    )]
    public void Read_WhenARuleIsWrong_SaysWhere(string rule, string fault) =>
        Assert.Contains(
            SourceFiles.Faults(
                $"{{'sources':{{'shop':{{'verify':{{'template':'github'}},'id':'$.id','rules':[{rule}]}}}}}}"
            ),
            found => found.StartsWith($"sources.shop.rules[0].{fault}", StringComparison.Ordinal)
        );

    [Fact]
    public void Read_WhenTwoRulesHaveAName_TheirMessagesWouldHaveOneId() =>
        Assert.Contains(
            "sources.shop.rules: Two rules have the same name.",
            SourceFiles.Faults(
                "{'sources':{'shop':{'verify':{'template':'github'},'id':'$.id','rules':["
                    + "{'name':'a','type':'skip','because':'x'},{'name':'a','type':'skip','because':'y'}]}}}"
            )
        );

    [Fact]
    public void Version_WhenWhatDecidesIsTheSame_IsTheSame()
    {
        string version = Version(Shop);

        Assert.Equal(version, Version(Shop.Replace("'verify'", "'kind':'mapped','verify'", StringComparison.Ordinal)));
        Assert.NotEqual(version, Version(Shop.Replace("shopify", "github", StringComparison.Ordinal)));
        Assert.NotEqual(version, Version(Shop.Replace("$.plan", "$.tier", StringComparison.Ordinal)));
        Assert.NotEqual(version, Version(Shop.Replace("'seen'", "'met'", StringComparison.Ordinal)));
    }

    [Fact]
    public void Examples_WhenTheyHold_ThePolicyMayBeInForce()
    {
        const string Body = "{\\'id\\':\\'1\\',\\'email\\':\\'a@x.com\\',\\'plan\\':\\'pro\\'}";
        string file =
            "{'sources':{"
            + Shop
            + "},'examples':[{'input':{'source':'shop','body':'"
            + Body
            + "'},"
            + "'expect':{'outcome':'taken','messages':'identify','identifiers':'email:a@x.com','fields':'plan=\\'pro\\''}}]}";

        PolicyReading<SourcesPolicy> reading = SourceFiles.Read(file);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        Assert.Contains(
            "examples[0].expect.fields: The example fails: the policy comes to 'plan=\"pro\"'.",
            SourceFiles.Faults(file.Replace("'plan=\\'pro\\''", "'plan=\\'free\\''", StringComparison.Ordinal))
        );
        Assert.Contains(
            "examples[0].input.source: There is no such source in the file.",
            SourceFiles.Faults(file.Replace("'source':'shop'", "'source':'other'", StringComparison.Ordinal))
        );
    }

    private static WebhookSource Source(string source) =>
        SourceFiles.Read($"{{'sources':{{{source}}}}}").Body!.Base.Find("shop")!;

    private static string Version(string source) => SourceFiles.Read($"{{'sources':{{{source}}}}}").Version!;
}
