using System.Collections.Immutable;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Quality;

/// <summary>Where a value is no longer good.</summary>
/// <param name="Below">Broken by what is smaller; null: nothing is too small.</param>
/// <param name="Above">Broken by what is larger; null: nothing is too large.</param>
public sealed record QualityBound(double? Below, double? Above)
{
    public bool IsBrokenBy(double value) => value < Below || value > Above;
}

/// <summary>Which hours an hour is compared with.</summary>
public enum QualitySeason
{
    /// <summary>The same hour of the week: for what differs by weekday.</summary>
    HourOfWeek = 1,

    /// <summary>The same hour of the day.</summary>
    HourOfDay = 2,
}

/// <summary>What of an unusual hour counts.</summary>
public enum QualityDirection
{
    Both = 1,
    Drop = 2,
    Spike = 3,
}

/// <summary>That an hour is unlike those that it is compared with.</summary>
/// <param name="Periods">How many weeks or days back are looked at.</param>
/// <param name="Sensitivity">The modified z-score from which on an hour is unusual (Iglewicz and Hoaglin: 3.5).</param>
/// <param name="IgnoreBelow">A change smaller than this share of the usual value is none.</param>
/// <param name="Level">What an unusual hour is.</param>
public sealed record QualityAnomaly(
    QualitySeason Season,
    int Periods,
    double Sensitivity,
    QualityDirection Direction,
    double IgnoreBelow,
    QualityLevel Level
)
{
    public TimeSpan Period => Season == QualitySeason.HourOfWeek ? TimeSpan.FromDays(7) : TimeSpan.FromDays(1);
}

/// <summary>What is promised.</summary>
/// <param name="Target">The share that is to be good: of messages where the check is about them, else of hours.</param>
/// <param name="Days">Over how many.</param>
public sealed record QualityObjective(double Target, int Days);

/// <summary>A check tells nobody for a while. It has an end, or it would be forgotten.</summary>
/// <param name="Source">Of this source alone; null: of all.</param>
public sealed record QualityMute(string? Source, DateTimeOffset Until, string Why);

/// <summary>One check of <c>quality.yaml</c>.</summary>
/// <param name="Id">Lower case letters, digits and hyphens; the key of its grain.</param>
public sealed record QualityCheck(string Id, QualityKind Kind, PolicyOwner Owner)
{
    /// <summary>Each by itself; empty: each source that has sent anything.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>Messages of this name alone, as counts name them; null: all.</summary>
    public string? Event { get; init; }

    /// <summary>Of a field: its path.</summary>
    public FieldPath? Field { get; init; }

    /// <summary>Of accepted values: texts, and numbers and flags as JSON writes them.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Of clock skew: a message may have happened so long before its receipt.</summary>
    public MessageAge OlderThan { get; init; } = MessageAge.OlderThanMonth;

    public QualityBound? Warn { get; init; }

    public QualityBound? Fail { get; init; }

    public QualityAnomaly? Anomaly { get; init; }

    /// <summary>An hour with fewer messages says nothing of a share.</summary>
    public int Minimum { get; init; } = 20;

    /// <summary>It opens after so many that are not good …</summary>
    public int OpensAfter { get; init; } = 1;

    /// <summary>… of so many hours.</summary>
    public int OpensOf { get; init; } = 1;

    /// <summary>It closes after so many good hours in a row.</summary>
    public int ClosesAfter { get; init; } = 1;

    public QualityObjective? Objective { get; init; }

    public ImmutableArray<QualityMute> Mutes { get; init; } = [];

    /// <summary>Where the page stands that says what to do; null: the page of its kind.</summary>
    public string? Runbook { get; init; }

    /// <summary>What it looks at. Where that changes, what was found before is of something else.</summary>
    public string About =>
        string.Join('\n', [QualityKinds.WordOf(Kind), Event, Field?.Text, OlderThan.ToString(), .. Values]);

