using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Destinations;

/// <summary>Where a field of a request comes from, and what is made of it.</summary>
/// <param name="Path">See <see cref="DeliveryPaths"/>; null: <paramref name="Literal"/> is the value.</param>
/// <param name="As">Rules of <see cref="HashRules"/>, one after the other.</param>
/// <param name="Literal">JSON.</param>
public sealed record FieldSource(string? Path, ImmutableArray<string> As, string? Literal)
{
    public bool Equals(FieldSource? other) =>
        other is not null
        && Path == other.Path
        && Literal == other.Literal
        && As.AsSpan().SequenceEqual(other.As.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Path, Literal);

    /// <summary>The value, JSON; null: there is none, and the member is left out.</summary>
    public ReadOnlyMemory<byte>? Read(DeliveryContent content)
    {
        if (Path is null)
        {
            return System.Text.Encoding.UTF8.GetBytes(Literal!);
        }

        if (DeliveryPaths.Find(content, Path) is not { } found)
        {
            return null;
        }

        if (As.IsEmpty)
        {
            return found;
        }

        string? text = DeliveryPaths.TextOf(found);
        foreach (string rule in As)
        {
            text = text is null ? null : HashRules.Apply(rule, text);
        }

        return JsonOf(text);
    }

    /// <summary>Nothing is returned by itself: in one expression with an array it would be an empty memory.</summary>
    internal static ReadOnlyMemory<byte>? JsonOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return JsonSerializer.SerializeToUtf8Bytes(text);
    }

    /// <summary>The value as a text; null: there is none.</summary>
    public string? ReadText(DeliveryContent content) => Read(content) is { } value ? DeliveryPaths.TextOf(value) : null;
}

/// <summary>
/// The paths of what is sent: <c>customerId</c>, <c>id</c>, <c>type</c>, <c>timestamp</c>, <c>name</c>, <c>identifiers.TYPE</c> (the first
/// of its type), <c>traits.NAME</c>, <c>properties.NAME</c> of a message, of a lead <c>lead.leadId</c>, <c>lead.stage</c>,
/// <c>lead.status</c>, <c>lead.ownerId</c>, <c>lead.queue</c>, <c>lead.score</c>, of a merge <c>mergedCustomerId</c>, of a split
/// <c>fromCustomerId</c>, and of an alert those of <see cref="AlertPaths"/>.
/// </summary>
public static class DeliveryPaths
{
    public const string Type = "type";

    private const string Identifiers = "identifiers.";
    private const string Traits = "traits.";
    private const string Properties = "properties.";

    private static readonly string[] s_known =
    [
        "customerId",
        "mergedCustomerId",
        "fromCustomerId",
        "id",
        Type,
        "timestamp",
        "name",
        "lead.leadId",
        "lead.stage",
        "lead.status",
        "lead.ownerId",
        "lead.queue",
        "lead.score",
        .. AlertPaths.Members.Select(member => AlertPaths.Prefix + member),
        AlertPaths.Prefix + AlertPaths.Cause,
    ];

    /// <summary>How paths are written, for who writes a wrong one.</summary>
    public static string Known => string.Join(", ", s_known) + ", identifiers.TYPE, traits.NAME, properties.NAME";

    public static bool IsPath(string path) =>
        s_known.Contains(path, StringComparer.Ordinal)
        || IsBelow(path, Identifiers)
        || IsBelow(path, Traits)
        || IsBelow(path, Properties);

    /// <summary>Of a path of identifiers their type; null of another path.</summary>
    public static string? IdentifierTypeOf(string? path) =>
        path is not null && IsBelow(path, Identifiers) ? path[Identifiers.Length..] : null;

    /// <summary>The value, JSON; null: there is none.</summary>
    public static ReadOnlyMemory<byte>? Find(DeliveryContent content, string path)
    {
        if (IsBelow(path, Traits))
        {
            if (
                !content.Traits.TryGetValue(path[Traits.Length..], out ReadOnlyMemory<byte> value)
                || value.Span.SequenceEqual("null"u8)
            )
            {
                return null;
            }

            return value;
        }

        if (IsBelow(path, Properties))
        {
            return FindProperty(content, path[Properties.Length..]);
        }

        return FieldSource.JsonOf(FindText(content, path));
    }

    /// <summary>A value as a text: of a text what it says, of anything else its JSON.</summary>
    public static string TextOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.String
            ? document.RootElement.GetString()!
            : document.RootElement.GetRawText();
    }

    private static bool IsBelow(string path, string prefix) =>
        path.Length > prefix.Length && path.StartsWith(prefix, StringComparison.Ordinal);

    private static string? FindText(DeliveryContent content, string path)
    {
        Effect effect = content.Effect;
        if (IsBelow(path, AlertPaths.Prefix))
        {
            return content.Alert is { } alert ? AlertPaths.Find(alert, path[AlertPaths.Prefix.Length..]) : null;
        }

        if (IdentifierTypeOf(path) is { } type)
        {
            foreach (Identifier identifier in content.Identifiers)
            {
                if (identifier.Type == type)
                {
                    return identifier.Value;
                }
            }

            return null;
        }

        LeadState? lead = content.Lead?.Lead;
        return path switch
        {
            "customerId" => effect.Kind == EffectKind.CustomersMerged ? effect.OtherId : content.CustomerId,
            "mergedCustomerId" => effect.Kind == EffectKind.CustomersMerged ? effect.CustomerId : null,
            "fromCustomerId" => effect.Kind == EffectKind.CustomerSplit ? effect.OtherId : null,
            "id" => effect.Id,
            Type => EffectKinds.WordOf(effect.Kind),
            "timestamp" => Rfc3339.Text(effect.At),
            "name" => effect.Name.Length == 0 ? null : effect.Name,
            "lead.leadId" => lead?.LeadId,
            "lead.stage" => content.Lead?.Stage,
            "lead.status" => lead is null ? null : LeadFileRules.WordOf(lead.Status),
            "lead.ownerId" => lead?.OwnerId,
            "lead.queue" => lead?.Queue,
            "lead.score" => content.Lead?.Score.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static ReadOnlyMemory<byte>? FindProperty(DeliveryContent content, string name)
    {
        if (content.Message is not { } message)
        {
            return null;
        }

        using JsonDocument opened = message.Open();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            message.WritePart(writer, opened, "properties"u8, FieldScope.Properties);
            writer.WriteEndObject();
        }

        using var properties = JsonDocument.Parse(buffer.WrittenMemory);
        if (
            !properties.RootElement.GetProperty("properties"u8).TryGetProperty(name, out JsonElement value)
            || value.ValueKind == JsonValueKind.Null
        )
        {
            return null;
        }

        return System.Text.Encoding.UTF8.GetBytes(value.GetRawText());
    }
}
