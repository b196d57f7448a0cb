using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Tests.Privacy;

/// <summary>
/// What a customer has given away and keeps until that is confirmed. The simulation found that it kept erased identifiers, and a
/// split that went on after a crash brought them to another customer.
/// </summary>
public sealed class PendingReleaseRedactionTests
{
    private static readonly Identifier s_erased = Identifier.Parse("user_id:jane-user-1");
    private static readonly Identifier s_kept = Identifier.Parse("email:john@example.com");
    private static readonly ErasureTargets s_targets = new([s_erased]);

    [Fact]
    public void Redact_OfAReleaseThatNamesTheErased_TakesThemOut()
    {
        ImmutableArray<PendingRelease<ProfileMap>> releases = FoldRedaction.Redact(
            [Release(new Separation("s_1", [s_kept], [s_erased, Identifier.Parse("email:ann@example.com")]))],
            s_targets
        );

        PendingRelease<ProfileMap> release = Assert.Single(releases);
        Separation separation = Assert.Single(release.Separations);
        Assert.DoesNotContain(s_erased, separation.Other);
        Assert.Contains(s_kept, separation.One);
    }

    [Fact]
    public void Redact_OfAReleaseThatNamesNobodyErased_IsTheSame()
    {
        ImmutableArray<PendingRelease<ProfileMap>> releases =
        [
            Release(new Separation("s_1", [s_kept], [Identifier.Parse("email:ann@example.com")])),
        ];

        Assert.True(releases == FoldRedaction.Redact(releases, s_targets));
    }

    private static PendingRelease<ProfileMap> Release(Separation separation) =>
        new("sp_1", "c_2", separation.Id, ProfileMap.Empty, [separation]);
}
