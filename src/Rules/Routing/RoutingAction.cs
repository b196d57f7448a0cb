namespace Customer360.Rules.Routing;

/// <summary>Where a lead goes.</summary>
public enum RoutingActionKind
{
    /// <summary>To a person who is named.</summary>
    Owner = 1,

    /// <summary>To the owner of the matched account.</summary>
    AccountOwner = 2,

    /// <summary>To the owner of the open opportunity.</summary>
    OpportunityOwner = 3,

    /// <summary>To the owner of the lead that this one doubles.</summary>
    LeadOwner = 4,

    /// <summary>To somebody of a pool, by share.</summary>
    Pool = 5,

    /// <summary>To a queue, where people take leads themselves.</summary>
    Queue = 6,

    /// <summary>An answer for times outside hours: it is assigned, and the clock starts when work does.</summary>
    Assign = 7,

    /// <summary>An answer for times outside hours: it waits, and is decided when work starts.</summary>
    Hold = 8,

    /// <summary>An answer that changes nothing: the rules decide.</summary>
    Continue = 9,
}

/// <param name="Name">Of the owner, pool or queue; else empty.</param>
public sealed record RoutingAction(RoutingActionKind Kind, string Name = "")
{
    public static RoutingAction Continue { get; } = new(RoutingActionKind.Continue);
}

/// <summary>A situation that the policy answers explicitly.</summary>
public enum RoutingSituation
{
    /// <summary>The person has an open lead already.</summary>
    Duplicate = 1,

    /// <summary>The matched account has an open opportunity.</summary>
    OpenOpportunity = 2,

    /// <summary>A rule asks for the territory, and nobody knows it.</summary>
    TerritoryMissing = 3,

    /// <summary>Whoever should have it is not in the team, inactive, on leave, or has had it before.</summary>
    OwnerAway = 4,

    /// <summary>Whoever should have it has as many leads as may be.</summary>
    NoCapacity = 5,

    /// <summary>Whoever should have it does not work at this hour.</summary>
    OutsideHours = 6,

    /// <summary>No rule counts, or the answers lead in a circle.</summary>
    Otherwise = 7,
}

/// <summary>The policy's answers.</summary>
/// <param name="Otherwise">A queue, so that every decision ends.</param>
public sealed record RoutingAnswers(RoutingAction Otherwise)
{
    public RoutingAction Duplicate { get; init; } = RoutingAction.Continue;

    public RoutingAction OpenOpportunity { get; init; } = RoutingAction.Continue;

    public RoutingAction TerritoryMissing { get; init; } = RoutingAction.Continue;

    public RoutingAction OwnerAway { get; init; } = Otherwise;

    public RoutingAction NoCapacity { get; init; } = Otherwise;

    public RoutingAction OutsideHours { get; init; } = new(RoutingActionKind.Assign);

    public RoutingAction Of(RoutingSituation situation) =>
        situation switch
        {
            RoutingSituation.Duplicate => Duplicate,
            RoutingSituation.OpenOpportunity => OpenOpportunity,
            RoutingSituation.TerritoryMissing => TerritoryMissing,
            RoutingSituation.OwnerAway => OwnerAway,
            RoutingSituation.NoCapacity => NoCapacity,
            RoutingSituation.OutsideHours => OutsideHours,
            _ => Otherwise,
        };
}
