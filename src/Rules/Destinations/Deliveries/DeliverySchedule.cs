using System.Globalization;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>What an answer means for the whole destination.</summary>
public enum DestinationTurn
{
    /// <summary>Nothing: it goes on.</summary>
    GoOn = 0,

    /// <summary>It wants less for a while, until <see cref="DeliveryJudgement.Until"/>.</summary>
    Hold = 1,

    /// <summary>Nobody is sent anything until somebody has looked: what waits stays.</summary>
    Pause = 2,

    /// <summary>The receiver says that it is no more.</summary>
    Disable = 3,
}

/// <summary>What an answer means.</summary>
/// <param name="Outcome">For the row.</param>
/// <param name="Reason">A word; empty of what was sent.</param>
/// <param name="RetryAt">Of a retry: when.</param>
/// <param name="IsNoTry">Nobody was asked, or the receiver can't be blamed on the row: it does not count.</param>
/// <param name="Turn">For the destination.</param>
public sealed record DeliveryJudgement(
    DeliveryOutcome Outcome,
    string Reason,
    DateTimeOffset? RetryAt = null,
    bool IsNoTry = false,
    DestinationTurn Turn = DestinationTurn.GoOn
)
{
    /// <summary>Of a hold: until when.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>It says that the receiver is not well, whatever becomes of the row: the breaker counts it.</summary>
    public bool IsTrouble { get; init; }

    /// <summary>No answer came, and the request may have arrived all the same.</summary>
    public bool IsLost { get; init; }
}

/// <summary>
/// When what was not taken is sent again, and when it is given up. Pauses are chosen by chance between nothing and a limit that doubles
/// (full jitter), so that many that failed together do not come back together. A receiver's own word counts before that.
/// </summary>
public static class DeliverySchedule
{
    public static readonly TimeSpan PauseFirst = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan PauseMax = TimeSpan.FromHours(4);

    /// <summary>A receiver's word is heeded up to here.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(24);

    /// <summary>Bytes of an answer that tell whether it is a page for people.</summary>
    private const int PageBytes = 1024;

    private static readonly string[] s_pages = ["<!doctype", "<html", "<head", "<body"];

    /// <summary>How long something is tried; null: until it is taken.</summary>
    public static TimeSpan? TriedFor(EffectKind kind) =>
        kind switch
        {
            EffectKind.PersonErased or EffectKind.ConsentWithdrawn => null,
            EffectKind.AudienceEntered or EffectKind.AudienceLeft => TimeSpan.FromHours(72),
            _ => TimeSpan.FromHours(24),
        };

    /// <summary>What an answer means for a row, where its status says all.</summary>
    /// <param name="chance">From 0 to 1, 1 excluded.</param>
    public static DeliveryJudgement Judge(OutboxItem item, DeliveryAnswer answer, double chance)
    {
        switch (answer.Fault)
        {
            case DeliveryFault.AddressNotAllowed:
            case DeliveryFault.SecretMissing:
                return Paused(item, answer, WordOf(answer.Fault), chance);
            case not DeliveryFault.None:
                return Troubled(item, answer, WordOf(answer.Fault), chance) with
                {
                    IsLost = answer.Fault is DeliveryFault.TimedOut or DeliveryFault.ConnectionLost,
                };
        }

        int status = answer.Status;
        return status switch
        {
            >= 200 and < 300 => IsPage(answer) ? Troubled(item, answer, "html_page", chance) : Taken(answer),
            // Whoever is led elsewhere may be led inside: nobody follows.
            >= 300 and < 400 => GiveUp(item, answer, "redirected", chance),
            401 or 403 => Paused(item, answer, "not_authorized", chance),
            410 => Paused(item, answer, "gone", chance) with { Turn = DestinationTurn.Disable },
            408 or 425 => Troubled(item, answer, "receiver_busy", chance),
            429 => Held(item, answer, "rate_limited", chance),
            503 => Held(item, answer, "receiver_unavailable", chance),
            >= 500 => Troubled(item, answer, "receiver_failed", chance),
            404 => GiveUp(item, answer, "not_found", chance),
            _ => GiveUp(item, answer, "refused", chance),
        };
    }

    /// <summary>It is tried again, or given up where that has been done for long enough.</summary>
    public static DeliveryJudgement Again(OutboxItem item, DateTimeOffset now, string reason, double chance)
    {
        DateTimeOffset at = now + PauseAfter(item.Tries, chance);
        return TriedFor(item.Effect.Kind) is { } limit && at - item.FirstTriedAt > limit
            ? new DeliveryJudgement(DeliveryOutcome.Failed, reason)
            : new DeliveryJudgement(DeliveryOutcome.Retry, reason, at);
    }

    /// <summary>As <see cref="Again"/>, of a receiver that is not well.</summary>
    public static DeliveryJudgement Troubled(OutboxItem item, DeliveryAnswer answer, string reason, double chance) =>
        Again(item, answer.At, reason, chance) with
        {
            IsTrouble = true,
        };

