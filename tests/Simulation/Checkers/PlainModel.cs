using System.Text.Json;
using Customer360.Rules.Ports;
using Customer360.Simulation.Workload;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// What profiles must say: the acknowledged messages of the identifiers that a customer has, counted. It shares no code with
/// the grid.
/// </summary>
/// <param name="acknowledged">What clients were told is in.</param>
/// <param name="log">As it is stored: it says when each message came.</param>
internal sealed class PlainModel(IEnumerable<Message> acknowledged, IEnumerable<LogRow> log)
{
    private readonly ILookup<string, Message> _byAnchor = acknowledged.ToLookup(message => message.Anchor);
    private readonly Dictionary<string, Came> _came = log.GroupBy(row => row.MessageId, StringComparer.Ordinal)
        .ToDictionary(rows => rows.Key, rows => Came.Of(rows.First()), StringComparer.Ordinal);

    public IEnumerable<string> Anchors => _byAnchor.Select(anchor => anchor.Key);

    public int Count => _byAnchor.Sum(anchor => anchor.Count());

    /// <summary>
    /// How many, by event, the plan that was stated last, the first and the last time. What a public source states counts only
    /// where nobody else has stated a plan.
    /// </summary>
    public string Profile(IEnumerable<string> identifiers)
    {
        Message[] mine = [.. identifiers.SelectMany(identifier => _byAnchor[identifier])];
        string events = string.Join(
            ',',
            mine.GroupBy(message => message.Name)
                .OrderBy(name => name.Key, StringComparer.Ordinal)
                .Select(name => $"{name.Key}={name.Count()}")
        );
        string? plan = mine.Where(message => message.IsIdentify)
            .OrderByDescending(message => message.IsPublic)
            .ThenBy(message => message.Second)
            .ThenBy(message => _came[message.Id].At)
            .ThenBy(message => _came[message.Id].Partition)
            .ThenBy(message => _came[message.Id].Position)
            .LastOrDefault()
            ?.Plan;
        return $"count={mine.Length} events={events} plan={plan}";
    }

    /// <summary>
    /// How consent must stand: per identifier its latest word, at equal times a no; then a no of one identifier, else a yes of one.
    /// </summary>
    public string Consent(IReadOnlyCollection<string> identifiers) =>
        string.Join(
            ' ',
            new[] { Message.DevicePurpose, Message.PersonPurpose }
                .Select(purpose => (purpose, words: LatestWords(identifiers, purpose)))
                .Where(one => one.words.Length > 0)
                .Select(one => $"{one.purpose}={(one.words.All(grants => grants) ? "granted" : "denied")}")
        );

    /// <summary>
    /// In which audiences of <see cref="AudiencesOfRuns"/> they are, worked out from all their messages: who did "event 1" twice or more;
    /// who did "event 1" and then, within the half hour, "event 2"; who did "event 0" in the last hours; whose plan is the third; who is in
    /// the first and not in the second; who has agreed.
    /// </summary>
    public IEnumerable<string> Audiences(IReadOnlyCollection<string> identifiers, DateTimeOffset now)
    {
        Message[] mine = [.. identifiers.SelectMany(identifier => _byAnchor[identifier]).Where(one => one.At <= now)];
        Message[] ones = [.. mine.Where(message => message.Name == "event 1")];
        bool isMany = ones.Length >= 2;
        bool isFollowed = mine.Any(second =>
            second.Name == "event 2"
            && ones.Any(first =>
                second.Second - first.Second <= AudiencesOfRuns.Within.TotalSeconds
                && PlaceOf(first).CompareTo(PlaceOf(second)) < 0
            )
        );
        if (Consent(identifiers).Contains($"{Message.PersonPurpose}=granted", StringComparison.Ordinal))
        {
            yield return "agreed";
        }

        if (isFollowed)
        {
            yield return "followed";
        }

        if (isMany)
        {
            yield return "many";
        }

        if (isMany && !isFollowed)
        {
            yield return "many-alone";
        }

        if (mine.Any(message => message.Name == "event 0" && now - message.At <= AudiencesOfRuns.Window))
        {
            yield return "recent";
        }

        if (Profile(identifiers).EndsWith("plan=plan 2", StringComparison.Ordinal))
        {
            yield return "third-plan";
        }
    }

    private (int Second, int Partition, long Position) PlaceOf(Message message) =>
        (message.Second, _came[message.Id].Partition, _came[message.Id].Position);

    /// <summary>True where one identifier says yes and another no: what a merge must not make a yes of.</summary>
    public bool Disagrees(IReadOnlyCollection<string> identifiers) =>
        LatestWords(identifiers, Message.PersonPurpose) is var words && words.Contains(true) && words.Contains(false);

    private bool[] LatestWords(IReadOnlyCollection<string> identifiers, string purpose) =>
        [
            .. identifiers
                .Select(identifier =>
                {
                    Message[] about =
                    [
                        .. identifiers
                            .SelectMany(anchor => _byAnchor[anchor])
                            .Where(message =>
                                message.Grants(purpose) is not null && IsAbout(message, identifier, purpose)
                            ),
                    ];
                    (bool Grants, int Second)? server = LatestWord(about.Where(message => !message.IsPublic), purpose);
                    (bool Grants, int Second)? page = LatestWord(about.Where(message => message.IsPublic), purpose);
                    // A page's yes lifts no server's no. Otherwise the later counts, and a no of one second with a yes.
                    return server is null || page is null ? server?.Grants ?? page?.Grants
                        : !server.Value.Grants && page.Value.Grants ? false
                        : server.Value.Second == page.Value.Second ? server.Value.Grants && page.Value.Grants
                        : server.Value.Second > page.Value.Second ? server.Value.Grants
                        : page.Value.Grants;
                })
                .OfType<bool>(),
        ];

    private static (bool Grants, int Second)? LatestWord(IEnumerable<Message> messages, string purpose) =>
        messages.GroupBy(message => message.Second).MaxBy(one => one.Key) is { } latest
            ? (latest.All(message => message.Grants(purpose) == true), latest.Key)
            : null;

    private static bool IsAbout(Message message, string identifier, string purpose)
    {
        string[] devices = [.. message.Identifiers.Where(IsDevice)];
        return purpose == Message.DevicePurpose && devices.Length > 0
            ? devices.Contains(identifier)
            : message.Identifiers.Contains(identifier);
    }

    private static bool IsDevice(string identifier) =>
        identifier.StartsWith("anonymous_id:", StringComparison.Ordinal)
        || identifier.StartsWith("ga_client_id:", StringComparison.Ordinal);

    /// <summary>When and where a message came.</summary>
    private readonly record struct Came(DateTimeOffset At, int Partition, long Position)
    {
        public static Came Of(LogRow row)
        {
            using JsonDocument envelope = JsonDocument.Parse(row.Payload);
            DateTimeOffset at = envelope.RootElement.GetProperty("receivedAt").GetDateTimeOffset();
            return new Came(at, row.Partition, row.Position);
        }
    }
}
