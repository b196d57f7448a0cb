using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Routing;

/// <summary>Whether somebody can be given a lead.</summary>
public enum Availability
{
    Available = 0,

    /// <summary>There is no such person in the team.</summary>
    Unknown = 1,

    /// <summary>No longer works with leads.</summary>
    Inactive = 2,

    OnLeave = 3,

    /// <summary>Has as many open leads as may be.</summary>
    Full = 4,

    /// <summary>Does not work at this hour.</summary>
    OutsideHours = 5,
}

/// <summary>Days off.</summary>
/// <param name="Until">Not in it.</param>
public readonly record struct LeaveSpan(DateTimeOffset From, DateTimeOffset Until);

/// <summary>Somebody who takes leads.</summary>
/// <param name="Id">As the CRM's owner field has it.</param>
/// <param name="Calendar">When the person works.</param>
public sealed record SalesPerson(string Id, WorkingCalendar Calendar)
{
    public bool IsActive { get; init; } = true;

    public ImmutableArray<LeaveSpan> Leave { get; init; } = [];

    /// <summary>Leads open at once at most; null: any number.</summary>
    public int? Capacity { get; init; }

    /// <summary>The share of a pool's leads, against the others' weights. Default: 1.</summary>
    public int Weight { get; init; } = 1;

    public FrozenSet<string> Skills { get; init; } = [];

    public FrozenSet<string> Territories { get; init; } = [];

    /// <summary>Who is told when a lead is late; null: nobody.</summary>
    public string? Manager { get; init; }

    /// <summary>The keys and tokens by which the person calls, as the audit log names them. Default: none.</summary>
    public FrozenSet<string> Callers { get; init; } = [];

    public bool IsOnLeave(DateTimeOffset at)
    {
        foreach (LeaveSpan span in Leave)
        {
            if (span.From <= at && at < span.Until)
            {
                return true;
            }
        }

        return false;
    }
}
