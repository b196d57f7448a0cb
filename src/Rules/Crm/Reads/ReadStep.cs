using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>What was read of one record.</summary>
/// <param name="Request">The request that it answers; null where all records of a kind are read.</param>
/// <param name="Messages">What it says; none where the CRM does not have the record any more.</param>
public sealed record ReadFinding(ReadRequest? Request, ImmutableArray<CrmMessage> Messages);

/// <summary>What is known of a CRM beside its records. It is asked for once in the life of a process.</summary>
public sealed record CrmKnowledge
{
    public static CrmKnowledge None { get; } = new();

    /// <summary>Of HubSpot: the account that the token is of. HubSpot's records do not say it.</summary>
    public string? Account { get; init; }

    /// <summary>Of HubSpot: how far the account's clock is from UTC.</summary>
    public TimeSpan? UtcOffset { get; init; }

    /// <summary>Of Salesforce: by kind of record the fields that the token may read. A query that names another one is refused.</summary>
    public ImmutableDictionary<string, ImmutableHashSet<string>> Fields { get; init; } =
        ImmutableDictionary.Create<string, ImmutableHashSet<string>>(StringComparer.Ordinal);
}

/// <summary>
/// A small piece of the reading: a few calls, of which each follows from the answer to the one before. Immutable. A step that is
/// broken off is done again from its beginning, and what it says then has the same ids.
/// </summary>
public abstract record ReadStep
{
    /// <summary>Calls of a step; the rest is left to the next one.</summary>
    private const int CallsMax = 20;

    /// <summary>The call to be made; null: the step is over.</summary>
    public CrmCall? Call { get; protected init; }

    /// <summary>What was learned. It has to be stored before the report is given.</summary>
    public ImmutableArray<ReadFinding> Findings { get; protected init; } = [];

    public ReadReport Report { get; protected init; } = new();

    /// <summary>What was learned of the CRM; null: nothing. Such a step says nothing of records.</summary>
    public CrmKnowledge? Knowledge { get; protected init; }

    private int Calls { get; init; }

    /// <summary>The step after the answer to its call.</summary>
    public ReadStep With(CrmAnswer answer)
    {
        ReadFailure? failure = answer.Fault is { } fault ? new ReadFailure(fault) : FailureOf(answer);
        if (failure is not null)
        {
            return Failed(failure);
        }

        using JsonDocument? document = answer.Parse();
        ReadStep next = document is { RootElement: { ValueKind: JsonValueKind.Object } root }
            ? Take(root, answer)
            : Failed(new ReadFailure(ReadFault.AnswerUnreadable));
        TimeSpan? rest = CrmHeaders.RestAfter(answer);
        next = next with { Calls = Calls + 1, Report = next.Report with { Rest = rest ?? next.Report.Rest } };
        // A step near a limit is not broken off: it would begin with the same call each time, and never come to the next.
        return next.Call is not null && next.Calls >= CallsMax ? next.Broken(failure: null) : next;
    }

    /// <summary>The report where the policies in force refuse messages of the step: what they are of is asked for again, later.</summary>
    /// <param name="messageIds">Of the refused messages.</param>
    /// <param name="code">Why, of the first.</param>
    /// <remarks>
    /// Of a page the others count: to read it again for ever would hold up all that come behind. Those that are refused are lost for
    /// this time, and the failure shows it.
    /// </remarks>
    public ReadReport WithRefused(IReadOnlySet<string> messageIds, string? code)
    {
        ReadRequest[] refused =
        [
            .. Findings
                .Where(finding => finding.Messages.Any(message => messageIds.Contains(message.MessageId)))
                .Select(finding => finding.Request)
                .OfType<ReadRequest>(),
        ];
        return Report with
        {
            Finished = Report.Finished.RemoveRange(refused),
            Later = Report.Later.AddRange(refused),
            Failure = Report.Failure ?? new ReadFailure(ReadFault.MessageRefused) { Code = code },
        };
    }

    /// <summary>The step with the answer, which is a good one.</summary>
    protected abstract ReadStep Take(JsonElement answer, CrmAnswer whole);

    /// <summary>The failure that an answer is; null where it is none.</summary>
    protected abstract ReadFailure? FailureOf(CrmAnswer answer);

    /// <summary>It ends before its last call: what is known by now counts, and the rest is asked for later.</summary>
    /// <param name="failure">Why; null: it did what a step may do.</param>
    protected abstract ReadStep Broken(ReadFailure? failure);

    /// <summary>It ends with a failure; what was learned before counts.</summary>
    protected ReadStep Failed(ReadFailure failure)
    {
        ReadStep broken = Broken(failure);
        return broken with { Report = broken.Report with { Failure = failure } };
    }
}
