using System.Collections.Immutable;

namespace Customer360.Rules.Crm.Verification;

/// <summary>The templates of services that are in wide use, by name, each as its vendor documents it.</summary>
public static class VerificationTemplates
{
    private const int Minutes = 60;

    /// <summary>By name.</summary>
    public static ImmutableSortedDictionary<string, VerificationTemplate> All { get; } =
        new Dictionary<string, VerificationTemplate>(StringComparer.Ordinal)
        {
            ["calendly"] = Listed("Calendly-Webhook-Signature", 3 * Minutes),
            ["dynamics"] = new TokenTemplate(TokenPlace.Query, "code"),
            ["github"] = Signed("X-Hub-Signature-256", "{body}") with { Prefix = "sha256=" },
            ["gitlab"] = new TokenTemplate(TokenPlace.Header, "X-Gitlab-Token"),
            ["hubspot"] = Signed("X-HubSpot-Signature-v3", "{method}{decodedUrl}{body}{timestamp}") with
            {
                Encoding = SignatureEncoding.Base64,
                Timestamp = At("X-HubSpot-Request-Timestamp", TimestampUnit.Milliseconds),
            },
            ["hubspot-v1"] = Signed("X-HubSpot-Signature", "{secret}{body}") with { IsKeyed = false },
            ["hubspot-v2"] = Signed("X-HubSpot-Signature", "{secret}{method}{url}{body}") with { IsKeyed = false },
            ["intercom"] = Signed("X-Hub-Signature", "{body}") with
            {
                Algorithm = SignatureAlgorithm.Sha1,
                Prefix = "sha1=",
            },
            ["marketo"] = new TokenTemplate(TokenPlace.Bearer),
            ["paddle"] = Signed("Paddle-Signature", "{timestamp}:{body}") with
            {
                List = new SignatureList(';', '=', "h1", "ts"),
                Timestamp = new TimestampTemplate([], TimestampUnit.Seconds, 5 * Minutes),
            },
            ["pipedrive"] = new TokenTemplate(TokenPlace.Basic),
            ["salesforce"] = new TokenTemplate(TokenPlace.Query, "token"),
            ["shopify"] = Signed("X-Shopify-Hmac-Sha256", "{body}") with { Encoding = SignatureEncoding.Base64 },
            ["slack"] = Signed("X-Slack-Signature", "v0:{timestamp}:{body}") with
            {
                Prefix = "v0=",
                Timestamp = At("X-Slack-Request-Timestamp", TimestampUnit.Seconds),
            },
            ["standard-webhooks"] = new SignatureTemplate(
                ["webhook-signature", "svix-signature"],
                SignedContent.Of("{id}.{timestamp}.{body}")
            )
            {
                // v1a, which is ed25519, is not among what the platform can check: such a signature does not count.
                List = new SignatureList(' ', ',', "v1", TimestampName: null),
                Encoding = SignatureEncoding.Base64,
                KeyEncoding = KeyEncoding.Prefixed,
                IdHeaders = ["webhook-id", "svix-id"],
                Timestamp = new TimestampTemplate(
                    ["webhook-timestamp", "svix-timestamp"],
                    TimestampUnit.Seconds,
                    5 * Minutes
                ),
            },
            ["stripe"] = Listed("Stripe-Signature", 5 * Minutes),
            ["typeform"] = Signed("Typeform-Signature", "{body}") with
            {
                Encoding = SignatureEncoding.Base64,
                Prefix = "sha256=",
            },
            ["workos"] = Listed("WorkOS-Signature", 3 * Minutes, TimestampUnit.Milliseconds),
            ["zendesk"] = Signed("X-Zendesk-Webhook-Signature", "{timestamp}{body}") with
            {
                Encoding = SignatureEncoding.Base64,
                Timestamp = At("X-Zendesk-Webhook-Signature-Timestamp", TimestampUnit.Iso),
            },
            ["zoho"] = new TokenTemplate(TokenPlace.Body, "$.token"),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static SignatureTemplate Signed(string header, string content) => new([header], SignedContent.Of(content));

    private static SignatureTemplate Listed(
        string header,
        int windowSeconds,
        TimestampUnit unit = TimestampUnit.Seconds
    ) =>
        Signed(header, "{timestamp}.{body}") with
        {
            List = new SignatureList(',', '=', "v1", "t"),
            Timestamp = new TimestampTemplate([], unit, windowSeconds),
        };

    private static TimestampTemplate At(string header, TimestampUnit unit) => new([header], unit, 5 * Minutes);
}
