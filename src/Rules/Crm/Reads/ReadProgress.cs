using System.Collections.Immutable;

namespace Customer360.Rules.Crm.Reads;

/// <summary>How far the reading of all records of a kind has come.</summary>
/// <param name="Of">The request for all of them.</param>
/// <param name="Next">Where it goes on, as the CRM's pages have it; null: at the beginning.</param>
/// <param name="Missed">
/// The earliest change that came to be known since the reading began: it may be of a record that was read before it. Null: none.
/// </param>
public sealed record ReadCursor(ReadRequest Of, string? Next, DateTimeOffset? Missed)
{
    /// <summary>True where it is about the same records.</summary>
    public bool IsFor(ReadRequest request) => (Of.Object, Of.Account) == (request.Object, request.Account);
}

/// <summary>How the reading of a source's records goes. Immutable.</summary>
public sealed record ReadProgress
{
    /// <summary>Records of one call: what HubSpot takes at most.</summary>
    public const int BatchMax = 100;

    public static ReadProgress None { get; } = new();

    /// <summary>When the CRM was last asked, or could not be.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The last failure; null after a success.</summary>
    public ReadFault? Fault { get; init; }

    public string? Code { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Failures since the last success.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>True: nothing is asked until the program starts anew.</summary>
    public bool IsStopped { get; init; }

    /// <summary>
    /// Records that are asked for at once. It halves when the CRM refuses a call, so that one record that it can't be asked for
    /// holds up no other, and doubles with each success.
    /// </summary>
    public int Batch { get; init; } = BatchMax;

    public ImmutableArray<ReadCursor> Cursors { get; init; } = [];

    /// <summary>True where something may be asked now.</summary>
    public bool IsDue(DateTimeOffset now) => !IsStopped && (NextAttemptAt is null || NextAttemptAt <= now);

    /// <summary>What a new start of the program changes: a token may be another one now.</summary>
    public ReadProgress Restarted() => IsStopped ? this with { IsStopped = false, NextAttemptAt = null } : this;

    /// <summary>After a step that went well, or did not.</summary>
    public ReadProgress After(ReadReport report, DateTimeOffset now)
    {
        if (report.Failure is not { } failure)
        {
            return this with
            {
                LastAttemptAt = now,
                LastSuccessAt = now,
                Fault = null,
                Code = null,
                NextAttemptAt = now + report.Rest,
                FailuresInARow = 0,
                Batch = Math.Min(BatchMax, Batch * 2),
            };
        }

        int inARow = FailuresInARow + 1;
        TimeSpan? pause = ReadPauses.After(failure, inARow, now);
        return this with
        {
            LastAttemptAt = now,
            Fault = failure.Fault,
            Code = failure.Code,
            NextAttemptAt = now + pause,
            FailuresInARow = inARow,
            IsStopped = pause is null,
            Batch = failure.Fault is ReadFault.RequestRefused or ReadFault.AnswerTooLarge
                ? Math.Max(1, Batch / 2)
                : Batch,
        };
    }
}

/// <summary>What a step came to, as the keeper of the backlog is told.</summary>
public sealed record ReadReport
{
    /// <summary>Requests that are answered, as they were taken.</summary>
    public ImmutableArray<ReadRequest> Finished { get; init; } = [];

    /// <summary>Requests that were asked and are not answered: others come first now.</summary>
    public ImmutableArray<ReadRequest> Later { get; init; } = [];

    /// <summary>Records that the answers say have to be read, too.</summary>
    public ImmutableArray<ReadRequest> More { get; init; } = [];

    /// <summary>Where a request for all records goes on.</summary>
    public ReadCursor? Cursor { get; init; }

    public ReadFailure? Failure { get; init; }

    /// <summary>How long to wait although it went well.</summary>
    public TimeSpan? Rest { get; init; }
}
