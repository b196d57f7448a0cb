using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Customer360.Phones;
using Customer360.Rules.Accounts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Routing;
using Customer360.Silo.Policies;

namespace Customer360.Benchmarks.Audiences;

/// <summary>
/// What audiences add to a message: the fold of messages without any, and with 100 of them, of which 20 are windows or sequences. One
/// thread, so what is printed is processor time.
/// </summary>
internal static class AudiencesBenchmark
{
    private const int Customers = 1_000;
    private const int Messages = 200_000;
    private const double MicrosecondsMax = 20;

    private static readonly EnvelopeReader s_reader = new(IdentityRules.Default, new LibPhoneNumbers());
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        AudiencePolicy policy = Policy();
        Envelope[] messages = [.. Enumerable.Range(0, Messages).Select(Message)];
        _ = Measure(messages, policy: null);
        _ = Measure(messages, policy);
        double none = Measure(messages, policy: null);
        double with = Measure(messages, policy);
        string added = string.Create(CultureInfo.InvariantCulture, $"{with - none:0.00} µs more");
        Report.Line(
            "a message with 100 audiences, 20 of them windows or sequences",
            string.Create(CultureInfo.InvariantCulture, $"{with:0.00} µs a message"),
            string.Create(CultureInfo.InvariantCulture, $"{none:0.00} µs without audiences"),
            added,
            string.Create(CultureInfo.InvariantCulture, $"under {MicrosecondsMax:0} µs more")
        );
    }

    private static double Measure(Envelope[] messages, AudiencePolicy? policy)
    {
        var maps = new ProfileMap[Customers];
        var standings = new AudienceStandings[Customers];
        var dues = new ImmutableArray<long>[Customers];
        for (int customer = 0; customer < Customers; customer++)
        {
            maps[customer] = ProfileMap.Empty.Link(
                Identifier.Create("user_id", $"u{customer}"),
                new LinkEvidence("m", "web", s_start, "v")
            );
            standings[customer] = AudienceStandings.Empty;
        }

        MastershipPolicy mastership = MastershipPolicy.Latest;
        AccountMatchingPolicy matching = PolicyServices
            .KnownKinds()
            .Read<RoutingPolicy>(new RoutingPolicyKind().BuiltIn)
            .Body!.Base.Matching;
        long began = Stopwatch.GetTimestamp();
        for (int index = 0; index < messages.Length; index++)
        {
            int customer = index % Customers;
            Envelope envelope = messages[index];
            var place = new LogPlace(0, index + 1);
            ProfileMap map = maps[customer].Fold(place, envelope, policy?.Selection)!.Value;
            maps[customer] = map;
            if (policy is null)
            {
                continue;
            }

            AudienceSet concerned = policy.Index.ConcernOf(envelope);
            if (concerned.IsEmpty && !dues[customer].IsDefault)
            {
                continue;
            }

            DateTimeOffset at = envelope.Timestamp;
            var facts = new AudienceFacts(
                () =>
                    LeadFactReader.Read(
                        new ProfileView("c", 0, [], map.Join()),
                        mastership,
                        null,
                        matching,
                        policy.Index.Traits
                    ),
                map.TallyOf,
                policy.Traits,
                at
            );
            AudienceOutcome outcome = AudienceRules.Decide(
                policy,
                new AudienceSubject("c_1", standings[customer]),
                facts,
                concerned,
                dues[customer],
                at,
                "message"
            );
            standings[customer] = outcome.Standings;
            dues[customer] = outcome.Dues;
        }

        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / messages.Length;
    }

    /// <summary>Six in ten are page views that no audience asks for, two are events that windows count, two state traits.</summary>
    private static Envelope Message(int index)
    {
        int customer = index % Customers;
        string at = s_start.AddSeconds(index).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string body = (index / Customers % 10) switch
        {
            < 6 => """ "type":"page","name":"Home" """,
            < 8 => $$""" "type":"track","event":"Event {{index / 7 % 20}}","properties":{"total":{{index % 300}}} """,
            _ => $$""" "type":"identify","traits":{"trait{{index / 3 % 60}}":"value {{index % 5}}","name":"Jane"} """,
        };
        string json = $$"""{"messageId":"m{{index}}","userId":"u{{customer}}","timestamp":"{{at}}",{{body}}}""";
        using SentBody sent = SentBody.OfMessage(Encoding.UTF8.GetBytes(json), SentBody.DepthMaxDefault);
        var context = new MessageContext("web", s_start.AddSeconds(index), null, null, "r", 0);
        return s_reader.Read(sent[0], context).Value!;
    }

    private static AudiencePolicy Policy()
    {
        var yaml = new StringBuilder("owner: {team: t, contact: c}\naudiences:\n");
        for (int number = 0; number < 100; number++)
        {
            string condition = (number % 5) switch
            {
                0 when number % 10 == 0 =>
                    $"{{sequence: [{{event: Event {number / 5}}}, {{event: Event {(number / 5) + 1}, within: 3d}}], within: 30d}}",
                0 =>
                    $"{{event: Event {number / 5}, where: {{fact: total, atLeast: 100}}, within: 30d, count: {{atLeast: 3}}}}",
                _ => $"{{fact: custom.trait{number % 60}, equals: value {number % 5}}}",
            };
            yaml.Append(CultureInfo.InvariantCulture, $"  - {{name: a{number}, purpose: p, if: {condition}}}\n");
        }

        return PolicyServices.KnownKinds().Read<AudiencePolicy>(yaml.ToString()).Body!.Base;
    }
}
