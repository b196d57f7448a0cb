using System.Text;
using Customer360.Rules.Crm.Verification;

namespace Customer360.Rules.Tests.Crm.Verification;

/// <summary>A request as a service sends it, with the signature that another implementation (Python's hmac) or its vendor made.</summary>
internal sealed record SignedCase(
    string Template,
    string Secret,
    string Body,
    params (string Name, string Value)[] Headers
)
{
    /// <summary>When most of them were sent.</summary>
    public static readonly DateTimeOffset SentAt = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    private const string Event = """{"id":"evt_1"}""";
    private const string Seconds = "1795770000";

    public DateTimeOffset Now { get; init; } = SentAt;

    public string Url { get; init; } = "https://grid.example.com/webhooks/shop";

    public string Query { get; init; } = "";

    public VerificationTemplate Rule => VerificationTemplates.All[Template];

    public static IReadOnlyDictionary<string, SignedCase> All { get; } =
        new SignedCase[]
        {
            new(
                "calendly",
                "secret",
                Event,
                (
                    "Calendly-Webhook-Signature",
                    $"t={Seconds},v1=9f76e052abb8fac10a431bf5dffcd421396f5b123b02427f494bada903f84c99"
                )
            ),
            new("dynamics", "secret", Event) { Query = "code=secret" },
            new(
                "github",
                "It's a Secret to Everybody",
                "Hello, World!",
                ("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
            ),
            new("gitlab", "secret", Event, ("X-Gitlab-Token", "secret")),
            new(
                "hubspot",
                "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
                """[{"eventId":1}]""",
                ("X-HubSpot-Signature-v3", "NIAhBB+qXu3cNUX9eEkiNyoxwrz78Dlk3srFir0a0QU="),
                ("X-HubSpot-Request-Timestamp", Seconds + "000")
            )
            {
                // HubSpot decodes what stands for a colon and an at sign, and not what stands for a space.
                Url = "https://grid.example.com/webhooks/hubspot/main?q=a%3Ab%40c%20d",
            },
            new(
                "hubspot-v1",
                "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
                (
                    "[{'eventId':1,'subscriptionId':12345,'portalId':62515,'occurredAt':1564113600000,"
                    + "'subscriptionType':'contact.creation','attemptNumber':0,'objectId':123,'changeSource':'CRM',"
                    + "'changeFlag':'NEW','appId':54321}]"
                ).Replace('\'', '"'),
                ("X-HubSpot-Signature", "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de")
            ),
            new(
                "hubspot-v2",
                "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
                """{"example_field":"example_value"}""",
                ("X-HubSpot-Signature", "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900")
            )
            {
                Url = "https://www.example.com/webhook_uri",
            },
            new("intercom", "secret", Event, ("X-Hub-Signature", "sha1=fb22df8909e5dffcbbbc78d755a741bac4f08874")),
            new("marketo", "secret", Event, ("Authorization", "Bearer secret")),
            new(
                "paddle",
                "secret",
                Event,
                (
                    "Paddle-Signature",
                    $"ts={Seconds};h1=97dbdc9bb03f395e34eb749b9e2987fb886e16e3e74ccc524a706204a4e2a7ca"
                )
            ),
            // A password may have a colon: the secret is user:pass:word.
            new("pipedrive", "user:pass:word", Event, ("Authorization", "Basic dXNlcjpwYXNzOndvcmQ=")),
            new("salesforce", "secret", Event) { Query = "token=secret" },
            new("shopify", "secret", Event, ("X-Shopify-Hmac-Sha256", "FquxCtsz/5z/NPalf8LAuQLBHqGf5z2uhvKUDCNeftU=")),
            new(
                "slack",
                "8f742231b10e8888abcd99yyyzzz85a5",
                "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
                    + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
                    + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
                    + "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
                ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
                ("X-Slack-Request-Timestamp", "1531420618")
            )
            {
                Now = DateTimeOffset.FromUnixTimeSeconds(1531420618),
            },
            new(
                "standard-webhooks",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                """{"test": 2432232314}""",
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                ("webhook-signature", "v1a,bm90IGNoZWNrZWQ= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
            )
            {
                Now = DateTimeOffset.FromUnixTimeSeconds(1614265330),
            },
            new(
                "stripe",
                "whsec_test_secret",
                Event,
                (
                    "Stripe-Signature",
                    $"t={Seconds},v1=00,v1=8bef8b40f0935316815573aed4f947071bbb76f4d043bb7fc9e0a501e3a196e4,v0=11"
                )
            ),
            new(
                "typeform",
                "secret",
                Event,
                ("Typeform-Signature", "sha256=FquxCtsz/5z/NPalf8LAuQLBHqGf5z2uhvKUDCNeftU=")
            ),
            new(
                "workos",
                "secret",
                Event,
                (
                    "WorkOS-Signature",
                    $"t={Seconds}000, v1=5a7cd5c7364868aecdd5e3f0610fc30a5c4eced718bed79da3f97d0cc256b99f"
                )
            ),
            new(
                "zendesk",
                "secret",
                Event,
                ("X-Zendesk-Webhook-Signature", "3yy+1XOOfYB2kvD1AJKFxisn7eE2FEIvRR2Kp5YuomY="),
                ("X-Zendesk-Webhook-Signature-Timestamp", "2026-11-27T09:00:00Z")
            ),
            new("zoho", "secret", """{"token":"secret","ids":["1"]}"""),
        }.ToDictionary(one => one.Template, StringComparer.Ordinal);

    public VerificationRefusal? Check(params string[] secrets) =>
        WebhookVerifier.Check(Rule, Request(), secrets.Length == 0 ? [Secret] : [.. secrets], Now);

    public SignedCase WithHeader(string name, string value) =>
        this with
        {
            Headers = [.. Headers.Where(header => header.Name != name), (name, value)],
        };

    private WebhookRequest Request() =>
        new(
            "POST",
            Url,
            Encoding.UTF8.GetBytes(Body),
            name =>
                Headers
                    .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    .Select(header => header.Value)
                    .FirstOrDefault(),
            name => Query.StartsWith(name + "=", StringComparison.Ordinal) ? Query[(name.Length + 1)..] : null
        );
}
