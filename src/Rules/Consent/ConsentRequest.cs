using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Audit;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Consent;

/// <summary>What somebody says about one purpose.</summary>
/// <param name="Status">Granted or denied.</param>
/// <param name="Until">Of a grant: when it ends, or null.</param>
public readonly record struct ConsentAnswer(string Purpose, ConsentStatus Status, DateTimeOffset? Until = null);

/// <summary>What a customer knows of a request already.</summary>
public enum ConsentHearing
{
    /// <summary>Nothing.</summary>
    New = 0,

    /// <summary>It is written down.</summary>
    Repeated = 1,

    /// <summary>Another request had this id.</summary>
    Other = 2,
}

/// <summary>What an authenticated person says about consent: it counts for every identifier that the customer holds.</summary>
/// <param name="RequestId">Chosen by the caller. A repeat of it changes nothing.</param>
/// <param name="Answers">Each purpose once; at least one.</param>
/// <param name="By">The caller's name.</param>
/// <param name="At">When it was received.</param>
/// <param name="PolicyVersion">The consent policy in force then.</param>
/// <param name="Evidence">What the caller wrote down about how it was given, or null.</param>
public sealed record ConsentRequest(
    string RequestId,
    ImmutableArray<ConsentAnswer> Answers,
    string By,
    DateTimeOffset At,
    string PolicyVersion,
    string? Evidence
)
{
    /// <summary>The audit's word for it.</summary>
    public const string AuditAction = "consent.changed";

    /// <summary>What the ledger of each identifier learns of it.</summary>
    public ConsentLedger ToLedger() =>
        ConsentLedger.Of(
            Answers.Select(answer => new ConsentSpan
            {
                Status = answer.Status,
                Purpose = answer.Purpose,
                Form = ConsentSpanForms.Api,
                Source = By,
                Words =
                [
                    new ConsentWord(At, RequestId, PolicyVersion)
                    {
                        Until = answer.Status == ConsentStatus.Granted ? answer.Until : null,
                        Evidence = Evidence,
                    },
                ],
            }),
            []
        );

    /// <summary>Whether a customer has written it down.</summary>
    public ConsentHearing HeardBy(ProfileMap map)
    {
        HashSet<(string, ConsentStatus)> heard =
        [
            .. map
                .Entries.SelectMany(entry => entry.Consent.Spans)
                .Where(span => span.Form == ConsentSpanForms.Api && span.Words.Any(word => word.CauseId == RequestId))
                .Select(span => (span.Purpose, span.Status)),
        ];
        return heard.Count == 0 ? ConsentHearing.New
            : heard.SetEquals(Answers.Select(answer => (answer.Purpose, answer.Status))) ? ConsentHearing.Repeated
            : ConsentHearing.Other;
    }

    /// <summary>What the audit is told: no value of a person, and the same entry however often the request comes.</summary>
    /// <param name="roles">The caller's.</param>
    /// <param name="identifiers">How many identifiers it was written under.</param>
    public AuditEntry ToEntry(string customerId, string roles, int identifiers)
    {
        byte[] id = SHA256.HashData(Encoding.UTF8.GetBytes($"{AuditAction}\n{customerId}\n{RequestId}"));
        return new AuditEntry(
            $"a_{Convert.ToHexStringLower(id.AsSpan(0, 16))}",
            At,
            AuditAction,
            new AuditActor("key", By, roles),
            "customer",
            customerId
        )
        {
            Fields = [.. Answers.Select(answer => answer.Purpose).Order(StringComparer.Ordinal)],
            PolicyVersion = PolicyVersion,
            RequestId = RequestId,
            Details = Answers
                .Select(answer =>
                    KeyValuePair.Create($"purpose.{answer.Purpose}", ConsentLedgerJson.TextOf(answer.Status))
                )
                .Append(KeyValuePair.Create("identifiers", identifiers.ToString(CultureInfo.InvariantCulture)))
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }
}

/// <summary>The consent policy takes a yes to the purpose by other forms only.</summary>
public sealed record ConsentNotEvident()
    : Refusal(
        "evidence_not_accepted",
        "By the consent policy a yes to one of these purposes counts only where it comes by a form of its 'evidence'."
    );

/// <summary>The request's id was used for another request.</summary>
public sealed record ConsentRequestReused()
    : Refusal("request_id_reused", "Another request about this customer had this id; choose a new one.");
