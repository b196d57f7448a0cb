using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Tests.Profiles;

public sealed class ProfileEntryTests
{
    private static readonly ProfileEntry s_new = new(
        Identifier.Create("user_id", "u-1"),
        new LinkEvidence("m-1", "web", DateTimeOffset.UnixEpoch, "v"),
        AppliedTo: 0,
        ProfileFold.Empty
    );

    [Fact]
    public void Without_WhenAMessageIsSetAside_LacksItAndGoesOnBehindIt()
    {
        ProfileEntry entry = s_new.Without(3).With(4, ProfileFold.Empty);

        Assert.Equal(4, entry.AppliedTo);
        Assert.True(entry.Lacks(3));
        Assert.False(entry.With(3, ProfileFold.Empty).Lacks(3));
    }

    /// <summary>The entry once forgot the oldest. When that came again, it counted as a repeat and was lost.</summary>
    [Fact]
    public void Without_WhenItCanRememberNoMore_RefusesAndForgetsNone()
    {
        ProfileEntry entry = s_new;
        for (int position = 1; position <= ProfileEntry.SetAsideMax; position++)
        {
            entry = entry.Without(position);
        }

        Assert.Throws<InvalidOperationException>(() => entry.Without(ProfileEntry.SetAsideMax + 1));
        Assert.True(entry.Lacks(1));
    }
}
