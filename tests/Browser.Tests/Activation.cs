using Customer360.Api.Tests.Crash;

namespace Customer360.Browser.Tests;

/// <summary>Shoppers who are in audiences, and destinations of which one gets them, one may not, and one refuses.</summary>
internal static class Activation
{
    /// <summary>A secret as destinations need it; of nobody.</summary>
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public const string Audiences = """
        # Who is in which audience: for the tests of the pages.
        owner: {team: marketing, contact: marketing@example.com}

        audiences:
          # Whoever has ordered for a hundred or more.
          - name: buyers
            description: One order of 100 or more in 30 days.
            purpose: personalization
            if: {event: Order Completed, where: {fact: total, atLeast: 100}, within: 30d}

          - name: repeat-buyers
            description: Two of them.
            purpose: personalization
            holdout: 20
            if:
              all:
                - {audience: buyers}
                - {event: Order Completed, where: {fact: total, atLeast: 100}, within: 30d, count: {atLeast: 2}}

          - name: cart-abandoners
            purpose: email-marketing
            minimumStay: 1h
            if:
              sequence:
                - {event: Product Added}
                - {not: {event: Order Completed}, within: 1h}
              within: 2d

        traits:
          - {name: orders, count: {event: Order Completed}}
        """;

    private const int Shoppers = 12;

    /// <param name="receiver">Where the webhooks go.</param>
    public static string DestinationsAt(Uri receiver) =>
        $$"""
            owner: {team: growth, contact: "#growth"}
            destinations:
              warehouse: {kind: files, address: warehouse, purpose: analytics, role: analytics, effects: [profile.changed, audience.entered, audience.left]}
              crm-hook:
                kind: webhook
                address: {{receiver}}refuse
                secrets: [HOOK]
                purpose: sales-contact
                role: sales
                effects: [message]
                messages: [Order Completed]
              newsletter:
                kind: webhook
                address: {{receiver}}take
                secrets: [HOOK]
                purpose: email-marketing
                role: marketing-automation
                effects: [audience.entered]
                freshness: 60
            examples:
              - input: {effect: message, name: Order Completed}
                expect: {to: [crm-hook]}
            """;

    public static async Task FillAsync(ApiProcess api)
    {
        List<object> batch = [];
        for (int index = 0; index < Shoppers; index++)
        {
            string user = $"shopper-{index}";
            batch.Add(
                new
                {
                    type = "identify",
                    messageId = $"{user}-who",
                    userId = user,
                    traits = new { email = $"{user}@shop.example", firstName = $"Shopper {index}" },
                    context = new
                    {
                        consent = new
                        {
                            categoryPreferences = new Dictionary<string, bool>(StringComparer.Ordinal)
                            {
                                ["analytics"] = true,
                                ["sales-contact"] = index % 3 != 0,
                                ["email-marketing"] = index % 2 == 0,
                            },
                        },
                    },
                }
            );
            for (int order = 0; order <= index % 3; order++)
            {
                batch.Add(
                    new
                    {
                        type = "track",
                        messageId = $"{user}-order-{order}",
                        userId = user,
                        @event = "Order Completed",
                        properties = new { total = 80 + (10 * index) },
                    }
                );
            }
        }

        await Company.SendBatchAsync(api, batch);
    }
}
