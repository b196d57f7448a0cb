namespace Customer360.Rules.Identity;

/// <summary>Why a merge is not done.</summary>
/// <param name="Code">Stored, and part of the API.</param>
/// <param name="Because">The sentence that the decision records.</param>
public sealed record MergeRefusal(string Code, string Because)
{
    /// <summary>A customer merges into an older one only, so that calls can't form a circle.</summary>
    public static readonly MergeRefusal NotOlder = new("not_older", "a customer merges into an older one only");

    /// <summary>It is giving identifiers away; whoever asked tries again when that is over.</summary>
    public static readonly MergeRefusal SplitUnderWay = new("split_under_way", "identifiers of it are on their way");

    public static readonly MergeRefusal OverLimit = new("over_limit", "together they would have broken a limit");

    public static readonly MergeRefusal Separated = new("separated", "a separation keeps them apart");

    public static readonly MergeRefusal RegionsApart = new(
        "regions_apart",
        "their regions stay apart: nothing that is crossRegion links them"
    );

    public static readonly MergeRefusal Unproven = new(
        "unproven",
        "the message carries nothing that suffices to merge them: see trust and kind"
    );

    public static readonly MergeRefusal TooLarge = new(ProfileSize.TooLarge, ProfileSize.TooLarge);

    public static readonly MergeRefusal Erased = new("erased", "the person of one of them was erased");

    private static readonly MergeRefusal[] s_all =
    [
        Erased,
        NotOlder,
        SplitUnderWay,
        OverLimit,
        Separated,
        RegionsApart,
        Unproven,
        TooLarge,
    ];

    public static MergeRefusal Of(JoinObjection objection) =>
        objection.Obstacle switch
        {
            JoinObstacle.Separation => Separated,
            JoinObstacle.Region => RegionsApart,
            JoinObstacle.Limit => OverLimit,
            JoinObstacle.Size => TooLarge,
            _ => Unproven,
        };

    /// <summary>The refusal of a code; one that a newer release gave stands for itself.</summary>
    public static MergeRefusal Read(string code) =>
        Array.Find(s_all, refusal => refusal.Code == code) ?? new MergeRefusal(code, code);
}
