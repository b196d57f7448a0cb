using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;

namespace Customer360.Grains;

/// <summary>
/// Finds an account's persons. An account knows the identifiers that group calls came with; whose they are changes with
/// every merge and split. So it is asked when somebody reads: nothing is stored that could fall behind, and there is nothing
/// to repair after a crash.
/// </summary>
/// <remarks>
/// Bounded by the members that an account keeps. What was found of a large account stands for
/// <see cref="LargeFor"/>: reading it again and again must not ask ten thousand grains each time.
/// </remarks>
internal sealed class MemberOwners(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Members beyond which what was found is kept for a while.</summary>
    public const int LargeMembers = 1_000;

    /// <summary>How long it is kept.</summary>
    public static readonly TimeSpan LargeFor = TimeSpan.FromSeconds(30);

    private const int AtOnce = 200;

    private ImmutableArray<AccountMemberEntry> _askedFor = [];
    private ImmutableArray<AccountMemberEntry> _persons = [];
    private long _foundAt;

    public async Task<ImmutableArray<AccountMemberEntry>> PersonsOf(ImmutableArray<AccountMemberEntry> members)
    {
        if (members.Length > LargeMembers && members == _askedFor && time.GetElapsedTime(_foundAt) < LargeFor)
        {
            return _persons;
        }

        List<string?> owners = new(members.Length);
        foreach (AccountMemberEntry[] some in members.Chunk(AtOnce))
        {
            owners.AddRange(
                await Task.WhenAll(
                    some.Select(member => grains.GetGrain<IIdentifierGrain>(member.Identifier.ToString()).GetOwner())
                )
            );
        }

        (_askedFor, _persons, _foundAt) = (members, AccountPersons.Of(members, owners), time.GetTimestamp());
        return _persons;
    }
}
