using System.Runtime.InteropServices;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;

namespace Customer360.Rules.Attribution;

/// <summary>What a message says of a conversion.</summary>
public enum StatementKind
{
    /// <summary>It happened.</summary>
    Happened = 1,

    /// <summary>It is worth something else.</summary>
    Updated = 2,

    /// <summary>Money went back.</summary>
    Refunded = 3,

    /// <summary>It does not count any more.</summary>
    Cancelled = 4,

    DealWon = 5,

    DealOpen = 6,

    DealLost = 7,

    DealDeleted = 8,
}

/// <summary>
/// What one message says of a conversion: it names the message by its place and holds nobody's data, so who is concerned is read from the
/// log whenever it is asked for.
/// </summary>
/// <param name="At">When it was said, and not after it was received.</param>
/// <param name="Money">Of a refund what went back, null: all. Of the others what it is worth, null: nobody knows.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConversionStatement(
    LogPlace Place,
    DateTimeOffset At,
    StatementKind Kind,
    MoneyValue? Money
)
{
    /// <summary>Why there is no amount: a residual's reason. None where there is one, or where none is needed.</summary>
    public CreditResidual Fault { get; init; }

    /// <summary>Only a page says so, which anybody can: see <see cref="ConversionStanding.Counting"/>.</summary>
    public bool IsClaimed { get; init; }

    /// <summary>Of a refund that names no currency: its amount, in that of what it went back from.</summary>
    public string? AmountText { get; init; }

    /// <summary>Of a deal: the end of the day on which it was closed, or the time; null: it does not say.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}

/// <summary>A statement, and of which conversion.</summary>
/// <param name="ExternalId">The order's or the deal's id, as its source has it.</param>
/// <param name="Id">Ours, derived from both: <c>v_</c> and 32 hexadecimal digits.</param>
public sealed record ConversionHeard(
    ConversionDefinition Definition,
    string ExternalId,
    string Id,
    ConversionStatement Statement
);
