using Customer360.Grains.Contracts;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Silo.Live;

namespace Customer360.Silo.Mastership;

/// <summary>This node's copy of the mastership policy, read by every profile that is rendered.</summary>
public sealed class MastershipCopy : IMastershipSource
{
    private readonly LiveCopy<MastershipPolicy> _copy = new(MastershipRevision.BuiltIn.Policy);

    public MastershipPolicy Current => _copy.Current;

    /// <summary>The revision that is known here.</summary>
    public long Revision => _copy.Number;

    /// <summary>
    /// Takes a revision unless it has a newer one. The same policy stays the same object: what was rendered under it stays
    /// valid.
    /// </summary>
    public void Take(MastershipRevision revision) =>
        _copy.Take(revision.Revision, revision.Policy, static (known, next) => known.Version == next.Version);
}
