using System.Collections.Immutable;

namespace Customer360.Rules.Leads;

/// <summary>Who says that a lead entered a stage.</summary>
public enum StageSource
{
    /// <summary>A move of the policy.</summary>
    Rule = 1,

    /// <summary>A CRM's field.</summary>
    Crm = 2,

    Person = 3,
}

/// <summary>Somebody said that a lead entered a stage. A fact: whether it counts follows from all of them together.</summary>
/// <param name="By">The move's name, the CRM, or the person.</param>
/// <param name="Code">Of an exit: why.</param>
/// <param name="Cause">What it comes from: the same cause twice is one entry.</param>
public sealed record StageEntry(
    string Stage,
    DateTimeOffset At,
    StageSource Source,
    string By,
    string? Code,
    string Cause
) : IComparable<StageEntry>
{
    /// <summary>By time; of one time in an order that is the same everywhere.</summary>
    public int CompareTo(StageEntry? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = At.CompareTo(other.At);
        order = order != 0 ? order : string.CompareOrdinal(Cause, other.Cause);
        return order != 0 ? order : string.CompareOrdinal(Stage, other.Stage);
    }

    public static bool operator <(StageEntry left, StageEntry right) => left.CompareTo(right) < 0;

    public static bool operator >(StageEntry left, StageEntry right) => left.CompareTo(right) > 0;

    public static bool operator <=(StageEntry left, StageEntry right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StageEntry left, StageEntry right) => left.CompareTo(right) >= 0;
}

/// <summary>When a lead was in a stage.</summary>
/// <param name="Entries">How often it was entered.</param>
/// <param name="Duration">All stays together, the present one up to the time of asking.</param>
public sealed record StageTime(
    string Stage,
    DateTimeOffset FirstAt,
    DateTimeOffset LatestAt,
    int Entries,
    TimeSpan Duration
);

/// <summary>Where a lead is, and what became of each entry.</summary>
/// <param name="Stage">Null: it has entered none.</param>
/// <param name="Cycle">How often it has entered the path: 1, and one more each time that it came back from an exit.</param>
/// <param name="Times">Of the stages that it was in, by name.</param>
/// <param name="Skipped">Stages before the furthest that it was in, and that it never entered; in the path's order.</param>
/// <param name="Passed">Entries that do not count, since they would lead backward.</param>
public sealed record LifecycleView(
    string? Stage,
    StageEntry? Entry,
    int Cycle,
    ImmutableArray<StageTime> Times,
    ImmutableArray<string> Skipped,
    ImmutableArray<StageEntry> Passed
);

/// <summary>
/// What was said of a lead's stages. It does not depend on the order in which it was said, so late facts and merged histories come
/// to the same.
/// </summary>
public sealed record LifecycleHistory(ImmutableArray<StageEntry> Entries)
{
    public static LifecycleHistory Empty { get; } = new([]);

    /// <summary>With one entry more; the same object where it is there already.</summary>
    public LifecycleHistory Add(StageEntry entry)
    {
        int place = Entries.BinarySearch(entry);
        return place >= 0 ? this : new LifecycleHistory(Entries.Insert(~place, entry));
    }

    /// <summary>The entries of both.</summary>
    public LifecycleHistory Join(LifecycleHistory other) =>
        other.Entries.Aggregate(this, (joined, entry) => joined.Add(entry));

    /// <summary>Walks the entries in order of time.</summary>
    public LifecycleView View(LifecyclePolicy policy, DateTimeOffset at)
    {
        StageEntry? present = null;
        int cycle = 0;
        int furthest = -1;
        var times = new SortedDictionary<string, StageTime>(StringComparer.Ordinal);
        var passed = ImmutableArray.CreateBuilder<StageEntry>();
        foreach (StageEntry entry in Entries)
        {
            if (present is null ? !policy.IsStage(entry.Stage) : !policy.MayGo(present.Stage, entry.Stage))
            {
                passed.Add(entry);
                continue;
            }

            bool entersPath = policy.PlaceOf(entry.Stage) >= 0;
            cycle += entersPath && (present is null || policy.PlaceOf(present.Stage) < 0) ? 1 : 0;
            furthest = Math.Max(furthest, policy.PlaceOf(entry.Stage));
            Leave(times, present, entry.At);
            times[entry.Stage] = times.TryGetValue(entry.Stage, out StageTime? known)
                ? known with
                {
                    LatestAt = entry.At,
                    Entries = known.Entries + 1,
                }
                : new StageTime(entry.Stage, entry.At, entry.At, 1, TimeSpan.Zero);
            present = entry;
        }

        Leave(times, present, at);
        return new LifecycleView(
            present?.Stage,
            present,
            cycle,
            [.. times.Values],
            [.. policy.Stages.Take(Math.Max(furthest, 0)).Where(stage => !times.ContainsKey(stage))],
            passed.DrainToImmutable()
        );
    }

    private static void Leave(SortedDictionary<string, StageTime> times, StageEntry? present, DateTimeOffset at)
    {
        if (present is not null && at > present.At)
        {
            StageTime stay = times[present.Stage];
            times[present.Stage] = stay with { Duration = stay.Duration + (at - present.At) };
        }
    }
}
