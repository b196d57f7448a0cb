using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Quality;

/// <summary>Where in a message a field stands: <c>properties.total</c>, <c>traits.plan</c>, <c>context.campaign.source</c>.</summary>
public sealed class FieldPath
{
    private const int NamesMax = 5;
    private const int LengthMax = 200;
    private static readonly string[] s_parts = ["properties", "traits", "context"];

    private readonly ImmutableArray<byte[]> _names;

    private FieldPath(string text)
    {
        Text = text;
        _names = [.. text.Split('.').Select(Encoding.UTF8.GetBytes)];
    }

    public string Text { get; }

    /// <summary>Null where it is no path.</summary>
    public static FieldPath? Parse(string text)
    {
        string[] names = text.Split('.');
        return
            text.Length <= LengthMax
            && names.Length is >= 2 and <= NamesMax
            && s_parts.Contains(names[0], StringComparer.Ordinal)
            && Array.TrueForAll(names, name => name.Length > 0 && name.All(one => one is > ' ' and not ('"' or '\\')))
            ? new FieldPath(text)
            : null;
    }

    /// <summary>The value, JSON; empty where there is none.</summary>
    /// <param name="message">Canonical.</param>
    internal ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message)
    {
        var reader = new CheckedReader(message);
        for (int depth = 0; depth < _names.Length; depth++)
        {
            if (!reader.TryEnter(JsonTokenType.StartObject) || !MoveTo(ref reader, _names[depth]))
            {
                return default;
            }
        }

        return reader.Take().Of(message);
    }

    public override string ToString() => Text;

    private static bool MoveTo(ref CheckedReader reader, ReadOnlySpan<byte> wanted)
    {
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual(wanted))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
