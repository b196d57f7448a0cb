namespace Customer360.Rules.Consent;

/// <summary>Why consent allows something or not.</summary>
public enum ConsentReason
{
    /// <summary>The policy has no such purpose: nothing is allowed for it.</summary>
    PurposeUnknown = 0,

    /// <summary>The person said no.</summary>
    Denied = 1,

    /// <summary>The person said nothing that still counts, and it needs a yes.</summary>
    NotGranted = 2,

    /// <summary>The person said yes.</summary>
    Granted = 3,

    /// <summary>The person said nothing, and it is allowed until there is a no.</summary>
    NotDenied = 4,

    /// <summary>The policy asks for no consent here.</summary>
    NotNeeded = 5,

    /// <summary>The person's data is kept and not used for now.</summary>
    Restricted = 6,
}

/// <summary>What consent comes to.</summary>
/// <param name="Is">True: it allows it.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="Because">The word that decided; null where none did.</param>
public readonly record struct ConsentAllows(bool Is, ConsentReason Reason, ConsentStanding? Because);

/// <summary>
/// Asks consent at the moment when something is done. Whoever sends again what was kept (a retry, a replay, a re-drive) asks
/// again: what counts is what the person says today, not what the message said.
/// </summary>
public static class ConsentCheck
{
    /// <summary>Whether something may be sent about this person for a purpose, now.</summary>
    /// <param name="purpose">What it is sent for.</param>
    /// <param name="view">How consent stands in the profile.</param>
    /// <param name="region">The person's; null where nobody knows it: then the strictest region's choice counts.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="now">Grants end.</param>
    public static ConsentAllows MaySend(
        string purpose,
        ConsentView view,
        string? region,
        ConsentPolicy policy,
        DateTimeOffset now
    ) =>
        policy.Find(purpose) is not { } known ? new ConsentAllows(false, ConsentReason.PurposeUnknown, null)
        : view.IsRestricted ? new ConsentAllows(false, ConsentReason.Restricted, null)
        : known.DeliversAnyway ? new ConsentAllows(true, ConsentReason.NotNeeded, null)
        : Ask(known, view, region, now);

    /// <summary>
    /// Whether a destination is told that the person said no: only who was sent the person for this purpose before has to know.
    /// </summary>
    public static bool MaySendWithdrawal(string purpose, ConsentView view, bool wasSentBefore) =>
        wasSentBefore && view.Of(purpose) == ConsentStatus.Denied;

    /// <summary>How a field is shown to who reads it for a purpose, now.</summary>
    /// <inheritdoc cref="MaySend"/>
    public static (ConsentRead Shows, ConsentAllows Allows) MayRead(
        string purpose,
        ConsentView view,
        string? region,
        ConsentPolicy policy,
        DateTimeOffset now
    )
    {
        if (policy.Find(purpose) is not { } known)
        {
            return (ConsentRead.Withhold, new ConsentAllows(false, ConsentReason.PurposeUnknown, null));
        }

        if (view.IsRestricted)
        {
            return (ConsentRead.Withhold, new ConsentAllows(false, ConsentReason.Restricted, null));
        }

        ConsentAllows allows = Ask(known, view, region, now);
        return (allows.Is ? ConsentRead.Allow : known.Read, allows);
    }

    private static ConsentAllows Ask(ConsentPurpose purpose, ConsentView view, string? region, DateTimeOffset now)
    {
        ConsentChoice choice = purpose.ChoiceIn(region);
        if (choice == ConsentChoice.None)
        {
            return new ConsentAllows(true, ConsentReason.NotNeeded, null);
        }

        ConsentStanding? standing = view.AsOf(now).Find(purpose.Name);
        return standing?.Status switch
        {
            ConsentStatus.Granted => new ConsentAllows(true, ConsentReason.Granted, standing),
            ConsentStatus.Denied => new ConsentAllows(false, ConsentReason.Denied, standing),
            _ when choice == ConsentChoice.OptOut => new ConsentAllows(true, ConsentReason.NotDenied, standing),
            _ => new ConsentAllows(false, ConsentReason.NotGranted, standing),
        };
    }
}