    public bool IsFor(string source) => Sources.IsEmpty || Sources.Contains(source, StringComparer.Ordinal);

    public QualityMute? MuteOf(string source, DateTimeOffset now)
    {
        foreach (QualityMute mute in Mutes)
        {
            if (now < mute.Until && (mute.Source is null || mute.Source == source))
            {
                return mute;
            }
        }

        return null;
    }
}

/// <summary>A queue of what waits for people.</summary>
/// <param name="Owner">Who looks after it.</param>
/// <param name="Sla">How long something may wait.</param>
public sealed record QualityQueue(PolicyOwner Owner, TimeSpan Sla);

/// <summary>Names of queues, and how long something may wait there unless <c>quality.yaml</c> says otherwise.</summary>
public static class QualityQueues
{
    public const string Approvals = "approvals";
    public const string HeldMessages = "heldMessages";
    public const string AmbiguousIdentities = "ambiguousIdentities";
    public const string PrivacyRequests = "privacyRequests";
    public const string DeadLetters = "deadLetters";

    public static ImmutableArray<string> All { get; } =
    [Approvals, HeldMessages, AmbiguousIdentities, PrivacyRequests, DeadLetters];

    public static TimeSpan SlaOf(string queue) =>
        queue switch
        {
            DeadLetters => TimeSpan.FromHours(4),
            AmbiguousIdentities => TimeSpan.FromDays(2),
            // By law a month; each request has its own day on which it is due.
            PrivacyRequests => TimeSpan.FromDays(30),
            _ => TimeSpan.FromDays(1),
        };
}

/// <summary><c>quality.yaml</c>, read: what is watched, and from when on it is not good any more.</summary>
public sealed class QualityPolicy
{
    /// <summary>Fields of an event that are looked for at most: each is a bit.</summary>
    public const int ProbesMax = 64;

    private readonly Dictionary<string, QualityProbes> _probes;
    private readonly QualityProbes? _ofAll;
    private readonly HashSet<string> _named;

    /// <param name="checks">By id.</param>
    public QualityPolicy(ImmutableSortedDictionary<string, QualityCheck> checks)
    {
        Checks = checks;
        QualityCheck[] ofFields = [.. checks.Values.Where(one => QualityKinds.HasField(one.Kind))];
        QualityCheck[] ofAll = [.. ofFields.Where(one => one.Event is null)];
        _ofAll = ofAll.Length == 0 ? null : new QualityProbes([.. ofAll]);
        _probes = ofFields
            .Where(one => one.Event is not null)
            .GroupBy(one => one.Event!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new QualityProbes([.. group, .. ofAll]), StringComparer.Ordinal);
        _named = checks.Values.Select(one => one.Event).OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    public ImmutableSortedDictionary<string, QualityCheck> Checks { get; }

    /// <summary>How long hours are kept. Default: 60 days.</summary>
    public int KeepsDays { get; init; } = 60;

    /// <summary>How often it is told again that an alert stands. Default: a day.</summary>
    public TimeSpan Repeats { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Where the pages of the runbooks stand. Default: this repository's <c>docs/runbooks</c>.</summary>
    public string Runbooks { get; init; } = "docs/runbooks";

    /// <summary>Who looks after queues, and how long something may wait there; those that are not named have their defaults.</summary>
    public ImmutableSortedDictionary<string, QualityQueue> Queues { get; init; } =
        ImmutableSortedDictionary.Create<string, QualityQueue>(StringComparer.Ordinal);

    /// <summary>A check is about events of this name, so they are counted by it.</summary>
    public bool Names(string name) => _named.Contains(name);

    /// <summary>What is looked for in such messages; null: nothing.</summary>
    public QualityProbes? ProbesOf(string name) => _probes.GetValueOrDefault(name) ?? _ofAll;

    public string RunbookOf(QualityCheck check) => check.Runbook ?? $"{Runbooks}/{QualityKinds.PageOf(check.Kind)}";
}
