using Customer360.Grains.Contracts;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Silo.Mastership;

/// <summary>This node's copy of the mastership policy. Read by every profile that is rendered, so it is one field.</summary>
public sealed class MastershipCopy : IMastershipSource
{
    private MastershipRevision _known = MastershipRevision.BuiltIn;

    public MastershipPolicy Current => Volatile.Read(ref _known).Policy;

    /// <summary>The revision that is known here.</summary>
    public long Revision => Volatile.Read(ref _known).Revision;

    /// <summary>
    /// Takes a revision over; an older one than is known (an answer that was slow) changes nothing.
    /// </summary>
    public void Take(MastershipRevision revision)
    {
        while (true)
        {
            MastershipRevision known = Volatile.Read(ref _known);
            if (revision.Revision <= known.Revision)
            {
                return;
            }

            // The same policy stays the same object: what was rendered under it stays valid.
            MastershipRevision next =
                revision.Policy.Version == known.Policy.Version ? revision with { Policy = known.Policy } : revision;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _known, next, known), known))
            {
                return;
            }
        }
    }
}
