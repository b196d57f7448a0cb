using System.Collections.Immutable;
using Customer360.Rules.Consent;

namespace Customer360.Rules.Tests.Consent;

public sealed class ConsentCheckTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private static readonly ConsentPolicy s_policy = new(
        [
            new ConsentPurpose("ads")
            {
                Regions = ImmutableSortedDictionary<string, ConsentChoice>.Empty.Add("us", ConsentChoice.OptOut),
                Read = ConsentRead.Mask,
            },
            new ConsentPurpose("service") { Choice = ConsentChoice.None },
            new ConsentPurpose("sales") { Choice = ConsentChoice.OptOut },
            new ConsentPurpose("invoices") { DeliversAnyway = true },
        ],
        [],
        ImmutableDictionary<string, ImmutableArray<ConsentPlace>>.Empty
    );

    [Theory]
    [InlineData("ads", ConsentStatus.Granted, null, true, ConsentReason.Granted)]
    [InlineData("ads", ConsentStatus.Unknown, null, false, ConsentReason.NotGranted)]
    [InlineData("ads", ConsentStatus.Unknown, "eu", false, ConsentReason.NotGranted)]
    [InlineData("ads", ConsentStatus.Unknown, "us", true, ConsentReason.NotDenied)]
    [InlineData("ads", ConsentStatus.Denied, "us", false, ConsentReason.Denied)]
    [InlineData("sales", ConsentStatus.Unknown, null, true, ConsentReason.NotDenied)]
    [InlineData("sales", ConsentStatus.Denied, null, false, ConsentReason.Denied)]
    [InlineData("service", ConsentStatus.Denied, null, true, ConsentReason.NotNeeded)]
    [InlineData("invoices", ConsentStatus.Denied, null, true, ConsentReason.NotNeeded)]
    [InlineData("unheard-of", ConsentStatus.Granted, null, false, ConsentReason.PurposeUnknown)]
    [InlineData("Ads", ConsentStatus.Granted, null, false, ConsentReason.PurposeUnknown)]
    public void MaySend_AsksWhatCountsNow(
        string purpose,
        ConsentStatus status,
        string? region,
        bool may,
        ConsentReason reason
    )
    {
        ConsentAllows allows = ConsentCheck.MaySend(purpose, View(purpose, status), region, s_policy, s_now);

        Assert.Equal(may, allows.Is);
        Assert.Equal(reason, allows.Reason);
    }

    [Fact]
    public void MaySend_WhenTheGrantHasEnded_IsNotGranted()
    {
        ConsentView view = View("ads", ConsentStatus.Granted, until: s_now);

        Assert.True(ConsentCheck.MaySend("ads", view, null, s_policy, s_now.AddTicks(-1)).Is);
        Assert.Equal(ConsentReason.NotGranted, ConsentCheck.MaySend("ads", view, null, s_policy, s_now).Reason);
        Assert.Same(view, view.AsOf(s_now.AddTicks(-1)));
        Assert.Equal(ConsentStatus.Unknown, view.AsOf(s_now).Of("ads"));
    }

    [Fact]
    public void MaySendWithdrawal_OnlyToWhoWasSentThePerson()
    {
        Assert.True(ConsentCheck.MaySendWithdrawal("ads", View("ads", ConsentStatus.Denied), wasSentBefore: true));
        Assert.False(ConsentCheck.MaySendWithdrawal("ads", View("ads", ConsentStatus.Denied), wasSentBefore: false));
        Assert.False(ConsentCheck.MaySendWithdrawal("ads", ConsentView.Empty, wasSentBefore: true));
    }

    [Fact]
    public void MayRead_WithoutConsent_ShowsWhatThePolicySays()
    {
        Assert.Equal(ConsentRead.Mask, ConsentCheck.MayRead("ads", ConsentView.Empty, null, s_policy, s_now).Shows);
        Assert.Equal(
            ConsentRead.Allow,
            ConsentCheck.MayRead("ads", View("ads", ConsentStatus.Granted), null, s_policy, s_now).Shows
        );
        Assert.Equal(
            ConsentRead.Withhold,
            ConsentCheck.MayRead("nobody", ConsentView.Empty, null, s_policy, s_now).Shows
        );
    }

    /// <summary>Whatever was consented to, and whatever the policy delivers without consent.</summary>
    [Theory]
    [InlineData("ads")]
    [InlineData("service")]
    [InlineData("sales")]
    [InlineData("invoices")]
    public void WhoIsRestricted_IsNeitherSentNorShown(string purpose)
    {
        var restricted = ConsentView.Of(View(purpose, ConsentStatus.Granted).Purposes, isRestricted: true);

        ConsentAllows sends = ConsentCheck.MaySend(purpose, restricted, null, s_policy, s_now);
        (ConsentRead shows, ConsentAllows reads) = ConsentCheck.MayRead(purpose, restricted, null, s_policy, s_now);

        Assert.Equal((false, ConsentReason.Restricted), (sends.Is, sends.Reason));
        Assert.Equal((ConsentRead.Withhold, ConsentReason.Restricted), (shows, reads.Reason));
    }

    private static ConsentView View(string purpose, ConsentStatus status, DateTimeOffset? until = null) =>
        status == ConsentStatus.Unknown
            ? ConsentView.Empty
            : ConsentView.Of([
                new ConsentStanding(purpose, status, "segment", "web", new ConsentWord(s_now.AddDays(-1), "m", "v"))
                {
                    Until = until,
                },
            ]);
}
