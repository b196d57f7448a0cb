using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Contracts.Exchange;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts.Inference;

/// <summary>
/// Proposes contracts from messages that were sent: one for each event, page and screen and for the traits of people and accounts, with the
/// types, the presence and the choices that were seen. Names that came only a few times are left out, since a sender may have made them up
/// of a person's data; examples are masked.
/// </summary>
public sealed class ContractInference
{
    /// <summary>Contracts that are proposed at most, those with the most messages.</summary>
    private const int ContractsMax = 500;

    /// <summary>Events that are told apart while they are counted.</summary>
    private const int SubjectsMax = 5_000;

    /// <summary>An event or a member that came less often is not named.</summary>
    private const int TimesMin = 5;

    /// <summary>What is there in that many of a hundred messages is recommended where it is not required.</summary>
    private const int RecommendedPercent = 95;

    /// <summary>Of fewer messages nobody can say what is always there.</summary>
    private const int RequiredTimesMin = 20;

    private readonly Dictionary<(EventKind Kind, string? Name), InferredValue> _subjects = [];
    private long _others;
    private long _messages;
    private long _unreadable;

    /// <summary>An envelope of the log, where it is of this source (null: of any). One that can't be read is counted, and the notes say it.</summary>
    public void Add(ReadOnlyMemory<byte> json, string? source)
    {
        try
        {
            Envelope envelope = EnvelopeReader.FromJson(json);
            if (source is null || envelope.Source == source)
            {
                Add(envelope);
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            _unreadable++;
        }
    }

    /// <summary>A message of the log. One that lies in quarantine says nothing of what is right.</summary>
    public void Add(Envelope envelope)
    {
        if (envelope.IsHeld || envelope.Kind == EventKind.Alias)
        {
            return;
        }

        ReadOnlySpan<byte> message = EnvelopeText.MessageOf(envelope.Json.Span);
        Add(envelope.Kind, envelope.Name, message, envelope.Anchor);
    }

    /// <summary>A message as a sender writes it: an object of Segment's spec. False: it is none.</summary>
    public bool Add(JsonElement message)
    {
        if (
            message.ValueKind != JsonValueKind.Object
            || !message.TryGetProperty("type"u8, out JsonElement type)
            || type.ValueKind != JsonValueKind.String
            || ContractsPolicyReader.KindOf(type.GetString()!) is not { } kind
        )
        {
            return false;
        }

        string member = kind == EventKind.Track ? "event" : "name";
        string? name =
            kind is EventKind.Track or EventKind.Page or EventKind.Screen
            && message.TryGetProperty(member, out JsonElement named)
            && named.ValueKind == JsonValueKind.String
                ? named.GetString()
                : null;
        Add(
            kind,
            name,
            message.TryGetProperty(ContractJudge.NameOfPart(kind), out JsonElement part) ? part : default,
            SenderOf(message)
        );
        return true;
    }

    private static Identifier SenderOf(JsonElement message) =>
        CrmJson.Text(message, "userId") is { } user ? Identifier.Create("user_id", user)
        : CrmJson.Text(message, "anonymousId") is { } device ? Identifier.Create("anonymous_id", device)
        : Identifier.Create("user_id", "?");

    /// <summary>The proposal, with notes on what it leaves out.</summary>
    /// <param name="source">The source whose messages they were; null: of all.</param>
    public ContractImport Propose(string? source)
    {
        KeyValuePair<(EventKind Kind, string? Name), InferredValue>[] seen =
        [
            .. _subjects
                .Where(one => one.Key.Name is null || one.Value.Count >= TimesMin)
                .OrderByDescending(one => one.Value.Count)
                .ThenBy(one => one.Key.Name, StringComparer.Ordinal),
        ];
        List<string> notes = [$"{_messages} messages were looked at."];
        int rare = _subjects.Count - seen.Length;
        if (rare > 0)
        {
            notes.Add($"{rare} names of events came less than {TimesMin} times and are left out.");
        }

        if (_unreadable > 0)
        {
            notes.Add($"{_unreadable} messages can't be read here: a newer release may have written them.");
        }

        if (_others > 0)
        {
            notes.Add($"{_others} messages had names beyond the first {SubjectsMax}.");
        }

        if (seen.Length > ContractsMax)
        {
            notes.Add($"Only the {ContractsMax} events with the most messages have a contract.");
        }

        var contracts = ImmutableArray.CreateBuilder<ImportedContract>();
        foreach (((EventKind kind, string? name), InferredValue value) in seen.Take(ContractsMax))
        {
            if (value.HasOtherMembers)
            {
                notes.Add("An event has more members than are told apart: is its sender making names up?");
            }

            contracts.Add(Contract(kind, name, value, source));
        }

        return new ContractImport(
            "inferred",
            contracts.DrainToImmutable(),
            [.. notes.Distinct(StringComparer.Ordinal)]
        );
    }

    private static ImportedContract Contract(EventKind kind, string? name, InferredValue value, string? source)
    {
        JsonObject schema = value.Schema(TimesMin);
        schema["type"] = "object";
        schema.Remove("examples");
        if (value.Count < RequiredTimesMin)
        {
            schema.Remove("required");
        }

        string[] required = [.. (schema["required"] as JsonArray ?? []).Select(one => one!.ToString())];
        return new ImportedContract(kind, name, new SemanticVersion(1, 0, 0), schema)
        {
            Source = source,
            Recommended =
            [
                .. value
                    .MembersSeen(TimesMin)
                    .Where(member =>
                        100 * member.Value.Count >= RecommendedPercent * value.Count
                        && value.Count >= RequiredTimesMin
                        && !required.Contains(member.Key, StringComparer.Ordinal)
                    )
                    .Select(member => member.Key),
            ],
        };
    }

    private void Add(EventKind kind, string? name, ReadOnlySpan<byte> message, Identifier sender)
    {
        MessageFields fields = MessageFields.Find(message);
        JsonSlice slice = ContractJudge.PartOf(fields, kind);
        if (!slice.IsPresent)
        {
            Add(kind, name, default(JsonElement), sender);
            return;
        }

        var reader = new Utf8JsonReader(slice.Of(message));
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        Add(kind, name, document.RootElement, sender);
    }

    private void Add(EventKind kind, string? name, JsonElement part, Identifier sender)
    {
        _messages++;
        if (!_subjects.TryGetValue((kind, name), out InferredValue? value))
        {
            if (_subjects.Count >= SubjectsMax)
            {
                _others++;
                return;
            }

            _subjects[(kind, name)] = value = new InferredValue();
        }

        using JsonDocument? none = part.ValueKind == JsonValueKind.Object ? null : JsonDocument.Parse("{}"u8.ToArray());
        value.Add(none?.RootElement ?? part, sender);
    }
}
