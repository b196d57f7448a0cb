using System.Collections.Immutable;
using Customer360.Rules.Crm.Reads;

namespace Customer360.Rules.Crm.Backlog;

/// <summary>A header that a part came with: a mapping may look for a value there.</summary>
public sealed record PartHeader(string Name, string Value);

/// <summary>A part of a webhook that could not be read, set aside until the fault is mended.</summary>
/// <param name="Id">Made of what it is, so that a repeat is the same part: 32 hexadecimal digits.</param>
/// <param name="Reason">One of <see cref="FaultReasons"/>, the code of a message's refusal, or what is wrong with a whole body.</param>
/// <param name="Place">The member or the rule that it is about; or null.</param>
/// <param name="At">When it came.</param>
/// <param name="Body">The text to be read again.</param>
public sealed record SetAsidePart(
    string Id,
    string Reason,
    string? Place,
    DateTimeOffset At,
    string Body,
    ImmutableArray<PartHeader> Headers
)
{
    /// <summary>Characters that it takes.</summary>
    public int Length => Body.Length + Headers.Sum(header => header.Name.Length + header.Value.Length);
}

/// <summary>What a source has left to be done: parts that can't be read, and records that have to be read from its CRM. Immutable.</summary>
/// <param name="Parts">In the order of their coming.</param>
/// <param name="Reads">Each record once, by its latest notice.</param>
public sealed record WebhookBacklog(ImmutableArray<SetAsidePart> Parts, ImmutableArray<ReadRequest> Reads)
{
    /// <summary>Parts that one source may have; beyond, the source has to send again later.</summary>
    public const int PartsMax = 500;

    /// <summary>Characters of all parts, likewise.</summary>
    public const int PartCharactersMax = 4_000_000;

    /// <summary>
    /// Records that are asked for one by one. Beyond, all that changed of the kind is asked for: that is one request, and no record
    /// is lost by it.
    /// </summary>
    public const int ReadsMax = 1_000;

    public static WebhookBacklog Empty { get; } = new([], []);

    /// <summary>How the reading of the records goes.</summary>
    public ReadProgress Progress { get; init; } = ReadProgress.None;

    public bool IsEmpty => Parts.IsEmpty && Reads.IsEmpty;

    /// <summary>These and more; the same object where all of it is there; null where there is no room for the parts.</summary>
    public WebhookBacklog? With(WebhookBacklog more)
    {
        SetAsidePart[] parts =
        [
            .. more.Parts.DistinctBy(part => part.Id).Where(part => Parts.All(known => known.Id != part.Id)),
        ];
        if (
            parts.Length > 0
            && (
                Parts.Length + parts.Length > PartsMax
                || Parts.Concat(parts).Sum(part => (long)part.Length) > PartCharactersMax
            )
        )
        {
            return null;
        }

        ImmutableArray<ReadRequest> reads = more.Reads.Aggregate(Reads, Add);
        ReadProgress progress = more.Reads.Aggregate(Progress, Missed);
        return parts.Length == 0 && reads == Reads && progress == Progress
            ? this
            : this with
            {
                Parts = [.. Parts, .. parts],
                Reads = reads,
                Progress = progress,
            };
    }

    /// <summary>Without a part; the same object where it has none of that id.</summary>
    public WebhookBacklog WithoutPart(string id) =>
        Parts.All(part => part.Id != id) ? this : this with { Parts = [.. Parts.Where(part => part.Id != id)] };

    /// <summary>
    /// With the readings of all records of a kind begun that are asked for. What is told of such records from now on may come too late
    /// for them, and is read again behind them. The same object where none has to begin.
    /// </summary>
    public WebhookBacklog Begun()
    {
        ReadRequest[] beginning =
        [
            .. Reads.Where(read => read.Id is null && !Progress.Cursors.Any(cursor => cursor.IsFor(read))),
        ];
        return beginning.Length == 0
            ? this
            : this with
            {
                Progress = Progress with
                {
                    Cursors = [.. Progress.Cursors, .. beginning.Select(read => new ReadCursor(read, null, null))],
                },
            };
    }

