using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <summary>Why credit was given, or moved.</summary>
public enum RestatementReason
{
    NewConversion = 1,
    AmountEdited = 2,
    Refunded = 3,
    Cancelled = 4,
    Reopened = 5,
    ClosedAgain = 6,
    CloseDateMoved = 7,
    Deleted = 8,

    /// <summary>A touch came after the conversion had been credited.</summary>
    LateEvent = 9,

    Merge = 10,
    Split = 11,
    ConsentChanged = 12,
    RulesChanged = 13,
    Erasure = 14,

    /// <summary>It names other people, or says something else that moves no money.</summary>
    PeopleChanged = 15,
}

/// <summary>The words for reasons, on the wire and in tables.</summary>
public static class RestatementReasons
{
    public static string WordOf(RestatementReason reason) => JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
}

/// <summary>A change of what a conversion is worth.</summary>
/// <param name="Minor">What it adds; less than 0: what it takes away.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConversionMovement(
    DateTimeOffset At,
    RestatementReason Reason,
    long Minor,
    string Currency
);

/// <summary>What all statements of a conversion come to: the same in whatever order they came.</summary>
/// <param name="Counts">It stands.</param>
/// <param name="ConvertedAt">When it converted; of what never did the time of the last statement.</param>
/// <param name="Money">What it is worth now; null: it does not stand, or nobody knows.</param>
/// <param name="Fault">Why nobody knows.</param>
/// <param name="Movements">How it came to be worth that, in order.</param>
public sealed record ConversionStanding(
    bool Counts,
    DateTimeOffset ConvertedAt,
    MoneyValue? Money,
    CreditResidual Fault,
    ImmutableArray<ConversionMovement> Movements
)
{
    /// <summary>Of a deal: when it was first heard of.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>What went back of it: 0 or less, in minor units.</summary>
    public long RefundedMinor { get; init; }

    /// <summary>A deal that came to nothing: a journey without a conversion.</summary>
    public bool IsLost { get; init; }

    /// <summary>
    /// The statements that count. That something was bought is a server's word where there is one, else the first page's: whoever reads a
    /// page can send what it sends, and must neither change somebody else's order nor take part in it.
    /// </summary>
    public static IEnumerable<ConversionStatement> Counting(ImmutableArray<ConversionStatement> statements)
    {
        ConversionStatement[] claims =
        [
            .. statements
                .Where(one => one is { Kind: StatementKind.Happened, IsClaimed: true })
                .OrderBy(one => one.At)
                .ThenBy(one => one.Place.Partition)
                .ThenBy(one => one.Place.Position),
        ];
        int more = statements.Any(one => one is { Kind: StatementKind.Happened, IsClaimed: false }) ? 0 : 1;
        return claims.Length <= more ? statements : statements.Except(claims.Skip(more));
    }

    public static ConversionStanding Of(ImmutableArray<ConversionStatement> statements)
    {
        var fold = new StandingFold();
        foreach (
            ConversionStatement statement in Counting(statements)
                .OrderBy(one => one.At)
                .ThenBy(one => one.Place.Partition)
                .ThenBy(one => one.Place.Position)
        )
        {
            fold.Take(statement);
        }

        return fold.Standing;
    }
}

/// <summary>Goes through the statements of a conversion in order of time.</summary>
internal sealed class StandingFold
{
    private readonly ImmutableArray<ConversionMovement>.Builder _movements =
        ImmutableArray.CreateBuilder<ConversionMovement>();
    private readonly List<ConversionStatement> _refunds = [];
    private ConversionStatement? _worth;
    private DateTimeOffset? _convertedAt;
    private DateTimeOffset? _openedAt;
    private DateTimeOffset _lastAt;
    private MoneyValue? _booked;
    private bool _everCounted;
    private bool _isOver;
    private bool _isLost;

    public ConversionStanding Standing =>
        new(
            _convertedAt is not null,
            _convertedAt ?? _lastAt,
            _convertedAt is null ? null : _booked,
            _convertedAt is not null && _booked is null ? _worth!.Value.Fault : CreditResidual.None,
            _movements.ToImmutable()
        )
        {
            OpenedAt = _openedAt,
            RefundedMinor =
                _convertedAt is not null && _booked is { } booked ? booked.Minor - _worth!.Value.Money!.Value.Minor : 0,
            IsLost = _isLost,
        };

