using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>What was credited stays when the log has its messages no more.</summary>
public sealed class KeptTouchTests
{
    private static readonly Identifier s_phone = Identifier.Parse("anonymous_id:phone");
    private static readonly Identifier s_laptop = Identifier.Parse("anonymous_id:laptop");

    [Fact]
    public void Touch_CutWithTheRestOfItsVisit_IsStillOne_AsItWasCredited()
    {
        JourneyTouch stripped = Touch(9, "news", "email", 1) with { Page = "/pricing" };
        VisitHit kept = KeptTouches.HitOf(new CreditedTouch(stripped.At, stripped.Place, stripped, "c_1"))!;
        var rest = new VisitHit(
            stripped.At.AddMinutes(20),
            new Rules.Profiles.Arrival(stripped.At.AddMinutes(20), new LogPlace(0, 2)),
            TrafficSource.Unknown,
            TouchEvidence.Direct,
            ReferrerKind.None
        );

        JourneyTouch touch = Assert.Single(TouchCutter.Cut([rest, kept], TimeSpan.FromMinutes(30), ChannelGroups.Of));

        Assert.Equal(stripped, touch);
    }

    [Fact]
    public void Touches_AreWhoseIdentifierTheyCameUnder_AlsoAfterASplit()
    {
        ConversionCredit credit = Credit(
            (Touch(9, "a", "cpc", 1), "c_1", KeptTouches.MarkOf(s_phone)),
            (Touch(8, "b", "cpc", 2), "c_1", KeptTouches.MarkOf(s_laptop)),
            (Touch(7, "c", "cpc", 3), "c_1", null)
        );

        Assert.Equal([1L, 3L], Places(KeptTouches.Of(credit, Set("c_1"), Set(KeptTouches.MarkOf(s_phone)))));
        Assert.Equal([2L], Places(KeptTouches.Of(credit, Set("c_2"), Set(KeptTouches.MarkOf(s_laptop)))));
        Assert.Empty(KeptTouches.Of(credit, Set("c_2"), Set(KeptTouches.MarkOf(Identifier.Parse("email:x@y.zz")))));
    }

    [Fact]
    public void Touch_ThatMightNotBeUsed_StaysWithheld()
    {
        var touch = new CreditedTouch(ConvertedAt, new LogPlace(0, 1), null, "c_1") { Anchor = "m" };

        Assert.Null(KeptTouches.HitOf(touch));
        PersonTouch withheld = KeptTouches.Withheld(touch, "c_2");
        Assert.Equal((false, "c_2", "m"), (withheld.MayBeUsed, withheld.CustomerId, withheld.Anchor));
    }

    private static IEnumerable<long> Places(IEnumerable<CreditedTouch> touches) =>
        touches.Select(touch => touch.Place.Position);

    private static HashSet<string> Set(params string[] texts) => [.. texts];

    private static ConversionCredit Credit(params (JourneyTouch Touch, string Customer, string? Mark)[] touches) =>
        new(
            ConversionStanding.Of([]),
            null,
            [
                .. touches.Select(one => new CreditedTouch(one.Touch.At, one.Touch.Place, one.Touch, one.Customer)
                {
                    Anchor = one.Mark,
                }),
            ],
            0,
            []
        );
}
