namespace Customer360.Rules.Identity;

/// <summary>Why the shadow kept an identifier from its message's anchor, in numbers.</summary>
/// <param name="Number">
/// The limit's rule or the separation, by number; of a lack of proof the <see cref="JoinObstacle"/>; else 0.
/// </param>
public readonly record struct ShadowCause(DemotionReason Reason, int Number)
{
    public static ShadowCause Account => new(DemotionReason.Account, 0);

    public static ShadowCause Quarantine => new(DemotionReason.Quarantine, 0);

    internal static ShadowCause Of(JoinFinding found) =>
        found.Obstacle switch
        {
            JoinObstacle.Separation => new(DemotionReason.Separation, found.Number),
            JoinObstacle.Region => new(DemotionReason.Region, 0),
            JoinObstacle.Limit => new(DemotionReason.Limit, found.Number),
            JoinObstacle.Size => new(DemotionReason.Size, 0),
            _ => new(DemotionReason.Proof, (int)found.Obstacle),
        };
}
