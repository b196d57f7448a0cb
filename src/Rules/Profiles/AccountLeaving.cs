using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// The event by which a CRM says that a person belongs to a company no more. Whoever sends one names the company in
/// <c>context.groupId</c>; what a CRM's records become has it there.
/// </summary>
public static class AccountLeaving
{
    public const string Event = "CRM Company Left";

    /// <summary>True where the message says so. What is only claimed, by a public key, takes nobody out of a company.</summary>
    public static bool Is(Envelope envelope) =>
        envelope is { Kind: EventKind.Track, Name: Event, GroupId: not null }
        && envelope.Trust != StatementTrust.Claimed;
}