    public void Take(ConversionStatement statement)
    {
        _lastAt = statement.At;
        switch (statement.Kind)
        {
            case StatementKind.Happened when _convertedAt is null && !_isOver:
                Begin(statement, statement.At);
                break;
            case StatementKind.Happened when statement.Money is not null:
                // The same order, said again: its latest word counts.
                _worth = statement;
                Book(statement.At, RestatementReason.AmountEdited);
                break;
            case StatementKind.Updated:
                _worth = statement.Money is null && _worth is not null ? _worth : statement;
                Book(statement.At, RestatementReason.AmountEdited);
                break;
            case StatementKind.Refunded:
                _refunds.Add(statement);
                Book(statement.At, RestatementReason.Refunded);
                break;
            case StatementKind.Cancelled:
                _isOver = true;
                End(statement.At, RestatementReason.Cancelled);
                break;
            case StatementKind.DealWon:
                Won(statement);
                break;
            case StatementKind.DealOpen or StatementKind.DealLost:
                _openedAt ??= statement.At;
                _isLost = statement.Kind == StatementKind.DealLost;
                End(statement.At, RestatementReason.Reopened);
                break;
            case StatementKind.DealDeleted:
                (_isOver, _isLost) = (true, false);
                End(statement.At, RestatementReason.Deleted);
                break;
            default:
                break;
        }
    }

    private void Won(ConversionStatement statement)
    {
        _openedAt ??= statement.At;
        _isLost = false;
        if (_isOver)
        {
            // No older or later word brings a deleted record back.
            return;
        }

        DateTimeOffset closed = statement.ClosedAt < statement.At ? statement.ClosedAt.Value : statement.At;
        if (_convertedAt is null)
        {
            Begin(statement, closed);
            return;
        }

        if (statement.ClosedAt is not null && statement.ClosedAt != _worth!.Value.ClosedAt && closed != _convertedAt)
        {
            _worth = statement;
            if (_booked is { } moved)
            {
                _movements.Add(
                    new ConversionMovement(statement.At, RestatementReason.CloseDateMoved, -moved.Minor, moved.Currency)
                );
                _movements.Add(
                    new ConversionMovement(statement.At, RestatementReason.CloseDateMoved, moved.Minor, moved.Currency)
                );
            }

            _convertedAt = closed;
        }

        _worth = statement;
        Book(statement.At, RestatementReason.AmountEdited);
    }

    private void Begin(ConversionStatement statement, DateTimeOffset at)
    {
        (_worth, _convertedAt) = (statement, at);
        RestatementReason reason = _everCounted ? RestatementReason.ClosedAgain : RestatementReason.NewConversion;
        _everCounted = true;
        Book(at, reason);
    }

    private void End(DateTimeOffset at, RestatementReason reason)
    {
        if (_convertedAt is not null)
        {
            if (_booked is { } booked)
            {
                _movements.Add(new ConversionMovement(at, reason, -booked.Minor, booked.Currency));
            }

            (_convertedAt, _booked) = (null, null);
        }
    }

    /// <summary>Brings what is booked to what it is worth now.</summary>
    private void Book(DateTimeOffset at, RestatementReason reason)
    {
        if (_convertedAt is null)
        {
            return;
        }

        MoneyValue? now = Worth();
        if (now == _booked)
        {
            return;
        }

        if (_booked is { } before && now is { } after && before.Currency == after.Currency)
        {
            _movements.Add(new ConversionMovement(at, reason, after.Minor - before.Minor, after.Currency));
        }
        else
        {
            if (_booked is { } gone)
            {
                _movements.Add(new ConversionMovement(at, reason, -gone.Minor, gone.Currency));
            }

            if (now is { } come)
            {
                _movements.Add(new ConversionMovement(at, reason, come.Minor, come.Currency));
            }
        }

        _booked = now;
    }

    /// <summary>The amount without what went back: never less than nothing of what was positive. A refund of another currency is not counted.</summary>
    private MoneyValue? Worth()
    {
        if (_worth?.Money is not { } money)
        {
            return null;
        }

        long left = money.Minor;
        foreach (ConversionStatement refund in _refunds)
        {
            if (refund.Money is null && refund.Fault == CreditResidual.None)
            {
                left = 0;
            }
            else if (BackOf(refund, money.Currency) is { } back && back.Currency == money.Currency)
            {
                left = Math.Max(Math.Min(left, 0), left - back.Minor);
            }
        }

        return money with
        {
            Minor = left,
        };
    }

    private static MoneyValue? BackOf(in ConversionStatement refund, string currency) =>
        refund.Money
        ?? (
            refund.AmountText is { } text && MoneyValue.TryParse(text, isMinor: false, currency, out MoneyValue read)
                ? read with
                {
                    Minor = Math.Abs(read.Minor),
                }
                : null
        );
}
