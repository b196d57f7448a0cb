namespace Customer360.Rules.Identity;

/// <summary>Kinds of decision records that the rules of this folder tell apart. Stored; others may exist.</summary>
public static class DecisionKinds
{
    public const string Created = "created";
    public const string Linked = "linked";
    public const string Merged = "merged";
    public const string Refused = "refused";
    public const string Demoted = "demoted";
    public const string Quarantined = "quarantined";
    public const string Released = "released";
}
