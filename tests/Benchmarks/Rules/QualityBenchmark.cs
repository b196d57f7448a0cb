using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Quality;
using Customer360.Silo.Policies;

namespace Customer360.Benchmarks.Rules;

/// <summary>
/// What quality adds to a message, on one thread: what it is counted as, its group, and its share of counting a report of a thousand messages
/// in the hour of its source.
/// </summary>
internal static class QualityBenchmark
{
    private const int MessageCount = 4_096;
    private const int ReportMessages = 1_000;
    private const int EventNames = 40;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);

    public static void Run()
    {
        Envelope[] messages = [.. Enumerable.Range(0, MessageCount).Select(Message)];
        Count("no check looks at fields", Policy(fields: 0), messages);
        Count("three checks look at fields of each event", Policy(fields: 3), messages);
    }

    private static void Count(string what, QualityPolicy policy, Envelope[] messages)
    {
        Round(messages.Length * 4);
        long start = Stopwatch.GetTimestamp();
        // Processor time: what it costs does not depend on what else the machine does.
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long counted = 0;
        while (Stopwatch.GetElapsedTime(start) < s_time)
        {
            Round(messages.Length);
            counted += messages.Length;
        }

        double microseconds = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / counted;
        Report.Line(
            $"quality of a message: {what}",
            string.Create(CultureInfo.InvariantCulture, $"{microseconds:N2} µs of processor time"),
            "",
            "",
            "2 µs"
        );

        void Round(int count)
        {
            var hours = new Dictionary<(string, DateTimeOffset), QualityHour>();
            var grouping = new QualityGrouping();
            for (int number = 1; number <= count; number++)
            {
                Envelope message = messages[number % messages.Length];
                if (QualityFacts.Of(message, policy) is { } facts)
                {
                    grouping.Add(facts, number, message.ReceivedAt);
                }

                if (number % ReportMessages == 0 || number == count)
                {
                    foreach (
                        (string source, DateTimeOffset hour, ImmutableArray<QualityGroup> groups) in grouping.All()
                    )
                    {
                        hours[(source, hour)] = hours
                            .GetValueOrDefault((source, hour), QualityHour.Empty)
                            .With(0, groups);
                        // As its state is written.
                        _ = QualityJson.Write(hours[(source, hour)]);
                    }

                    grouping.Forget();
                }
            }
        }
    }

    private static QualityPolicy Policy(int fields)
    {
        string[] checks =
        [
            .. Enumerable
                .Range(0, EventNames)
                .Select(name => $"  v{name}: {{kind: volume, event: Event {name}, fail: {{below: 1}}}}"),
            .. Enumerable
                .Range(0, EventNames)
                .SelectMany(name =>
                    Enumerable
                        .Range(0, fields)
                        .Select(field =>
                            $"  c{name}-{field}: {{kind: completeness, event: Event {name}, field: properties.field{field * 3}, fail: {{below: 1}}}}"
                        )
                ),
        ];
        return PolicyServices
            .KnownKinds()
            .Read<QualityPolicy>($"owner: {{team: a, contact: a}}\nchecks:\n{string.Join('\n', checks)}\n")
            .Body!.Base;
    }

    /// <summary>Half a kilobyte, as an SDK sends it.</summary>
    private static Envelope Message(int number)
    {
        string properties = string.Join(
            ',',
            Enumerable.Range(0, 10).Select(field => $"\"field{field}\":\"value {field * number}\"")
        );
        using SentBody body = SentBody.OfMessage(
            Encoding.UTF8.GetBytes(
                $"{{\"type\":\"track\",\"event\":\"Event {number % EventNames}\",\"messageId\":\"m-{number}\",\"userId\":\"u-{number}\","
                    + $"\"properties\":{{{properties}}},\"context\":{{\"library\":{{\"name\":\"analytics.js\",\"version\":\"4.1.0\"}}}}}}"
            )
        );
        var context = new MessageContext(
            number % 3 == 0 ? "web" : "app",
            new DateTimeOffset(2026, 1, 5, 12, number % 60, 0, TimeSpan.Zero),
            null,
            null,
            $"r-{number}",
            0
        );
        return new EnvelopeReader(IdentityRules.Default, new LibPhoneNumbers()).Read(body[0], context).Value!;
    }
}
