using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What a merge would come to. The younger customer is asked and asks the older one, as in a merge, and neither changes.</summary>
public sealed partial class CustomerGrain
{
    private const string Rehearsal = "rehearsal";

    public async Task<MergeRehearsal> RehearseMerge(string into)
    {
        if (State.MovedTo is not null || IsNobody())
        {
            return new MergeRehearsal(State.MovedTo, null, null, null);
        }

        // A copy says what a sealed customer would hand over; the customer itself is not sealed.
        CustomerState copy = CustomerStateCodec.Decode(CustomerStateCodec.Encode(State));
        copy.Merge = new MergeUnderWay(into, Rehearsal, Rehearsal, Rehearsal, time.GetUtcNow(), Rules.Version, []);
        return await Customer(into).RehearseAbsorb(new AbsorbRequest(Id, Rehearsal, CustomerStateCodec.Encode(copy)));
    }

    public Task<MergeRehearsal> RehearseAbsorb(AbsorbRequest request)
    {
        if (State.MovedTo is not null || IsNobody())
        {
            return Task.FromResult(new MergeRehearsal(State.MovedTo, null, null, null));
        }

        CustomerState younger = CustomerStateCodec.Decode(request.StateJson);
        JoinObjection? objection = ObjectionTo(younger, request, Rules);
        Ownership<ProfileMap> after = MergeSteps.Rehearse(Ownership, younger.OwnershipOf(request.From));
        return Task.FromResult(
            new MergeRehearsal(
                null,
                objection is { } found ? MergeRefusal.Of(found).Code : null,
                objection?.Because,
                CustomerShow.ViewOf(
                    Id,
                    after.Revision + after.Held.MessageCount,
                    after.Held,
                    after.Held.Join(),
                    ConsentJoin.View(after.Held).AsOf(time.GetUtcNow())
                )
            )
        );
    }
}
