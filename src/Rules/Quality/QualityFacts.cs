using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Quality;

/// <summary>How long before its receipt a message happened.</summary>
public enum MessageAge
{
    /// <summary>Its time can't be read or can't be: before 1970, or over a day after its receipt. It counts as of its receipt.</summary>
    Impossible = 0,

    /// <summary>After its receipt by over a minute.</summary>
    Future = 1,

    /// <summary>Within an hour.</summary>
    Fresh = 2,

    OlderThanHour = 3,

    OlderThanDay = 4,

    /// <summary>Over 30 days.</summary>
    OlderThanMonth = 5,
}

/// <summary>What a message is counted as beside a message.</summary>
[Flags]
public enum QualityTraits
{
    None = 0,

    /// <summary>It waits in quarantine.</summary>
    Held = 1,

    /// <summary>It does not keep its contract, or nobody could say whether it does.</summary>
    Violating = 2,

    /// <summary>No contract has planned it.</summary>
    Unplanned = 4,

    /// <summary>It says nothing about consent.</summary>
    NoConsent = 8,

    /// <summary>It carries nothing but an anonymous id.</summary>
    Anonymous = 16,
}

/// <summary>
/// What is counted of a message: messages with equal facts are counted together. Names are those of contracts and checks, so no value of
/// a person is in it.
/// </summary>
/// <param name="Source">Who sent it.</param>
/// <param name="Hour">In which it was received, UTC.</param>
/// <param name="Event">See <see cref="NameOf"/>.</param>
/// <param name="Version">Of the contract by which it was judged; empty: by none.</param>
/// <param name="Probes">What was looked for; null: nothing.</param>
/// <param name="Looked">A bit for each probe that had something to look at.</param>
/// <param name="Good">A bit for each of them that found it good.</param>
public readonly record struct QualityFacts(
    string Source,
    DateTimeOffset Hour,
    string Event,
    string Version,
    QualityTraits Traits,
    MessageAge Age,
    QualityProbes? Probes,
    ulong Looked,
    ulong Good
)
{
    /// <summary>An event that nobody has planned and no check names: its name may hold a person's data.</summary>
    public const string Other = "*";

    private const string AnonymousType = "anonymous_id";

    private static readonly TimeSpan s_skewAllowed = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_month = TimeSpan.FromDays(30);

    /// <summary>Null where it was counted before: it comes out of quarantine, and was counted when it went there.</summary>
    public static QualityFacts? Of(Envelope envelope, QualityPolicy policy)
    {
        ContractJudgement? judgement = envelope.Contract;
        if (judgement is { ReleasedFrom: not null })
        {
            return null;
        }

        string name = NameOf(envelope, policy);
        QualityProbes? probes = policy.ProbesOf(name);
        (ulong looked, ulong good) = probes?.Look(envelope) ?? (0, 0);
        return new QualityFacts(
            envelope.Source,
            HourOf(envelope.ReceivedAt),
            name,
            judgement?.Version ?? "",
            TraitsOf(envelope, judgement),
            AgeOf(envelope),
            looked == 0 ? null : probes,
            looked,
            good
        );
    }

    public static DateTimeOffset HourOf(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>
    /// The contract's title; without a contract the event's name where a check names it, else <c>*</c>; of what is no event its kind.
    /// </summary>
    public static string NameOf(Envelope envelope, QualityPolicy policy) =>
        envelope.Contract?.Contract is { } title ? title
        : envelope.Name is { } name && policy.Names(name) ? name
        : envelope.Kind == EventKind.Track ? Other
        : EventKinds.Text(envelope.Kind);

    private static QualityTraits TraitsOf(Envelope envelope, ContractJudgement? judgement)
    {
        QualityTraits traits = envelope.Consent is { Clauses.Length: > 0 }
            ? QualityTraits.None
            : QualityTraits.NoConsent;
        if (RegionalType.Is(envelope.Identifiers[0].Type, AnonymousType))
        {
            traits |= QualityTraits.Anonymous;
        }

        if (judgement is null)
        {
            return traits;
        }

        traits |= judgement.IsHeld ? QualityTraits.Held : QualityTraits.None;
        foreach (SchemaViolation violation in judgement.Violations)
        {
            traits |= violation.Kind switch
            {
                ContractViolations.Recommended => QualityTraits.None,
                ContractViolations.UnplannedEvent => QualityTraits.Unplanned,
                _ => QualityTraits.Violating,
            };
        }

        return traits;
    }

    private static MessageAge AgeOf(Envelope envelope)
    {
        foreach (LeftOutPart part in envelope.LeftOut)
        {
            if (part.Reason is LeftOutReasons.ImpossibleTime or LeftOutReasons.ZeroTime)
            {
                return MessageAge.Impossible;
            }
        }

        TimeSpan age = envelope.ReceivedAt - envelope.Timestamp;
        return age < -s_skewAllowed ? MessageAge.Future
            : age < TimeSpan.FromHours(1) ? MessageAge.Fresh
            : age < TimeSpan.FromDays(1) ? MessageAge.OlderThanHour
            : age < s_month ? MessageAge.OlderThanDay
            : MessageAge.OlderThanMonth;
    }
}
