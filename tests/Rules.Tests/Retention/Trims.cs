using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;
using Customer360.Rules.Retention;
using static Customer360.Rules.Tests.Events.Messages;
using AccessPolicies = Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Retention;

/// <summary>Retention in a line, and messages that are trimmed by it.</summary>
internal static class Trims
{
    /// <summary>Classes that tell all ways apart in which a field has one.</summary>
    public static AccessPolicy Classes { get; } =
        AccessPolicies.Of(
            """
            public: plan address.country
            internal: properties.*
            personal: email phone address context.*
            sensitive: health.*
            secret: card
            """
        );

    /// <summary>
    /// <c>days=30, personal=7, track.days=keep, track.secret=1, @Order.days=90</c>: the default's, a kind's, and those of an event's
    /// name.
    /// </summary>
    public static MessageRetention Of(string rules)
    {
        MessageRetention messages = MessageRetention.WithoutEnd;
        foreach (string rule in rules.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = rule.Split('=');
            string[] path = sides[0].Split('.');
            string what = path[^1];
            RetentionSpan span =
                sides[1] == "keep"
                    ? RetentionSpan.WithoutEnd
                    : RetentionSpan.Of(int.Parse(sides[1], CultureInfo.InvariantCulture));
            if (path.Length == 1)
            {
                messages = messages with { Default = With(messages.Default, what, span) };
            }
            else if (path[0][0] == '@')
            {
                string name = path[0][1..];
                RetentionLine line = messages.Events.GetValueOrDefault(name, RetentionLine.Silent);
                messages = messages with { Events = messages.Events.SetItem(name, With(line, what, span)) };
            }
            else
            {
                EventKind kind = EventKinds.Parse(Encoding.UTF8.GetBytes(path[0]))!.Value;
                RetentionLine line = messages.Kinds.GetValueOrDefault(kind, RetentionLine.Silent);
                messages = messages with { Kinds = messages.Kinds.SetItem(kind, With(line, what, span)) };
            }
        }

        return messages;
    }

    public static PolicyInForce<RetentionPolicy> InForce(
        MessageRetention messages,
        params (string Region, MessageRetention Messages)[] regions
    ) =>
        new(
            1,
            0,
            PolicyBody<RetentionPolicy>.Of(PolicyOf(messages), "v") with
            {
                Overrides = regions.ToImmutableSortedDictionary(
                    one => one.Region,
                    one => PolicyOf(one.Messages),
                    StringComparer.Ordinal
                ),
            }
        );

    public static RetentionJudge Judge(string rules, double ageDays, bool isDryRun = false) =>
        Judge(Of(rules), ageDays, isDryRun);

    public static RetentionJudge Judge(MessageRetention messages, double ageDays, bool isDryRun = false) =>
        new(InForce(messages), Classes, regions: null, ReceivedAt.AddDays(ageDays), isDryRun);

    public static Envelope Trim(this RetentionJudge judge, Envelope envelope)
    {
        LogVerdict verdict = judge.Judge($"{envelope.Anchor}", envelope.Timestamp, envelope.Json.Span);
        Assert.NotEqual(LogFate.Remove, verdict.Fate);
        return verdict.Fate == LogFate.Keep ? envelope : EnvelopeReader.FromJson(verdict.Payload);
    }

    public static string MessageOf(Envelope envelope) =>
        Encoding.UTF8.GetString(EnvelopeText.MessageOf(envelope.Json.Span));

    private static RetentionPolicy PolicyOf(MessageRetention messages) =>
        new(RetentionPolicy.DefaultDaysBuiltIn, ImmutableSortedDictionary<string, int>.Empty) { Messages = messages };

    private static RetentionLine With(RetentionLine line, string what, RetentionSpan span) =>
        what == "days"
            ? line with
            {
                Days = span,
            }
            : line with
            {
                Fields = line.Fields.SetItem(
                    what == "unclassified" ? FieldClass.Unclassified : FieldClasses.Of(what)!.Value,
                    span
                ),
            };
}
