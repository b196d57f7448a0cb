namespace Customer360.Rules.Routing;

/// <summary>What becomes of a lead that nobody accepts in time.</summary>
public enum SlaTimeout
{
    /// <summary>It is decided again, without those who have had it.</summary>
    Reroute = 1,

    /// <summary>It goes to a queue.</summary>
    Queue = 2,

    /// <summary>It stays where it is, marked as late.</summary>
    Stay = 3,
}

/// <summary>Until when a lead must be accepted, and what happens on the way.</summary>
/// <param name="Minutes">Of the owner's working time, or of any time.</param>
public sealed record SlaTerms(int Minutes)
{
    /// <summary>True: nights and holidays count.</summary>
    public bool IsWallClock { get; init; }

    /// <summary>Percent of the minutes after which the owner is reminded; null: never.</summary>
    public int? RemindPercent { get; init; }

    /// <summary>Percent of the minutes after which the owner's manager is told; null: never.</summary>
    public int? EscalatePercent { get; init; }

    public SlaTimeout Timeout { get; init; } = SlaTimeout.Stay;

    /// <summary>How often it is routed anew; after that it goes to the queue.</summary>
    public int ReroutesMax { get; init; }

    /// <summary>Where it goes in the end; null where it stays.</summary>
    public string? Queue { get; init; }

    /// <summary>True: whoever gets it next has all the minutes again. Default: the clock goes on.</summary>
    public bool Restarts { get; init; }

    public TimeSpan Time => TimeSpan.FromMinutes(Minutes);
}
