namespace Customer360.Rules.Decisions;

/// <summary>
/// The kinds of decision records, all of them. Stored and part of the API, so a name never changes its meaning. A reader must
/// expect others: a newer release may have written the log.
/// </summary>
public static class DecisionKinds
{
    /// <summary>A message made a customer.</summary>
    public const string Created = "created";

    /// <summary>A customer took identifiers on.</summary>
    public const string Linked = "linked";

    /// <summary>A younger customer went into an older one.</summary>
    public const string Merged = "merged";

    /// <summary>A merge was not done, or an identifier was kept apart: a separation, a region, trust or kind forbids it.</summary>
    public const string Refused = "refused";

    /// <summary>An identifier of a message was left out, since a limit would have been broken or it is quarantined.</summary>
    public const string Demoted = "demoted";

    /// <summary>Identifiers left a customer for one of their own.</summary>
    public const string Split = "split";

    /// <summary>A roll back took away what its cut-over had linked.</summary>
    public const string Unlinked = "unlinked";

    /// <summary>An identifier came with too many anchors.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>A quarantine was ended.</summary>
    public const string Released = "released";
}
