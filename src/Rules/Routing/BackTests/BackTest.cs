using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Routing;

/// <summary>Where a lead went, or would go.</summary>
/// <param name="PersonId">Null: to nobody.</param>
/// <param name="Queue">Null: into none.</param>
/// <param name="Rule">Null: an answer decided.</param>
public sealed record BackTestEnd(string? PersonId, string? Queue, string? Rule)
{
    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("person"u8, PersonId);
        writer.WriteString("queue"u8, Queue);
        writer.WriteString("rule"u8, Rule);
        writer.WriteEndObject();
    }
}

/// <summary>A decision of before: when it was made and what was known then, which is all that a decision is made from.</summary>
public sealed record BackTestLead(string LeadId, DateTimeOffset At, FactSet Facts, BackTestEnd Before)
{
    /// <summary>Reads a stored decision (<see cref="Leads.LeadFile.Decision"/>); null where it is none.</summary>
    public static BackTestLead? Read(string leadId, string decision)
    {
        using var document = JsonDocument.Parse(decision);
        JsonElement root = document.RootElement;
        JsonElement made = root.GetProperty("decision"u8);
        return FactJson.ReadSet(root.GetProperty("facts"u8)) is { } facts
            ? new BackTestLead(
                leadId,
                root.GetProperty("at"u8).GetDateTimeOffset(),
                facts,
                new BackTestEnd(Text(made, "person"), Text(made, "queue"), Text(made, "rule"))
            )
            : null;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}

/// <summary>
/// What proposed rules would have made of leads that were routed. Pools are dealt anew from nothing, and nobody is full: how many leads
/// somebody had open at a time then would itself follow from the rules. The order in which leads are added decides whose turn of a pool
/// is whose, and not how many each gets.
/// </summary>
public sealed class BackTest(RoutingPolicy proposed, SalesTeam team)
{
    /// <summary>Differences that are kept one by one; beyond they are counted.</summary>
    public const int DifferencesMax = 10_000;

    private readonly TeamState _team = new(team, ImmutableDictionary<string, int>.Empty);
    private readonly Dictionary<string, PoolLedger> _pools = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Before, long After)> _people = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Before, long After)> _queues = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ReadOnlyMemory<byte>>.Builder _differences = ImmutableArray.CreateBuilder<
        ReadOnlyMemory<byte>
    >();

    /// <summary>Leads that were looked at.</summary>
    public long Leads { get; private set; }

    /// <summary>Those that would go elsewhere, or by another rule.</summary>
    public long DifferenceCount { get; private set; }

    /// <summary>The first of them: <c>{"leadId","at","before":{"person","queue","rule"},"after":{…}}</c>.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Differences => _differences.ToImmutable();

    public void Add(BackTestLead lead)
    {
        Leads++;
        BackTestEnd after = Decide(lead);
        Count(_people, lead.Before.PersonId, after.PersonId);
        Count(_queues, lead.Before.Queue, after.Queue);
        if (after == lead.Before)
        {
            return;
        }

        DifferenceCount++;
        if (_differences.Count < DifferencesMax)
        {
            _differences.Add(TextOf(lead, after));
        }
    }

    /// <summary>
    /// <c>{"leads","differences","isTruncated","people":[{"person","before","after"}],"queues":[{"queue","before","after"}]}</c>: how many
    /// leads each got, and would have got.
    /// </summary>
    public ReadOnlyMemory<byte> Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("leads"u8, Leads);
            writer.WriteNumber("differences"u8, DifferenceCount);
            writer.WriteBoolean("isTruncated"u8, DifferenceCount > _differences.Count);
            Write(writer, "people", "person", _people);
            Write(writer, "queues", "queue", _queues);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private BackTestEnd Decide(BackTestLead lead)
    {
        RoutingDecision decision = Router.Decide(proposed, lead.Facts, _team, _pools, lead.At);
        string? person = decision.PersonId;
        if (decision is { Outcome: RoutingOutcome.Assigned, Pool: { } pool })
        {
            (PoolLedger ledger, PoolTurn turn, _) = _pools
                .GetValueOrDefault(pool, PoolLedger.Empty)
                .Take(lead.LeadId, decision.Eligible, decision.IsWholePool);
            _pools[pool] = ledger.Settle(lead.LeadId);
            person = turn.PersonId;
        }

        return new BackTestEnd(person, decision.Queue, decision.Rule?.Name);
    }

    private static void Count(SortedDictionary<string, (long Before, long After)> counts, string? before, string? after)
    {
        if (before is not null)
        {
            (long was, long becomes) = counts.GetValueOrDefault(before);
            counts[before] = (was + 1, becomes);
        }

        if (after is not null)
        {
            (long was, long becomes) = counts.GetValueOrDefault(after);
            counts[after] = (was, becomes + 1);
        }
    }

    private static ReadOnlyMemory<byte> TextOf(BackTestLead lead, BackTestEnd after)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("leadId"u8, lead.LeadId);
            writer.WriteString("at"u8, Events.Rfc3339.Text(lead.At));
            writer.WritePropertyName("before"u8);
            lead.Before.WriteJson(writer);
            writer.WritePropertyName("after"u8);
            after.WriteJson(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(
        Utf8JsonWriter writer,
        string list,
        string name,
        SortedDictionary<string, (long Before, long After)> counts
    )
    {
        writer.WriteStartArray(list);
        foreach ((string key, (long before, long after)) in counts)
        {
            writer.WriteStartObject();
            writer.WriteString(name, key);
            writer.WriteNumber("before"u8, before);
            writer.WriteNumber("after"u8, after);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
