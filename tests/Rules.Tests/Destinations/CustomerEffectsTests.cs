using Customer360.Rules.Destinations;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Profiles;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What changes of customers and leads cause.</summary>
public sealed class CustomerEffectsTests
{
    [Fact]
    public void Merge_HasWhoWasSentTheOneAskedWhetherTheOtherSaidNo()
    {
        var before = new Ownership<ProfileMap>("c_young", ProfileMap.Empty);
        Ownership<ProfileMap> after = before with
        {
            Status = OwnerStatus.Retired,
            MovedTo = "c_old",
            RetiredBy = "d_1",
        };
        EffectDemand asks = EffectDemand.None with { IsNothing = false, Purposes = ["ads", "sales-contact"] };

        // Behind the merge, which passes on who was sent the one.
        Assert.Equal(
            [
                (EffectKind.CustomersMerged, ""),
                (EffectKind.ConsentWithdrawn, "ads"),
                (EffectKind.ConsentWithdrawn, "sales-contact"),
            ],
            CustomerEffects.OfStep(before, after, asks, Noon).Select(effect => (effect.Kind, effect.Name))
        );
        Assert.Empty(CustomerEffects.OfStep(after, after with { Revision = 9 }, asks, Noon));
    }

    [Fact]
    public void Lead_WhoseCustomerBecomesKnownLater_IsToldThen()
    {
        var nobodys = new LeadFile(new LeadState("l_1", "b2b", Noon) { Status = LeadStatus.Queued, Queue = "dach" });
        LeadFile known = nobodys with { CustomerId = "c_1" };

        Assert.Empty(LeadEffects.Of(before: null, nobodys, Noon));
        Effect told = Assert.Single(LeadEffects.Of(nobodys, known, Noon));
        Assert.Equal(("c_1", "l_1"), (told.CustomerId, told.Name));
        Assert.Empty(LeadEffects.Of(known, known with { CustomerId = "c_2" }, Noon));
    }
}
