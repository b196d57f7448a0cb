using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>A lead as lists show it. It is written with the lead's state, in one transaction.</summary>
/// <param name="LeadId">Its id; also the key of its state.</param>
/// <param name="CustomerId">Whose it was when it was last looked at.</param>
/// <param name="Stage">Of the lifecycle.</param>
/// <param name="Status">Where it stands between marketing and sales: <c>new</c>, <c>offered</c>, <c>accepted</c> …</param>
/// <param name="OwnerId">Who has it; null: nobody.</param>
/// <param name="Queue">The queue that it lies in; null: none.</param>
/// <param name="CreatedAt">When it began, UTC.</param>
/// <param name="DueAt">When its time is over, UTC; null: no clock runs.</param>
/// <param name="IsOpen">False: it is closed, or a double of another.</param>
public sealed record LeadRow(
    string LeadId,
    string CustomerId,
    string Stage,
    string Status,
    string? OwnerId,
    string? Queue,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    bool IsOpen
);

/// <summary>The place of a lead in a list.</summary>
public sealed record LeadCursor(DateTimeOffset CreatedAt, string LeadId);

/// <summary>Which leads are meant; what is null is not asked.</summary>
public sealed record LeadQuery
{
    public string? Stage { get; init; }

    public string? Status { get; init; }

    public string? OwnerId { get; init; }

    public string? Queue { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>Only those whose time is over by then.</summary>
    public DateTimeOffset? DueBy { get; init; }

    /// <summary>Only those that began at or after this time.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Null: closed ones and doubles, too.</summary>
    public bool? IsOpen { get; init; }

    /// <summary>Page on behind this lead; null: the first page.</summary>
    public LeadCursor? After { get; init; }

    public int Limit { get; init; } = 100;
}

/// <summary>The list of leads. The port that storage implements.</summary>
public interface ILeadList
{
    /// <summary>One page, the newest first; of one time by id (ordinal).</summary>
    Task<ImmutableArray<LeadRow>> ReadAsync(LeadQuery query, CancellationToken cancellationToken);
}
