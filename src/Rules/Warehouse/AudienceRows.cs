using Customer360.Rules.Audiences;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Warehouse;

/// <summary>
/// The table of audiences. The grid keeps who is in an audience, since when and by which definition, and for some days who has left it;
/// not the whole past. What destinations were told of it stands in <see cref="DeliveryRows"/>.
/// </summary>
public static class AudienceRows
{
    public static MirrorTable Changes { get; } =
        new(
            "audience_changes",
            "The last change of each customer in each audience: it entered, and is in it, or it left within the last seven days.",
            [
                new("audience", MirrorKind.Text, "The audience."),
                new("customer_id", MirrorKind.Text, "The customer."),
                new("change", MirrorKind.Text, "entered or left."),
                new("changed_at", MirrorKind.Time, "When it entered or left."),
                new(
                    "definition_version",
                    MirrorKind.Text,
                    "The definition by which it is in; missing of who has left."
                ),
                new(
                    "cause",
                    MirrorKind.Text,
                    "What made it enter: a message's place, a time, a merge or split, a definition."
                ),
                new("is_held_out", MirrorKind.Flag, "It is, or was, in the holdout: nothing is delivered."),
            ]
        )
        {
            Key = ["audience", "customer_id"],
            LoadedAt = "changed_at",
            ChangesByItself = true,
        };

    /// <summary>Adds in what a customer is.</summary>
    public static void AddEntered(
        MirrorRows changes,
        string customerId,
        AudienceStandings standings,
        AudiencePolicy policy
    )
    {
        foreach (AudienceMembership one in standings.Members)
        {
            changes.Add([
                one.Audience,
                customerId,
                "entered",
                one.Since,
                one.Hash,
                one.Cause,
                policy.Find(one.Audience) is { } audience && AudienceRules.IsHeldOut(audience, customerId),
            ]);
        }
    }

    /// <summary>Adds that somebody has left; nothing of who is in it.</summary>
    public static void AddLeft(MirrorRows changes, string audience, AudienceChangeRow change)
    {
        if (!change.IsMember)
        {
            changes.Add([audience, change.Place.CustomerId, "left", change.At, default, default, change.IsHeldOut]);
        }
    }
}
