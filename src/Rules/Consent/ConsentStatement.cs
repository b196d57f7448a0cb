using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Consent;

/// <summary>What a message says about one purpose.</summary>
/// <param name="Status">Granted or denied.</param>
/// <param name="Form">How it was written.</param>
public sealed record ConsentClause(string Purpose, ConsentStatus Status, string Form)
{
    /// <summary>
    /// When it was said, where that is earlier than the message: a consent string tells when it was made. Null: with the message.
    /// </summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Of a grant: when it ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What it was read from: ids of the form, never a value of a person.</summary>
    public string? Evidence { get; init; }

    /// <summary>
    /// Types of those identifiers of the message that it is about; empty: it is about all of them.
    /// </summary>
    public ImmutableArray<string> Types { get; init; } = [];
}

/// <summary>What became of a message because of the consent that it states.</summary>
public enum CollectBoundary
{
    /// <summary>It was stored as it was sent.</summary>
    Stored = 0,

    /// <summary>It was stored without its personal fields.</summary>
    WithoutPersonal = 1,

    /// <summary>It was dropped: identifiers and consent are all that is left of it.</summary>
    Dropped = 2,
}

/// <summary>
/// What a message says about consent, as the policy understood it when the message was received. It is part of the envelope, so
/// a replay and a rebuild come to the same whatever the policy says by then.
/// </summary>
/// <param name="PolicyVersion">That policy.</param>
/// <param name="Clauses">By purpose, each once.</param>
public sealed record ConsentStatement(string PolicyVersion, ImmutableArray<ConsentClause> Clauses)
{
    /// <summary>What became of the message.</summary>
    public CollectBoundary Boundary { get; init; }

    /// <summary>The statement of a message that carries these identifiers: about those of them that it is about.</summary>
    public ConsentStatement CarriedBy(ImmutableArray<Identifier> identifiers) =>
        this with
        {
            Clauses =
            [
                .. Clauses.Select(clause =>
                    clause.Types.IsEmpty
                        ? clause
                        : clause with
                        {
                            Types =
                            [
                                .. clause.Types.Where(type => identifiers.Any(one => RegionalType.Is(one.Type, type))),
                            ],
                        }
                ),
            ],
        };

    /// <summary>What a ledger learns of the message.</summary>
    public IEnumerable<ConsentSpan> SpansOf(Envelope envelope)
    {
        ImmutableArray<Identifier> all = [.. envelope.Identifiers.Order()];
        // A time that lies after the receipt is cut to it.
        DateTimeOffset at = envelope.Timestamp < envelope.ReceivedAt ? envelope.Timestamp : envelope.ReceivedAt;
        foreach (ConsentClause clause in Clauses)
        {
            ImmutableArray<Identifier> covers = clause.Types.IsEmpty
                ? all
                : [.. all.Where(one => clause.Types.Contains(RegionalType.Base(one.Type), StringComparer.Ordinal))];
            if (covers.IsEmpty)
            {
                // Those that it was about have been taken out of the message since: it is about nobody who is left.
                continue;
            }

            yield return new ConsentSpan
            {
                Status = clause.Status,
                Purpose = clause.Purpose,
                Form = clause.Form,
                Source = envelope.Source,
                IsClaimed = envelope.Trust == StatementTrust.Claimed,
                Covers = covers,
                Words =
                [
                    new ConsentWord(clause.At < at ? clause.At.Value : at, envelope.MessageId, PolicyVersion)
                    {
                        Until = clause.Until,
                        Evidence = clause.Evidence,
                    },
                ],
            };
        }
    }
}
