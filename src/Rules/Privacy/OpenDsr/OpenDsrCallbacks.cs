using System.Collections.Immutable;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>How far one receiver of callbacks is. It is told each change of a request's status, one after the other.</summary>
/// <param name="Settled">Changes that it was told, or that were given up.</param>
/// <param name="GivenUp">Those that were given up.</param>
/// <param name="Tries">Tries of the next change. A try is counted before it is made, so a crash in its middle counts, too.</param>
/// <param name="TryAfter">When the next try may be made, UTC.</param>
public readonly record struct CallbackProgress(int Settled, int GivenUp, int Tries, DateTimeOffset TryAfter);

/// <summary>What is to be done about the receivers now.</summary>
/// <param name="Receivers">How far they are, with each try counted that is to be made. It is written down before a try is made.</param>
/// <param name="Due">Places of those that are to be told their next change.</param>
/// <param name="GivenUp">Places of those whose next change is given up, because there were tries enough.</param>
public sealed record CallbackRound(
    ImmutableArray<CallbackProgress> Receivers,
    ImmutableArray<int> Due,
    ImmutableArray<int> GivenUp
);

/// <summary>
/// When receivers of callbacks are told, and when that is given up. Each receiver is by itself: one that does not answer holds up no
/// other.
/// </summary>
/// <remarks>
/// A receiver may be told a change twice, when a crash comes between its answer and the writing down of it; it is never left out for
/// that. The body of a repeat is the same.
/// </remarks>
public static class OpenDsrCallbacks
{
    /// <summary>Tries of a change, unless a setting says otherwise: the last one comes about a day after the first.</summary>
    public const int TriesDefault = 10;

    public const int TriesMax = 20;

    /// <summary>After each try, until the next; later ones wait as long as the last.</summary>
    private static readonly ImmutableArray<TimeSpan> s_pauses =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(8),
        TimeSpan.FromHours(8),
    ];

    /// <summary>Decides what is to be done now.</summary>
    /// <param name="receivers">As they were written down; receivers that were not yet are at the beginning.</param>
    /// <param name="count">Receivers that there are.</param>
    /// <param name="changes">Changes of the status so far.</param>
    /// <param name="triesMax">Tries of a change.</param>
    public static CallbackRound Next(
        ImmutableArray<CallbackProgress> receivers,
        int count,
        int changes,
        int triesMax,
        DateTimeOffset now
    )
    {
        var next = ImmutableArray.CreateBuilder<CallbackProgress>(count);
        var due = ImmutableArray.CreateBuilder<int>();
        var givenUp = ImmutableArray.CreateBuilder<int>();
        for (int place = 0; place < count; place++)
        {
            CallbackProgress one = place < receivers.Length ? receivers[place] : default;
            bool isWaiting = one.Settled >= changes || one.TryAfter > now;
            if (!isWaiting && one.Tries >= triesMax)
            {
                // The last try was counted, and nobody knows what came of it: a crash was in between.
                givenUp.Add(place);
                one = GiveUp(one);
                isWaiting = one.Settled >= changes;
            }

            if (!isWaiting)
            {
                due.Add(place);
                one = one with
                {
                    Tries = one.Tries + 1,
                    TryAfter = now + s_pauses[Math.Min(one.Tries, s_pauses.Length - 1)],
                };
            }

            next.Add(one);
        }

        return new CallbackRound(next.MoveToImmutable(), due.DrainToImmutable(), givenUp.DrainToImmutable());
    }

    /// <summary>A receiver has taken its next change.</summary>
    public static CallbackProgress Told(CallbackProgress receiver) =>
        receiver with
        {
            Settled = receiver.Settled + 1,
            Tries = 0,
            TryAfter = default,
        };

    /// <summary>A receiver has not taken its next change, and it was the last try: the change is given up. Else nothing happens.</summary>
    public static CallbackProgress NotTold(CallbackProgress receiver, int triesMax) =>
        receiver.Tries >= triesMax ? GiveUp(receiver) : receiver;

    /// <summary>When there is something to be done next; null: nothing is, until the status changes again.</summary>
    public static DateTimeOffset? NextAt(ImmutableArray<CallbackProgress> receivers, int changes)
    {
        DateTimeOffset? earliest = null;
        foreach (CallbackProgress one in receivers)
        {
            if (one.Settled < changes && (earliest is null || one.TryAfter < earliest))
            {
                earliest = one.TryAfter;
            }
        }

        return earliest;
    }

    /// <summary>True where every receiver is settled, and no other change can come.</summary>
    /// <param name="count">Receivers that there are.</param>
    public static bool IsOver(
        ImmutableArray<CallbackProgress> receivers,
        int count,
        ImmutableArray<OpenDsrStatus> changes
    ) =>
        !changes.IsEmpty
        && OpenDsrStatuses.IsLast(changes[^1])
        && receivers.Length == count
        && receivers.All(one => one.Settled >= changes.Length);

    private static CallbackProgress GiveUp(CallbackProgress receiver) =>
        Told(receiver) with
        {
            GivenUp = receiver.GivenUp + 1,
        };
}
