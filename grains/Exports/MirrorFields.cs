using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// What the mirror's role sees of whose message it is. Where it sees the same of everybody nobody is asked. Else the owners of a page's
/// anchors are, a few at a time; what they said is remembered for this run.
/// </summary>
internal sealed class MirrorFields(IGrainFactory grains, AccessRight right, TimeProvider time)
{
    private const int RememberedMax = 100_000;
    private const int AtOnce = 50;

    private static readonly VisibleFields s_nothing = new(FieldSets.None, FieldSets.None);

    private readonly Dictionary<string, VisibleFields> _byAnchor = new(StringComparer.Ordinal);

    public bool IsSameForEverybody => right is { IsSameForEverybody: true, SeesRestricted: true };

    /// <summary>Asks for those of the anchors that are not known yet.</summary>
    public async Task Ask(IEnumerable<string> anchors)
    {
        if (IsSameForEverybody)
        {
            return;
        }

        if (_byAnchor.Count > RememberedMax)
        {
            _byAnchor.Clear();
        }

        string[] unknown = [.. anchors.Distinct(StringComparer.Ordinal).Where(one => !_byAnchor.ContainsKey(one))];
        foreach (string[] some in unknown.Chunk(AtOnce))
        {
            VisibleFields[] fields = await Task.WhenAll(some.Select(FieldsOfOwner));
            foreach ((string anchor, VisibleFields seen) in some.Zip(fields))
            {
                _byAnchor[anchor] = seen;
            }
        }
    }

    /// <summary>Of an anchor that was asked for.</summary>
    public VisibleFields Of(string anchor) => IsSameForEverybody ? right.Fields : _byAnchor[anchor];

    /// <summary>Of a person.</summary>
    public VisibleFields Of(ProfileView person) => right.Of(person, time.GetUtcNow());

    /// <summary>Of a customer, or of the one that it went into; nothing of whom there is no profile any more.</summary>
    public async ValueTask<VisibleFields> OfCustomer(string customerId) =>
        IsSameForEverybody ? right.Fields
        : await ViewOf(customerId) is { } person ? Of(person)
        : s_nothing;

    /// <summary>The profile of a customer, or of the one that it went into; null where there is none any more.</summary>
    public async Task<ProfileView?> ViewOf(string customerId) =>
        (
            await Stubs.Follow(
                customerId,
                id => grains.GetGrain<ICustomerGrain>(id).GetView(),
                static reply => reply.MovedTo
            )
        )
            .Reply
            .View;

    private async Task<VisibleFields> FieldsOfOwner(string anchor) =>
        await grains.GetGrain<IIdentifierGrain>(anchor).FindOwner() is { } owner && await ViewOf(owner) is { } person
            ? Of(person)
        // Of whom nothing is known, nothing can have been consented to.
        : right.IsSameForEverybody ? right.Fields
        : s_nothing;
}
