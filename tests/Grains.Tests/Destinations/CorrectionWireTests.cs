using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>Each kind of destination is told of what corrects it by a request of its own, or not at all.</summary>
public sealed class CorrectionWireTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly Effect s_erased = Effect.Erased(
        "c_1",
        "pr_1",
        [Identifier.Create("email", "a@x.com"), Identifier.Create("email", "b@x.com")],
        s_noon
    );

    private static readonly FieldSource s_email = new("identifiers.email", [], Literal: null);

    [Fact]
    public async Task Http_WithoutACorrection_IsNotToldByTheRequestForData()
    {
        var ads = new FakeReceiver();

        foreach (
            Effect effect in (Effect[])
                [
                    s_erased,
                    Effect.ConsentWithdrawn("c_1", "ads", "log:0:1", s_noon),
                    Effect.Merged("c_1", "c_2", "d_1", s_noon),
                    Effect.Split("c_1", "c_2", "d_1", s_noon),
                ]
        )
        {
            ItemAnswer answer = await Http(ads, correction: null, effect);
            Assert.Equal(
                (DeliveryOutcome.Withheld, "not_supported"),
                (answer.Judgement.Outcome, answer.Judgement.Reason)
            );
        }

        Assert.Empty(ads.Requests);
    }

    [Fact]
    public async Task Http_WithACorrection_IsToldOfEachAddressUnderAKeyOfItsOwn()
    {
        var ads = new FakeReceiver();

        ItemAnswer answer = await Http(
            ads,
            new HttpCorrection("https://ads.example.com/members/{identifiers.email}", "DELETE", Body: null),
            s_erased
        );

        Assert.Equal(DeliveryOutcome.Sent, answer.Judgement.Outcome);
        Assert.Equal(
            [
                ("DELETE", "https://ads.example.com/members/a%40x.com", "", s_erased.Id),
                ("DELETE", "https://ads.example.com/members/b%40x.com", "", $"{s_erased.Id}-2"),
            ],
            ads.Requests.Select(one =>
                (
                    one.Method,
                    one.Url.AbsoluteUri,
                    Encoding.UTF8.GetString(one.Body.Span),
                    one.Headers.Single(header => header.Name == "Idempotency-Key").Value
                )
            )
        );
    }

    [Fact]
    public async Task Http_WhoseCorrectionFailsInBetween_IsNotDone()
    {
        var ads = new FakeReceiver { Answer = static (_, number) => (number == 2 ? 503 : 200, "") };

        ItemAnswer answer = await Http(
            ads,
            new HttpCorrection("https://ads.example.com/remove", "POST", new TemplateNode.Field(s_email)),
            s_erased
        );

        Assert.Equal(
            (DeliveryOutcome.Retry, "receiver_unavailable"),
            (answer.Judgement.Outcome, answer.Judgement.Reason)
        );
    }

    [Fact]
    public async Task Crm_DeletesTheRecordOfEachIdentifier_AndOneThatIsNotThereIsDeleted()
    {
        var crm = new FakeReceiver { Answer = static (_, number) => (number % 2 == 1 ? 404 : 204, "") };
        IDestinationWire[] wires =
        [
            new HubSpotWire(crm, crm, grains: null!, TimeProvider.System),
            new SalesforceWire(crm, crm, grains: null!, TimeProvider.System),
        ];

        foreach (IDestinationWire wire in wires)
        {
            ImmutableArray<ItemAnswer> answers = await wire.Send(Crm(wire.Kind), [Item(s_erased)], default);
            Assert.Equal(DeliveryOutcome.Sent, Assert.Single(answers).Judgement.Outcome);
        }

        Assert.Equal(
            [
                ("POST", """{"objectId":"a@x.com","idProperty":"email"}"""),
                ("POST", """{"objectId":"b@x.com","idProperty":"email"}"""),
                ("DELETE", ""),
                ("DELETE", ""),
            ],
            crm.Requests.Select(one => (one.Method, Encoding.UTF8.GetString(one.Body.Span)))
        );
        Assert.Equal(
            ["a%40x.com", "b%40x.com"],
            crm.Requests.Skip(2).Select(one => one.Url.AbsoluteUri.Split('/')[^1])
        );
    }

    [Fact]
    public async Task Crm_OfWhomItCannotFind_SaysSo()
    {
        var crm = new FakeReceiver();
        var wire = new HubSpotWire(crm, crm, grains: null!, TimeProvider.System);
        Effect erased = Effect.Erased("c_1", "pr_1", [Identifier.Create("user_id", "u-1")], s_noon);

        ItemAnswer answer = Assert.Single(await wire.Send(Crm(wire.Kind), [Item(erased)], default));

        Assert.Equal((DeliveryOutcome.Withheld, "key_missing"), (answer.Judgement.Outcome, answer.Judgement.Reason));
        Assert.Empty(crm.Requests);
    }

    private static async Task<ItemAnswer> Http(FakeReceiver ads, HttpCorrection? correction, Effect effect)
    {
        Destination destination = Of(DestinationKind.Http) with
        {
            Http = new HttpOptions("PUT", ImmutableSortedDictionary<string, string>.Empty, Body: null)
            {
                Correction = correction,
            },
        };
        return Assert.Single(
            await new HttpWire(ads, ads, TimeProvider.System).Send(destination, [Item(effect)], default)
        );
    }

    private static Destination Crm(DestinationKind kind) =>
        Of(kind) with
        {
            Crm = new CrmOptions(
                "contacts",
                "email",
                ImmutableSortedDictionary.Create<string, FieldSource>(StringComparer.Ordinal).Add("email", s_email)
            ),
        };

    private static Destination Of(DestinationKind kind) =>
        new("ads", kind, "https://ads.example.com/v1", "ads", "ads", new PolicyOwner("growth", "growth"))
        {
            Secrets = ["TOKEN"],
        };

    private static OutgoingItem Item(Effect effect) =>
        new(
            new OutboxItem(effect, 1, 0, s_noon, SentBefore: true, HasGap: false),
            new DeliveryContent(effect, effect.CustomerId)
            {
                Identifiers = [.. effect.Identifiers.Select(Identifier.Parse)],
            }
        );
}
