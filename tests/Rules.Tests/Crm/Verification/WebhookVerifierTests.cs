using Customer360.Rules.Crm.Verification;

namespace Customer360.Rules.Tests.Crm.Verification;

public sealed class WebhookVerifierTests
{
    public static TheoryData<string> Templates => [.. VerificationTemplates.All.Keys];

    public static TheoryData<string> OverTheBody =>
        [.. VerificationTemplates.All.Where(one => one.Value is SignatureTemplate).Select(one => one.Key)];

    public static TheoryData<string> WithATime =>
        [
            .. VerificationTemplates
                .All.Where(one => one.Value is SignatureTemplate { Timestamp: not null })
                .Select(one => one.Key),
        ];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Check_WhenTheSourceSent_Proves(string template) => Assert.Null(SignedCase.All[template].Check());

    [Theory]
    [MemberData(nameof(Templates))]
    public void Check_WhenNothingIsSigned_Refuses(string template)
    {
        SignedCase bare = SignedCase.All[template] with { Headers = [], Query = "", Body = """{"id":"evt_1"}""" };

        Assert.IsType<SignatureMissing>(bare.Check());
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Check_WhenAnotherSecretSigned_Refuses(string template) =>
        Assert.IsType<SignatureWrong>(SignedCase.All[template].Check("another", "whsec_AAAA"));

    [Theory]
    [MemberData(nameof(OverTheBody))]
    public void Check_WhenTheBodyIsAnother_Refuses(string template)
    {
        SignedCase changed = SignedCase.All[template];

        Assert.IsType<SignatureWrong>((changed with { Body = changed.Body + " " }).Check());
    }

    [Theory]
    [MemberData(nameof(WithATime))]
    public void Check_WhenItIsOlderOrNewerThanTheWindow_Refuses(string template)
    {
        SignedCase sent = SignedCase.All[template];
        int window = ((SignatureTemplate)sent.Rule).Timestamp!.WindowSeconds;

        Assert.Null((sent with { Now = sent.Now.AddSeconds(window) }).Check());
        Assert.Null((sent with { Now = sent.Now.AddSeconds(-window) }).Check());
        Assert.IsType<SignatureStale>((sent with { Now = sent.Now.AddSeconds(window + 1) }).Check());
        Assert.IsType<SignatureStale>((sent with { Now = sent.Now.AddSeconds(-window - 1) }).Check());
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Check_WhenOneOfSeveralSecretsIsRight_Proves(string template)
    {
        SignedCase sent = SignedCase.All[template];

        Assert.Null(sent.Check("older", sent.Secret));
        Assert.Null(sent.Check(sent.Secret, "newer"));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Check_WithoutASecret_Refuses(string template)
    {
        SignedCase sent = SignedCase.All[template];
        var request = new WebhookRequest("POST", sent.Url, default, _ => "anything", _ => "anything");

        Assert.IsType<SecretNotSet>(WebhookVerifier.Check(sent.Rule, request, [], sent.Now));
    }

    [Theory]
    [InlineData("hubspot", "X-HubSpot-Request-Timestamp", "")]
    [InlineData("hubspot", "X-HubSpot-Request-Timestamp", "1795770000")]
    [InlineData("hubspot", "X-HubSpot-Request-Timestamp", "99999999999999999999")]
    [InlineData("hubspot", "X-HubSpot-Request-Timestamp", "9223372036854775807")]
    [InlineData("hubspot", "X-HubSpot-Request-Timestamp", "soon")]
    [InlineData("zendesk", "X-Zendesk-Webhook-Signature-Timestamp", "yesterday")]
    [InlineData("stripe", "Stripe-Signature", "v1=8bef8b40f0935316815573aed4f947071bbb76f4d043bb7fc9e0a501e3a196e4")]
    public void Check_WhenTheTimeCannotBeRead_IsStale(string template, string header, string value) =>
        Assert.IsType<SignatureStale>(SignedCase.All[template].WithHeader(header, value).Check());

    [Theory]
    [InlineData("github", "X-Hub-Signature-256", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("github", "X-Hub-Signature-256", "sha256=")]
    [InlineData("github", "X-Hub-Signature-256", "sha256=no hexadecimal digits")]
    [InlineData("shopify", "X-Shopify-Hmac-Sha256", "=not base64=")]
    [InlineData(
        "stripe",
        "Stripe-Signature",
        "t=1795770000,v0=8bef8b40f0935316815573aed4f947071bbb76f4d043bb7fc9e0a501e3a196e4"
    )]
    [InlineData("standard-webhooks", "webhook-signature", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("standard-webhooks", "webhook-id", "")]
    [InlineData("pipedrive", "Authorization", "Basic !")]
    [InlineData("pipedrive", "Authorization", "Bearer dXNlcjpwYXNzOndvcmQ=")]
    public void Check_WhenItIsNotWrittenAsTheTemplateSays_IsNoSignature(string template, string header, string value) =>
        Assert.IsType<SignatureMissing>(SignedCase.All[template].WithHeader(header, value).Check());

    [Fact]
    public void Check_WhenHubSpotsNewSignatureIsWrong_DoesNotTakeTheOldOne()
    {
        SignedCase sent = SignedCase
            .All["hubspot"]
            .WithHeader("X-HubSpot-Signature-v3", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            .WithHeader("X-HubSpot-Signature", "a right one of version 1 would not help");

        Assert.IsType<SignatureWrong>(sent.Check());
    }

    [Fact]
    public void Check_WhenTheAddressIsAnother_RefusesWhatHubSpotSigned()
    {
        // Behind a proxy the request arrives at another address than the one that HubSpot signs.
        SignedCase arrived = SignedCase.All["hubspot"] with
        {
            Url = "http://10.0.0.7:8360/webhooks/hubspot/main",
        };

        Assert.IsType<SignatureWrong>(arrived.Check());
    }

    [Fact]
    public void Check_WhenSvixNamesTheHeaders_ProvesLikewise()
    {
        SignedCase sent = SignedCase.All["standard-webhooks"];
        SignedCase svix = sent with
        {
            Headers = [.. sent.Headers.Select(header => (header.Name.Replace("webhook-", "svix-"), header.Value))],
        };

        Assert.Null(svix.Check());
    }

    [Fact]
    public void Check_WhenTheTokenStandsDeepInTheBody_FindsIt()
    {
        var template = new TokenTemplate(TokenPlace.Body, "$.auth['the.token']");
        var request = new WebhookRequest(
            "POST",
            "",
            """{"auth":{"the.token":"t"}}"""u8.ToArray(),
            _ => null,
            _ => null
        );

        Assert.Null(WebhookVerifier.Check(template, request, ["t"], SignedCase.SentAt));
        Assert.IsType<SignatureMissing>(
            WebhookVerifier.Check(template, request with { Body = "<token>t</token>"u8.ToArray() }, ["t"], default)
        );
    }

    [Theory]
    [InlineData("%3A%2f%3F%40%21%24%27%28%29%2A%2C%3B", ":/?@!$'()*,;")]
    [InlineData("a%20b%26c%3Dd%25", "a%20b%26c%3Dd%25")]
    [InlineData("100%", "100%")]
    [InlineData("%3", "%3")]
    [InlineData("%zz%253A", "%zz%253A")]
    [InlineData("plain", "plain")]
    public void Decode_WhenHubSpotSigns_TakesItsOwnListOnly(string url, string signed) =>
        Assert.Equal(signed, HubSpotUrl.Decode(url));

    [Theory]
    [InlineData("{timestamp}")]
    [InlineData("{body")]
    [InlineData("{body}{bodies}")]
    [InlineData("")]
    public void TryParse_WhenTheContentDoesNotCoverTheBody_SaysSo(string text)
    {
        Assert.False(SignedContent.TryParse(text, out SignedContent? content, out string? fault));
        Assert.Null(content);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6b6579", KeyEncoding.Hex)]
    [InlineData("a2V5", KeyEncoding.Base64)]
    [InlineData("whsec_a2V5", KeyEncoding.Prefixed)]
    [InlineData("a2V5", KeyEncoding.Prefixed)]
    [InlineData("key", KeyEncoding.Text)]
    public void KeyOf_WhenWrittenSo_IsTheKey(string secret, KeyEncoding encoding) =>
        Assert.Equal("key"u8.ToArray(), WebhookVerifier.KeyOf(secret, encoding));

    [Fact]
    public void KeyOf_WhenNotWrittenSo_IsNone() => Assert.Null(WebhookVerifier.KeyOf("key!", KeyEncoding.Base64));
}
