using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary>Which events are meant, and what of each is kept: the part of a condition that does not know of time.</summary>
/// <remarks>
/// Conditions that differ in their window or in how often share one selector, so an event is looked at once for all of them, and a change
/// of a window needs nothing to be counted anew.
/// </remarks>
public sealed class EventSelector
{
    private const int IdBytes = 6;

    public EventSelector(EventKind kind, string name, Condition where, string? amountOf, string? wordOf)
    {
        (Kind, Name, Where, AmountOf, WordOf) = (kind, name, where, amountOf, wordOf);
        LooksInside = amountOf is not null || wordOf is not null || where != Condition.Always;
        Id = IdOf();
    }

    /// <summary>Track, page or screen.</summary>
    public EventKind Kind { get; }

    /// <summary>The event's, page's or screen's name.</summary>
    public string Name { get; }

    /// <summary>About its properties.</summary>
    public Condition Where { get; }

    /// <summary>The property that sums add up; null: none.</summary>
    public string? AmountOf { get; }

    /// <summary>The property whose value is kept; null: none.</summary>
    public string? WordOf { get; }

    /// <summary>Twelve hexadecimal digits: equal for equal selectors.</summary>
    public string Id { get; }

    /// <summary>The properties have to be read for it.</summary>
    public bool LooksInside { get; }

    /// <summary>How people read it: <c>Order Completed</c>, <c>page Pricing</c>.</summary>
    public string Title => Kind == EventKind.Track ? Name : $"{EventKinds.Text(Kind)} {Name}";

    /// <summary>What is kept of an event of this kind and name; null where the selector does not meet it.</summary>
    /// <param name="properties">Empty where it does not look inside.</param>
    public Moment? Meet(DateTimeOffset at, FactSet properties, LogPlace place)
    {
        if (LooksInside && Where.Evaluate(properties, at) != Truth.True)
        {
            return null;
        }

        decimal amount =
            AmountOf is not null && properties[AmountOf] is { Kind: FactKind.Number } number ? number.Number : 0;
        return Moment.Of(at, place, amount, WordOf is null ? null : WordFrom(properties[WordOf]));
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString(EventKinds.Text(Kind), Name);
        writer.WritePropertyName("where"u8);
        Where.WriteJson(writer);
        if (AmountOf is not null)
        {
            writer.WriteString("amountOf"u8, AmountOf);
        }

        if (WordOf is not null)
        {
            writer.WriteString("wordOf"u8, WordOf);
        }

        writer.WriteEndObject();
    }

    private static string? WordFrom(FactValue value) =>
        value.Kind switch
        {
            FactKind.Text => value.Text,
            FactKind.Number => value.Number.ToString(CultureInfo.InvariantCulture),
            FactKind.Flag => value.Number == 0 ? "false" : "true",
            _ => null,
        };

    private string IdOf()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        WriteJson(writer);
        writer.Flush();
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, IdBytes));
    }
}