    /// <summary>It is given up at once; what must be told is tried on.</summary>
    public static DeliveryJudgement GiveUp(OutboxItem item, DeliveryAnswer answer, string reason, double chance) =>
        EffectKinds.IsObligation(item.Effect.Kind)
            ? new DeliveryJudgement(DeliveryOutcome.Retry, reason, answer.At + PauseAfter(item.Tries, chance))
            : new DeliveryJudgement(DeliveryOutcome.Failed, reason);

    /// <summary>Between nothing and five seconds, ten, twenty … four hours.</summary>
    /// <param name="tries">Before this one.</param>
    public static TimeSpan PauseAfter(int tries, double chance)
    {
        double limit = Math.Min(PauseMax.TotalSeconds, PauseFirst.TotalSeconds * Math.Pow(2, Math.Min(tries, 30)));
        return TimeSpan.FromSeconds(Math.Max(PauseMin.TotalSeconds, limit * chance));
    }

    /// <summary>
    /// <c>Retry-After</c>, as seconds or as an HTTP date, from a second up to a day; null where it says nothing that can be used. That is
    /// also where it names no time or one that is past: whoever says so to all would be asked again and again without a pause.
    /// </summary>
    public static TimeSpan? RetryAfterOf(DeliveryAnswer answer)
    {
        if (answer.RetryAfter?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        TimeSpan wait;
        if (text.All(char.IsAsciiDigit))
        {
            bool isShort = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds);
            wait = isShort && seconds < RetryAfterMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : RetryAfterMax;
        }
        else if (
            DateTimeOffset.TryParseExact(
                text,
                ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite,
                out DateTimeOffset at
            )
        )
        {
            wait = at - answer.At;
        }
        else
        {
            return null;
        }

        return wait <= TimeSpan.Zero ? null
            : wait < PauseMin ? PauseMin
            : wait < RetryAfterMax ? wait
            : RetryAfterMax;
    }

    public static string WordOf(DeliveryFault fault) =>
        fault switch
        {
            DeliveryFault.Unreachable => "unreachable",
            DeliveryFault.TimedOut => "timed_out",
            DeliveryFault.CertificateRefused => "certificate_refused",
            DeliveryFault.AddressNotAllowed => "address_not_allowed",
            DeliveryFault.AnswerTooLarge => "answer_too_large",
            DeliveryFault.AnswerBroken => "answer_broken",
            DeliveryFault.SecretMissing => "secret_missing",
            DeliveryFault.ConnectionLost => "connection_lost",
            _ => "",
        };

    private static DeliveryJudgement Held(OutboxItem item, DeliveryAnswer answer, string reason, double chance)
    {
        DeliveryJudgement again = Troubled(item, answer, reason, chance);
        return RetryAfterOf(answer) is { } wait ? Hold(again, answer.At + wait)
            : answer.FreeFrom is { } free ? Hold(again, free)
            : again;
    }

    /// <summary>It was taken; where that was the last that the receiver takes for now, the destination waits.</summary>
    public static DeliveryJudgement Taken(DeliveryAnswer answer)
    {
        var taken = new DeliveryJudgement(DeliveryOutcome.Sent, "");
        return answer.FreeFrom is { } free ? Hold(taken, free) : taken;
    }

    /// <summary>The whole destination waits until then, and the row with it.</summary>
    public static DeliveryJudgement Hold(DeliveryJudgement again, DateTimeOffset until) =>
        again with
        {
            RetryAt = again.Outcome == DeliveryOutcome.Retry ? until : null,
            Turn = DestinationTurn.Hold,
            Until = until,
        };

    private static DeliveryJudgement Paused(OutboxItem item, DeliveryAnswer answer, string reason, double chance) =>
        new(
            DeliveryOutcome.Retry,
            reason,
            answer.At + PauseAfter(item.Tries, chance),
            IsNoTry: true,
            DestinationTurn.Pause
        );

    /// <summary>
    /// A page for people: a login or a notice of somebody in between, and no receiver. The type alone does not say so, since some
    /// frameworks name it for any text.
    /// </summary>
    private static bool IsPage(DeliveryAnswer answer)
    {
        bool isOfPages =
            answer.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
            || answer.ContentType?.StartsWith("application/xhtml", StringComparison.OrdinalIgnoreCase) == true;
        if (!isOfPages)
        {
            return false;
        }

        ReadOnlySpan<byte> body = answer.Body.Span;
        string start = System
            .Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, PageBytes)])
            .TrimStart('\uFEFF');
        foreach (string end in (string[])["?>", "-->"])
        {
            start = start.TrimStart();
            // A declaration, then a comment, may stand before the page.
            bool isBefore = start.StartsWith(end == "?>" ? "<?xml" : "<!--", StringComparison.OrdinalIgnoreCase);
            int close = isBefore ? start.IndexOf(end, StringComparison.Ordinal) : -1;
            start = close < 0 ? start : start[(close + end.Length)..];
        }

        start = start.TrimStart();
        return s_pages.Any(tag => start.StartsWith(tag, StringComparison.OrdinalIgnoreCase));
    }
}