    /// <summary>What is left after a step of the reading.</summary>
    /// <param name="now">When the step ended.</param>
    public WebhookBacklog After(ReadReport report, DateTimeOffset now)
    {
        ImmutableArray<ReadRequest> reads = Reads;
        ImmutableArray<ReadCursor> cursors = Progress.Cursors;
        foreach (ReadRequest done in report.Finished)
        {
            if (done.Id is not null)
            {
                // One that was told of since is not the same any more, and stays.
                reads = reads.Remove(done);
                continue;
            }

            ReadCursor? cursor = cursors.FirstOrDefault(one => one.IsFor(done));
            reads = reads.RemoveAll(one => one.Id is null && (one.Object, one.Account) == (done.Object, done.Account));
            cursors = cursors.RemoveAll(one => one.IsFor(done));
            if (cursor?.Missed is { } missed)
            {
                reads = reads.Add(done with { At = missed });
            }
        }

        if (report.Cursor is { } next)
        {
            cursors = [.. cursors.Select(one => one.IsFor(next.Of) ? one with { Next = next.Next } : one)];
            reads = ToEnd(reads, next.Of);
        }

        reads = report.Later.Aggregate(reads, ToEnd);
        reads = report.More.Aggregate(reads, Add);
        ReadProgress progress = (Progress with { Cursors = cursors }).After(report, now);
        return this with { Reads = reads, Progress = report.More.Aggregate(progress, Missed) };
    }

    /// <summary>
    /// Without what mentions a person who has to be forgotten: a part by her address or her number in it, a request by her record.
    /// </summary>
    /// <param name="values">Values of her identifiers.</param>
    public WebhookBacklog Forget(ImmutableArray<string> values)
    {
        ImmutableArray<SetAsidePart> parts = Parts.RemoveAll(part =>
            values.Any(value => Mentions(part.Body, value) || part.Headers.Any(header => Mentions(header.Value, value)))
        );
        ImmutableArray<ReadRequest> reads = Reads.RemoveAll(read =>
            read.Id is { } id && values.Any(value => value == id || value == $"{read.Account}:{id}")
        );
        return parts.Length == Parts.Length && reads.Length == Reads.Length
            ? this
            : this with
            {
                Parts = parts,
                Reads = reads,
            };
    }

    /// <summary>
    /// True where each piece of a value stands in the text by itself. HubSpot's records are known as <c>account:id</c>, and the two
    /// stand apart in its events.
    /// </summary>
    private static bool Mentions(string text, string value) =>
        value.Split(':', StringSplitOptions.RemoveEmptyEntries).All(piece => HasWord(text, piece));

    private static bool HasWord(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        while (at >= 0)
        {
            int end = at + word.Length;
            bool isWhole =
                (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (isWhole)
            {
                return true;
            }

            at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }

    private static ImmutableArray<ReadRequest> ToEnd(ImmutableArray<ReadRequest> reads, ReadRequest request)
    {
        ReadRequest? known = reads.FirstOrDefault(one =>
            (one.Object, one.Account, one.Id) == (request.Object, request.Account, request.Id)
        );
        return known is null ? reads : reads.Remove(known).Add(known);
    }

    /// <summary>Notes a change of a kind whose reading has begun.</summary>
    private static ReadProgress Missed(ReadProgress progress, ReadRequest more)
    {
        ReadCursor? cursor = progress.Cursors.FirstOrDefault(one => one.IsFor(more));
        DateTimeOffset at = more.At ?? cursor?.Of.At ?? DateTimeOffset.UnixEpoch;
        return cursor is null || cursor.Missed <= at
            ? progress
            : progress with
            {
                Cursors = progress.Cursors.Replace(cursor, cursor with { Missed = at }),
            };
    }

    private static ImmutableArray<ReadRequest> Add(ImmutableArray<ReadRequest> reads, ReadRequest more)
    {
        for (int place = 0; place < reads.Length; place++)
        {
            ReadRequest known = reads[place];
            if ((known.Object, known.Account) != (more.Object, more.Account))
            {
                continue;
            }

            if (known.Id is null)
            {
                // All of the kind is asked for: from when on is what the earlier of the two says.
                ReadRequest earlier = known with
                {
                    At = Earlier(known.At, more.At),
                };
                return earlier == known ? reads : reads.SetItem(place, earlier);
            }

            if (known.Id == more.Id)
            {
                return known == more || known.At > more.At ? reads : reads.SetItem(place, more);
            }
        }

        return more.Id is null || reads.Length >= ReadsMax ? AddAll(reads, more) : reads.Add(more);
    }

    private static ImmutableArray<ReadRequest> AddAll(ImmutableArray<ReadRequest> reads, ReadRequest more)
    {
        bool IsOfKind(ReadRequest one) => (one.Object, one.Account) == (more.Object, more.Account);
        return reads
            .RemoveAll(IsOfKind)
            .Add(
                more with
                {
                    Id = null,
                    Reason = ReadReason.Overflow,
                    At = reads.Where(IsOfKind).Aggregate(more.At, (at, one) => Earlier(at, one.At)),
                }
            );
    }

    /// <summary>A time that is not known may be any: then everything has to be read.</summary>
    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other is null ? null
        : one < other ? one
        : other;
}
