using System.Buffers;
using System.Text.Json;

namespace Customer360.Rules.Audiences;

/// <summary>
/// Counts what another policy would make of the members: per audience who would enter, leave and stay, and ten examples of who would be in
/// it. Examples are masked: they show that somebody is meant, and not who.
/// </summary>
public sealed class AudiencePreview(AudiencePolicy proposed)
{
    private const int ExamplesMax = 10;
    private const string Mask = "****";

    private readonly SortedDictionary<string, Counts> _audiences = Begin(proposed);
    private long _customers;

    /// <param name="before">What the customer is in now.</param>
    /// <param name="after">What it would be in.</param>
    /// <param name="types">The types of its identifiers.</param>
    public void Add(AudienceStandings before, AudienceStandings after, IReadOnlyCollection<string> types)
    {
        _customers++;
        foreach (AudienceMembership member in before.Members)
        {
            Of(member.Audience).Before++;
            Of(member.Audience).Stay += after.Find(member.Audience) is null ? 0 : 1;
        }

        foreach (AudienceMembership member in after.Members)
        {
            Counts counts = Of(member.Audience);
            counts.After++;
            foreach (string type in types)
            {
                counts.Types[type] = counts.Types.GetValueOrDefault(type) + 1;
            }

            if (counts.Examples.Count < ExamplesMax)
            {
                counts.Examples.Add(string.Join(", ", types.Select(type => $"{type}:{Mask}")));
            }
        }
    }

    /// <summary>
    /// <c>{"policyVersion","customers","audiences":[{"audience","isGone","before","after","enter","leave","stay","identifiers":{"email":n},
    /// "examples":["email:****"]}]}</c>
    /// </summary>
    public byte[] Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("policyVersion"u8, proposed.Version);
        writer.WriteNumber("customers"u8, _customers);
        writer.WriteStartArray("audiences"u8);
        foreach ((string audience, Counts counts) in _audiences)
        {
            writer.WriteStartObject();
            writer.WriteString("audience"u8, audience);
            writer.WriteBoolean("isGone"u8, proposed.Find(audience) is null);
            writer.WriteNumber("before"u8, counts.Before);
            writer.WriteNumber("after"u8, counts.After);
            writer.WriteNumber("enter"u8, counts.After - counts.Stay);
            writer.WriteNumber("leave"u8, counts.Before - counts.Stay);
            writer.WriteNumber("stay"u8, counts.Stay);
            writer.WriteStartObject("identifiers"u8);
            foreach ((string type, long count) in counts.Types)
            {
                writer.WriteNumber(type, count);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("examples"u8);
            foreach (string example in counts.Examples)
            {
                writer.WriteStringValue(example);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static SortedDictionary<string, Counts> Begin(AudiencePolicy proposed)
    {
        var counts = new SortedDictionary<string, Counts>(StringComparer.Ordinal);
        foreach (AudienceDefinition audience in proposed.Audiences)
        {
            counts[audience.Name] = new Counts();
        }

        return counts;
    }

    private Counts Of(string audience)
    {
        if (!_audiences.TryGetValue(audience, out Counts? counts))
        {
            _audiences[audience] = counts = new Counts();
        }

        return counts;
    }

    private sealed class Counts
    {
        public long Before { get; set; }

        public long After { get; set; }

        public long Stay { get; set; }

        public SortedDictionary<string, long> Types { get; } = new(StringComparer.Ordinal);

        public List<string> Examples { get; } = [];
    }
}
