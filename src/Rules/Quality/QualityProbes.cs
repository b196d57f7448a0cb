using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Quality;

/// <summary>The fields that are looked for in the messages of a name. What was found is a bit of each.</summary>
public sealed class QualityProbes
{
    private readonly Probe[] _probes;

    internal QualityProbes(ImmutableArray<QualityCheck> checks)
    {
        _probes = [.. checks.Take(QualityPolicy.ProbesMax).Select(check => new Probe(check))];
        Checks = [.. _probes.Select(probe => probe.Check.Id)];
    }

    /// <summary>The ids of the checks, in the order of the bits.</summary>
    public ImmutableArray<string> Checks { get; }

    /// <summary>Which of them had something to look at, and which of those found it good.</summary>
    internal (ulong Looked, ulong Good) Look(Envelope envelope)
    {
        ReadOnlySpan<byte> message = EnvelopeText.MessageOf(envelope.Json.Span);
        ulong looked = 0;
        ulong good = 0;
        for (int index = 0; index < _probes.Length; index++)
        {
            Probe probe = _probes[index];
            if (!probe.Check.IsFor(envelope.Source))
            {
                continue;
            }

            ReadOnlySpan<byte> value = message.IsEmpty ? default : probe.Check.Field!.Find(message);
            bool isThere = !value.IsEmpty && !value.SequenceEqual("null"u8) && !value.SequenceEqual("\"\""u8);
            ulong bit = 1UL << index;
            if (probe.Values is { } values)
            {
                looked |= isThere ? bit : 0;
                good |= isThere && values.Contains(TextOf(value)) ? bit : 0;
            }
            else
            {
                looked |= bit;
                good |= isThere ? bit : 0;
            }
        }

        return (looked, good);
    }

    /// <summary>Of a text what it says, of anything else its JSON.</summary>
    private static string TextOf(ReadOnlySpan<byte> json)
    {
        if (json[0] != (byte)'"')
        {
            return Encoding.UTF8.GetString(json);
        }

        return json.Contains((byte)'\\')
            ? JsonSerializer.Deserialize<string>(json) ?? ""
            : Encoding.UTF8.GetString(json[1..^1]);
    }

    private sealed class Probe(QualityCheck check)
    {
        public QualityCheck Check { get; } = check;

        /// <summary>Null: it is asked whether the field is there.</summary>
        public HashSet<string>? Values { get; } = check.Kind == QualityKind.AcceptedValues ? [.. check.Values] : null;
    }
}
