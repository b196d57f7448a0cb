using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>Items, answers and destinations for tests.</summary>
internal static class Items
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    public static Destination Hook { get; } =
        new(
            "hook",
            DestinationKind.Webhook,
            "https://hooks.example.com",
            "sales-contact",
            "sales",
            new PolicyOwner("growth", "growth")
        )
        {
            Effects = [EffectKind.ProfileChanged, EffectKind.CustomersMerged, EffectKind.Message],
        };

    public static OutboxItem Of(Effect effect, int tries = 0, bool sentBefore = false) =>
        new(effect, 1, tries, Noon, sentBefore, HasGap: false);

    public static OutboxItem Changed(int tries = 0, string customer = "c_1") =>
        Of(Effect.ProfileChanged(customer, $"log:0:{customer}", Noon), tries);

    public static OutgoingItem Person(string customer, string? email, params (string Name, string Json)[] traits)
    {
        OutboxItem item = Changed(customer: customer);
        return new OutgoingItem(
            item,
            new DeliveryContent(item.Effect, customer)
            {
                Identifiers = email is null ? [] : [Identifier.Create("email", email)],
                Traits = traits.ToImmutableSortedDictionary(
                    one => one.Name,
                    one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one.Json),
                    StringComparer.Ordinal
                ),
            }
        );
    }

    public static DeliveryAnswer Answer(int status, string body = "", string? retryAfter = null) =>
        new(status, Noon) { Body = Encoding.UTF8.GetBytes(body), RetryAfter = retryAfter };

    public static FieldSource From(string path, params string[] rules) => new(path, [.. rules], Literal: null);
}
