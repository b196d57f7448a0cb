using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Retention;

/// <summary>
/// How long what was sent is kept, by what kind of event it is and by the classes of its fields. Of several lines that say
/// something the one that says more counts: that of the event's name, then that of its kind, then the default. Nothing said: kept.
/// </summary>
/// <param name="Default">For all messages.</param>
/// <param name="Kinds">For the messages of a kind.</param>
/// <param name="Events">For the track calls of a name.</param>
public sealed record MessageRetention(
    RetentionLine Default,
    ImmutableSortedDictionary<EventKind, RetentionLine> Kinds,
    ImmutableSortedDictionary<string, RetentionLine> Events
)
{
    /// <summary>Names of events at most.</summary>
    public const int EventsMax = 1_000;

    public static MessageRetention WithoutEnd { get; } =
        new(
            RetentionLine.Silent,
            ImmutableSortedDictionary<EventKind, RetentionLine>.Empty,
            ImmutableSortedDictionary.Create<string, RetentionLine>(StringComparer.Ordinal)
        );

    /// <summary>It says nothing, so all is kept.</summary>
    public bool IsEmpty => Default.IsSilent && Kinds.Count == 0 && Events.Count == 0;

    /// <summary>All that is said of days, in whatever line; empty where nothing ends.</summary>
    public IEnumerable<int> AllDays =>
        Kinds
            .Values.Concat(Events.Values)
            .Append(Default)
            .SelectMany(line => line.Fields.Values.Append(line.Days))
            .Where(span => span is { IsWithoutEnd: false, IsSaid: true })
            .Select(span => span.Days);

    /// <summary>How long the message as a whole is kept; null: without end.</summary>
    public RetentionTerm? TermOf(EventKind kind, string? name) => Find(kind, name, static line => line.Days, ".days");

    /// <summary>How long its fields of a class are kept; null: as long as the message.</summary>
    public RetentionTerm? TermOf(EventKind kind, string? name, FieldClass of) =>
        Find(kind, name, line => line.Fields.GetValueOrDefault(of), $".fields.{FieldClasses.Text(of)}");

    private RetentionTerm? Find(EventKind kind, string? name, Func<RetentionLine, RetentionSpan> ask, string what)
    {
        if (kind == EventKind.Track && name is not null && Events.TryGetValue(name, out RetentionLine? ofName))
        {
            RetentionSpan span = ask(ofName);
            if (span.IsSaid)
            {
                return Term(span, $"events.{name}{what}");
            }
        }

        if (Kinds.TryGetValue(kind, out RetentionLine? ofKind) && ask(ofKind) is { IsSaid: true } own)
        {
            return Term(own, $"kinds.{EventKinds.Text(kind)}{what}");
        }

        return Term(ask(Default), $"default{what}");
    }

    private static RetentionTerm? Term(RetentionSpan span, string rule) =>
        span is { IsSaid: true, IsWithoutEnd: false } ? new RetentionTerm(span.Days, rule) : null;
}

/// <summary>What one line of the file says.</summary>
/// <param name="Days">How long the message as a whole is kept.</param>
/// <param name="Fields">How long fields of a class are kept.</param>
public sealed record RetentionLine(RetentionSpan Days, ImmutableSortedDictionary<FieldClass, RetentionSpan> Fields)
{
    public static RetentionLine Silent { get; } =
        new(default, ImmutableSortedDictionary<FieldClass, RetentionSpan>.Empty);

    public bool IsSilent => !Days.IsSaid && Fields.Count == 0;
}

/// <summary>A number of days, or <c>keep</c>: without end. The default: nothing is said.</summary>
public readonly record struct RetentionSpan
{
    /// <summary>A day at least: what comes in is applied before anything of it goes.</summary>
    public const int DaysMin = 1;

    /// <summary>A century.</summary>
    public const int DaysMax = 36_500;

    private RetentionSpan(int days, bool isWithoutEnd) => (Days, IsWithoutEnd) = (days, isWithoutEnd);

    public static RetentionSpan WithoutEnd { get; } = new(0, isWithoutEnd: true);

    public int Days { get; }

    public bool IsWithoutEnd { get; }

    public bool IsSaid => IsWithoutEnd || Days > 0;

    public static RetentionSpan Of(int days) =>
        days is >= DaysMin and <= DaysMax
            ? new RetentionSpan(days, isWithoutEnd: false)
            : throw new ArgumentOutOfRangeException(nameof(days), days, "Days are 1 to 36,500.");
}

/// <summary>A time that ends, and which line of the file says so.</summary>
/// <param name="Days">From the receipt of the message on.</param>
/// <param name="Rule">The path below <c>messages</c>: <c>kinds.page.days</c>, <c>default.fields.personal</c>.</param>
public sealed record RetentionTerm(int Days, string Rule)
{
    /// <summary>True where the time of a message that came then is over.</summary>
    public bool IsOver(DateTimeOffset receivedAt, DateTimeOffset now) => now - receivedAt >= TimeSpan.FromDays(Days);
}
